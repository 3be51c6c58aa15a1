/** Pure: what is unusual about the cost of an instance. Money is in micro-dollars. */
import type { Budget } from "./budget";
import { average, median, percentile } from "./statistics";

/**
 * The completed instances that an instance is measured by: up to 200 of the last 30 days, newest first, without those that
 * somebody has called expected. The lists are of the same instances in the same order; `costs` is what was not copied.
 */
export type Baseline = { costs: number[]; steps: number[]; seconds: number[] };

/** Instances that others are measured by, at most. */
export const MEASURES = 200;

/** Where no earlier instance is known. */
export const NO_BASELINE: Baseline = { costs: [], steps: [], seconds: [] };

/** So many must have completed before it is known what is usual. */
const NEEDED = 5;

export type Learning = { status: "learning" | "active"; completed: number; needed: number };

/** Whether enough instances have completed to tell what is unusual. */
export function learning({ costs }: Baseline): Learning {
  const completed = costs.length;
  return { status: completed < NEEDED ? "learning" : "active", completed, needed: NEEDED };
}

/** A tool call that came again and again: the hash of it, and how often in a row. */
export type Repeats = { hash: string; count: number };

/** So many identical calls in a row are a loop. */
export const LOOP = 5;

/** The row of identical calls after further ones, and the longest row among them. Steps without calls break none. */
export function repeatsAfter(
  before: Repeats | null,
  calls: readonly string[],
): { last: Repeats | null; longest: number } {
  let last = before;
  let longest = before?.count ?? 0;
  for (const hash of calls) {
    last = { hash, count: last?.hash === hash ? last.count + 1 : 1 };
    longest = Math.max(longest, last.count);
  }
  return { last, longest };
}

type CostReason = "multiple" | "spike" | "minute_rate" | "step_rate";

/**
 * What is unusual. `usualMicros` is what it is measured by: the average cost, the median cost, or the cost per minute or
 * step below which 95 % of earlier instances are; `foundMicros` is that of this one. From `thresholdMicros` of cost on it
 * counts as unusual.
 */
export type Anomaly =
  | { reason: CostReason; foundMicros: number; usualMicros: number; thresholdMicros: number; times: number | null }
  | { reason: "repeated_calls"; count: number };

/** What an instance has cost of its own, in how many steps and in what time, since it began. */
export type Spent = { costMicros: number; nSteps: number; elapsedMs: number };

const FLOOR_MICROS = 250_000;
const SPIKE_SCORE = 3.5;
/** What makes a median absolute deviation comparable to a standard deviation. */
const MAD_TO_DEVIATION = 0.6745;
/** Below it a flat history would make a spike of cents. */
const LEAST_MAD = 0.1;
const RATE_TIMES = 3;
const RATE_PERCENT = 95;
const MINUTE_MS = 60_000;

type Pace = { median: number; high: number };
type Usual = { average: number; median: number; spike: number; perMinute: Pace; perStep: Pace };

/** The logarithm of a cost; one of nothing counts as a micro-dollar. */
const log = (micros: number): number => Math.log(Math.max(1, micros));

/** From where on a cost is a spike: far above the median in robust deviations of the logarithms, and by a sum that matters. */
function spikeFrom(costs: number[]): number {
  const logs = costs.map(log);
  const middle = median(logs);
  const spread = Math.max(LEAST_MAD, median(logs.map((one) => Math.abs(one - middle))));
  return Math.max(Math.exp(middle + (SPIKE_SCORE * spread) / MAD_TO_DEVIATION), median(costs) + FLOOR_MICROS);
}

const paceOf = (rates: number[]): Pace => ({ median: median(rates), high: percentile(rates, RATE_PERCENT) });

/** Minutes that count: the first is counted as a whole, so that no rate is made of a moment. */
const minutes = (ms: number): number => Math.max(1, ms / MINUTE_MS);

function measure({ costs, steps, seconds }: Baseline): Usual {
  return {
    average: average(costs),
    median: median(costs),
    spike: spikeFrom(costs),
    perMinute: paceOf(costs.map((cost, index) => cost / minutes((seconds[index] ?? 0) * 1000))),
    perStep: paceOf(costs.map((cost, index) => cost / Math.max(1, steps[index] ?? 1))),
  };
}

/** A baseline serves many steps and is never changed: what it tells is worked out once. */
const known = new WeakMap<Baseline, Usual>();

function usualOf(baseline: Baseline): Usual {
  const usual = known.get(baseline) ?? measure(baseline);
  known.set(baseline, usual);
  return usual;
}

function multiple({ costMicros }: Spent, { average: usualMicros }: Usual, times: number): Anomaly | null {
  const thresholdMicros = times * usualMicros;
  // Of nothing there is no multiple; what leaps up from nothing is a spike.
  if (usualMicros === 0 || costMicros <= thresholdMicros) return null;
  return { reason: "multiple", foundMicros: costMicros, usualMicros, thresholdMicros, times };
}

function spike({ costMicros }: Spent, usual: Usual): Anomaly | null {
  if (costMicros < usual.spike) return null;
  const { median: usualMicros, spike: thresholdMicros } = usual;
  return { reason: "spike", foundMicros: costMicros, usualMicros, thresholdMicros, times: null };
}

/** Whether an instance spends too much for so many minutes or steps. */
function rate(
  reason: "minute_rate" | "step_rate",
  costMicros: number,
  of: { units: number; pace: Pace },
): Anomaly | null {
  const { units, pace } = of;
  const steep = RATE_TIMES * pace.high * units;
  const floor = pace.median * units + FLOOR_MICROS;
  if (costMicros <= steep || costMicros < floor) return null;
  const thresholdMicros = Math.max(steep, floor);
  return { reason, foundMicros: costMicros / units, usualMicros: pace.high, thresholdMicros, times: RATE_TIMES };
}

function burn({ costMicros, nSteps, elapsedMs }: Spent, { perMinute, perStep }: Usual): Anomaly | null {
  if (elapsedMs < MINUTE_MS) return null;
  return (
    rate("minute_rate", costMicros, { units: minutes(elapsedMs), pace: perMinute }) ??
    rate("step_rate", costMicros, { units: Math.max(1, nSteps), pace: perStep })
  );
}

/**
 * The first thing that is unusual about what an instance has cost, or null. `longest` is the longest row of identical tool
 * calls; all else is measured by earlier instances, and not before enough of them have completed.
 */
export function anomalyOf(
  spent: Spent,
  baseline: Baseline,
  { anomalyMultiplier, longest }: Pick<Budget, "anomalyMultiplier"> & { longest: number },
): Anomaly | null {
  const loop: Anomaly | null = longest < LOOP ? null : { reason: "repeated_calls", count: longest };
  if (learning(baseline).status === "learning") return loop;
  const usual = usualOf(baseline);
  return multiple(spent, usual, anomalyMultiplier) ?? spike(spent, usual) ?? burn(spent, usual) ?? loop;
}
