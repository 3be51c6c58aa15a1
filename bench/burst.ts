import { runLoad } from "./children";
import { countedPings, findBroken, makeFleet } from "./fleet";
import type { LoadResult } from "./load-plan";
import { median } from "./measure";
import type { Figure } from "./table";
import type { World } from "./world";

const REQUESTS = 20_000;
const CONNECTIONS = 1000;
const ROUNDS = 3;

/** 20,000 different jobs report within the same second, whether earlier ones have been answered or not. */
export async function burst(world: World): Promise<Figure[]> {
  const fleet = await makeFleet(await world.empty(), { size: REQUESTS });
  const server = await world.door();
  const { port } = server;
  const scripts = fleet.checks.map(({ id }) => [{ target: `/ping/${id}` }]);
  const until = { count: REQUESTS, withinSeconds: 1 };
  const results: LoadResult[] = [];
  server.takePeakMb();
  for (let round = 0; round < ROUNDS; round += 1) {
    results.push(await runLoad({ port, connections: CONNECTIONS, scripts, until, warmUpMs: 0 }));
  }
  const lost = ROUNDS * REQUESTS - (await countedPings(fleet)) + (await findBroken(fleet));
  const refused = ROUNDS * REQUESTS - results.reduce((sum, { ok }) => sum + ok, 0);
  const bad = lost + refused === 0 ? {} : { problem: `${refused} not answered 2xx, ${lost} not stored as answered` };
  return [
    {
      name: "burst of 20,000 in one second: all answered after",
      value: median(results.map(({ seconds }) => seconds)),
      unit: "s",
      ...bad,
    },
    {
      name: "burst: worst latency, from when it was due",
      value: median(results.map(({ max }) => max)),
      unit: "ms",
      ...bad,
    },
    { name: "app resident memory in the burst, at most", value: server.takePeakMb(), unit: "MB" },
  ];
}
