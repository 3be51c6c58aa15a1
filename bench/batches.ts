import { setTimeout as sleep } from "node:timers/promises";
import { AppServer } from "./app-server";
import { runLoad } from "./children";
import { makeFleet } from "./fleet";
import type { Options } from "./options";
import type { Figure } from "./table";
import type { World } from "./world";

/** The server logs what its batches were like ten seconds after the first of them. */
const WINDOW_SECONDS = 10;
const LINE = /^\{.*"msg":"signal batches"\}$/gm;

type Seen = { size: number; waitMs: number; tookMs: number };

function figuresOf(line: string, connections: number): Figure[] {
  const { size, waitMs, tookMs } = JSON.parse(line) as Seen; // what lib/ingest/batch-stats.ts logs
  const where = `at ${connections} connections`;
  return [
    { name: `signals in a batch ${where}, mean`, value: size, unit: "" },
    { name: `wait of the oldest in a batch ${where}, mean`, value: waitMs, unit: "ms" },
    { name: `time to commit a batch ${where}, mean`, value: tookMs, unit: "ms" },
  ];
}

/** How large batches become and how long they wait, as a server of its own says; not in a quick run. */
export async function batches(world: World, { storedPings, only }: Options): Promise<Figure[]> {
  if (storedPings < 1_000_000 && only !== "batches") return [];
  const fleet = await makeFleet(await world.empty());
  const server = await AppServer.start(fleet.database.url, { LOG_LEVEL: "info" });
  const scripts = fleet.checks.map(({ id }) => [{ target: `/ping/${id}` }]);
  const figures: Figure[] = [];
  try {
    for (const connections of [64, 256]) {
      const until = { seconds: WINDOW_SECONDS + 0.2 };
      await runLoad({ port: server.port, connections, scripts, until, warmUpMs: 0 });
      await sleep(100);
      const line = server.said.match(LINE)?.at(-1);
      if (line !== undefined) figures.push(...figuresOf(line, connections));
    }
  } finally {
    await server.stop();
  }
  return figures;
}
