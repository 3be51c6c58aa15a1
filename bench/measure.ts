import { written } from "./databases";
import type { LoadResult } from "./load-plan";
import type { Options } from "./options";
import { type Round, WORKLOADS, type Workload, type WorkloadName } from "./workloads";
import type { World } from "./world";

/** What one round showed, with what the database wrote for it. */
type Outcome = LoadResult & { walBytes: number; flushes: number; residentMb: number };

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** What all rounds showed. */
export class Measured {
  readonly #outcomes = new Map<WorkloadName, Outcome[]>();
  /** What is wrong with a workload's figures, if anything. */
  readonly problems = new Map<WorkloadName, string>();

  add(name: WorkloadName, outcome: Outcome): void {
    this.#outcomes.set(name, [...(this.#outcomes.get(name) ?? []), outcome]);
  }

  has(...names: WorkloadName[]): boolean {
    return names.every((name) => this.#outcomes.has(name));
  }

  /** The median of something over the rounds. */
  of(name: WorkloadName, pick: (outcome: Outcome) => number): number {
    return median((this.#outcomes.get(name) ?? []).map(pick));
  }

  /** Rate by rate of the same round, so that what slows the machine down for a while cancels out; the median. */
  ratio(name: WorkloadName, by: WorkloadName): number {
    const below = this.#outcomes.get(by) ?? [];
    const outcomes = this.#outcomes.get(name) ?? [];
    return median(outcomes.map((outcome, round) => outcome.perSecond / (below[round]?.perSecond ?? Number.NaN)));
  }

  /** The most of something over all rounds of all workloads. */
  most(pick: (outcome: Outcome) => number): number {
    return Math.max(...[...this.#outcomes.values()].flat().map(pick));
  }

  /** What every round showed, in order, for the record. */
  rounds(): Record<string, Outcome[]> {
    return Object.fromEntries(this.#outcomes);
  }
}

/** Runs one round and compares what the database counted with what was answered. */
async function runRound(workload: Workload, round: Round): Promise<{ outcome: Outcome; problem: string | null }> {
  const { stores, server } = workload;
  if (stores === null) {
    return { outcome: { ...(await workload.run(round)), walBytes: 0, flushes: 0, residentMb: 0 }, problem: null };
  }
  server?.takePeakMb();
  const [before, logBefore] = [await stores.counted(), await written(stores.database)];
  const result = await workload.run(round);
  const [after, logAfter] = [await stores.counted(), await written(stores.database)];
  const walBytes = logAfter.walBytes - logBefore.walBytes;
  const residentMb = server?.takePeakMb() ?? 0;
  const outcome = { ...result, walBytes, flushes: logAfter.flushes - logBefore.flushes, residentMb };
  if (Object.keys(result.others).length > 0) {
    return { outcome, problem: `answers other than 2xx: ${JSON.stringify(result.others)}` };
  }
  const problem = after - before === result.ok ? null : `${result.ok} answered 2xx, ${after - before} stored`;
  return { outcome, problem };
}

type Named = { name: WorkloadName; workload: Workload };

/** Runs one round of each; what they show goes to `measured`, unless it is for warming up. */
async function runAll(all: Named[], measured: Measured, round: Round & { counts: boolean }): Promise<void> {
  for (const { name, workload } of all) {
    const { outcome, problem } = await runRound(workload, round);
    if (round.counts) measured.add(name, outcome);
    if (problem !== null) measured.problems.set(name, problem);
  }
}

async function inspect(all: Named[], measured: Measured): Promise<void> {
  for (const { name, workload } of all) {
    const broken = (await workload.stores?.broken()) ?? 0;
    if (broken > 0) measured.problems.set(name, `${broken} subjects with lost, doubled or misnumbered signals`);
  }
}

/** Runs the workloads in turn, several rounds of all, then looks at every stored ping. */
export async function measure(world: World, names: WorkloadName[], options: Options): Promise<Measured> {
  const measured = new Measured();
  const all: Named[] = [];
  if (names.length === 0) return measured;
  for (const name of names) all.push({ name, workload: await WORKLOADS[name](world) });
  const { rounds, secondsPerRound: seconds, warmUpMs } = options;
  // Lets compilers and caches warm up; what it stores is counted, how fast it was is not.
  await runAll(all, measured, { seconds: Math.min(1.5, seconds), warmUpMs, counts: false });
  for (let round = 1; round <= rounds; round += 1) {
    process.stderr.write(`round ${round} of ${rounds}: ${names.join(", ")}\n`);
    // There and back: what runs after much writing is slower, so each must be before the other as often as after it.
    const inTurn = round % 2 === 1 ? all : all.toReversed();
    await runAll(inTurn, measured, { seconds, warmUpMs, counts: true });
  }
  await inspect(all, measured);
  return measured;
}
