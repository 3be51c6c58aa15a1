import { setTimeout as sleep } from "node:timers/promises";
import { type HostileJob, runHostile, runLoad } from "./children";
import { countedPings, findBroken, makeFleet } from "./fleet";
import type { LoadPlan, LoadResult, PlannedRequest } from "./load-plan";
import { median } from "./measure";
import type { Options } from "./options";
import type { Figure } from "./table";
import type { World } from "./world";

const KINDS = [
  "half-sent requests",
  "slow-loris",
  "pipelined requests",
  "headers of 100 kB",
  "false Content-Length",
  "chunked garbage",
  "1,000 idle connections",
];

/** The attackers need a moment to connect, and stay a moment longer than what is measured. */
const LEAD_MS = 700;

/** Rounds are short: what disturbs the machine for a moment spoils one of them, and the median leaves it out. */
const SECONDS = 2;

type Pair = { alone: LoadResult; beside: LoadResult; attacks: number };

/** One round of 64 connections that behave well, alone and then beside attackers. */
async function pair(job: Omit<HostileJob, "seconds">, scripts: PlannedRequest[][]): Promise<Pair> {
  const until = { seconds: SECONDS };
  const plan: LoadPlan = { port: job.port, connections: 64, scripts, until, warmUpMs: 250 };
  const alone = await runLoad(plan);
  const attackers = runHostile({ ...job, seconds: SECONDS + LEAD_MS / 500 });
  await sleep(LEAD_MS);
  const beside = await runLoad(plan);
  return { alone, beside, ...(await attackers) };
}

/** How connections that behave well fare beside attackers of each kind, against how they fare alone just before. */
export async function hostile(world: World, { rounds }: Options): Promise<Figure[]> {
  const [fleet, victims] = [await makeFleet(await world.empty()), await makeFleet(await world.empty(), { size: 1 })];
  const server = await world.door();
  const { port } = server;
  const scripts = fleet.checks.map(({ id }) => [{ target: `/ping/${id}` }]);
  const target = `/ping/${victims.checks[0]?.id}`;
  // The first round of a server that was just started is slow whoever is beside it.
  const all = [await runLoad({ port, connections: 64, scripts, until: { seconds: SECONDS }, warmUpMs: 0 })];
  const beside: { kind: string; ratio: number; attacks: number }[] = [];
  server.takePeakMb();
  for (const kind of KINDS) {
    const pairs: Pair[] = [];
    for (let round = 0; round < Math.min(5, rounds - 1); round += 1) {
      pairs.push(await pair({ port, kind, target }, scripts));
    }
    all.push(...pairs.flatMap((one) => [one.alone, one.beside]));
    const ratio = median(pairs.map((one) => one.beside.p99 / one.alone.p99));
    beside.push({ kind, ratio, attacks: pairs.reduce((sum, { attacks }) => sum + attacks, 0) });
  }
  const answered = all.reduce((sum, { ok }) => sum + ok, 0);
  const wrong = all.filter(({ others }) => Object.keys(others).length > 0).length;
  const problem = (await countedPings(fleet)) !== answered || (await findBroken(fleet)) > 0 || wrong > 0;
  const answersStill = (await fetch(`http://127.0.0.1:${port}${target}`)).ok;
  return [
    ...beside.map(
      ({ kind, ratio, attacks }): Figure => ({
        name: `p99 of 64 others beside ${kind} (${attacks}) ÷ alone`,
        value: ratio,
        unit: "×",
        target: { kind: "at most", value: 2 },
        ...(problem && { problem: "what the others were told is not what is stored" }),
      }),
    ),
    {
      name: "the door answers after all of them",
      value: answersStill ? 1 : 0,
      unit: "",
      target: { kind: "at least", value: 1 },
    },
    { name: "app resident memory beside them, at most", value: server.takePeakMb(), unit: "MB" },
  ];
}
