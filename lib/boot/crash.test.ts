import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { startEmbedded } from "@/lib/db/embedded";
import { ServerProcess } from "@/lib/testing/server-process";

const START_TIMEOUT_MS = 300_000;
const PING_KEY = "ping-key-of-a-server-that-is-killed";
const WORKFLOWS = 20;
const ENOUGH = 500;
const dataDir = mkdtempSync(join(tmpdir(), "pulsetrail-crash-"));

afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** Reports stage after stage of a new instance until nobody answers; `told` hears of each that was taken. */
async function report(origin: string, workflow: string, told: (step: string) => void): Promise<void> {
  for (let path = 1; ; path += 1) {
    const query = `stagePath=${path}&key=${PING_KEY}${path === 1 ? "&start=yes" : ""}`;
    try {
      const answer = await fetch(`${origin}/dhk/${workflow}?${query}`);
      const { instance_id: id } = (await answer.json()) as { instance_id: string }; // what the reference shows
      if (answer.status === 200) told(`${id} ${path}`);
    } catch {
      return;
    }
  }
}

type Stored = { steps: string[]; broken: number };

async function stored(): Promise<Stored> {
  const database = await startEmbedded(dataDir);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<Stored>(
    `SELECT (SELECT array_agg(instance_id || ' ' || path) FROM stage_executions) AS steps,
            (SELECT count(*)::int FROM instances i
              WHERE (n_steps, n_steps - 1) IS DISTINCT FROM (SELECT (count(*)::int, max(ordinal)) FROM stage_executions e WHERE e.instance_id = i.id)) AS broken`,
  );
  await client.end();
  await database.stop();
  return rows[0] ?? { steps: [], broken: Number.NaN };
}

test(
  "after SIGKILL of the server and its database beside stages, every stage that was answered is there",
  async () => {
    const server = new ServerProcess({ DATA_DIR: dataDir, ADMIN_PING_KEY: PING_KEY, RATE_LIMITS: "off" });
    const origin = await server.ready();
    const told: string[] = [];
    let all: Promise<unknown> = Promise.resolve();
    await new Promise<void>((enough) => {
      const hear = (step: string): void => {
        if (told.push(step) === ENOUGH) enough();
      };
      all = Promise.all(Array.from({ length: WORKFLOWS }, (_, index) => report(origin, `crash-${index}`, hear)));
    });
    const [postmaster] = readFileSync(join(dataDir, "postgres/postmaster.pid"), "utf8").split("\n");
    process.kill(Number(postmaster), "SIGKILL");
    await server.end("SIGKILL");
    await all;
    const { steps, broken } = await stored();
    expect(told.filter((step) => !steps.includes(step))).toEqual([]);
    expect(new Set(steps).size).toBe(steps.length);
    expect(broken).toBe(0);
  },
  START_TIMEOUT_MS,
);
