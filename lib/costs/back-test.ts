/** Pure: what a budget would have done to instances of the past. Money is in micro-dollars. */
import { anomalyOf, type Baseline, MEASURES } from "./anomaly";
import type { Budget } from "./budget";
import type { DayCost } from "./forecast";
import { median, percentile } from "./statistics";

/** An instance as it turned out, or as it is by now; costs and steps are without what was copied. */
export type PastInstance = {
  id: string;
  /** Epoch milliseconds. */
  startedAt: number;
  /** The day on which it began, by the calendar of its project. */
  day: string;
  costMicros: number;
  nSteps: number;
  elapsedMs: number;
  isCompleted: boolean;
  isExpected: boolean;
};

/** Instances in the order in which they began, and what their workflow cost on each day. */
export type Past = { instances: readonly PastInstance[]; days: readonly DayCost[] };

/** What would have stopped an instance, or told of it. */
export type TrippedBy = "limit" | "daily" | "anomaly";

export type BackTest = {
  nStopped: number;
  /** Instances that would have been told of without being stopped. */
  nWarned: number;
  daysOverLimit: number;
  /** What instances spent after they would have been stopped. */
  savedMicros: number;
  /** Some of those that were stopped or told of for more than a threshold, dearest first. */
  examples: { instance: PastInstance; by: TrippedBy }[];
};

const EXAMPLES = 5;
/** What is usual is worked out so often at most, however many instances there were. */
const MEASUREMENTS = 100;

const measured = (seen: readonly PastInstance[]): Baseline => {
  const newest = seen.slice(-MEASURES);
  return {
    costs: newest.map(({ costMicros }) => costMicros),
    steps: newest.map(({ nSteps }) => nSteps),
    seconds: newest.map(({ elapsedMs }) => elapsedMs / 1000),
  };
};

/** The instances that cost something unusual, by those that had begun before them. */
function unusualOf(instances: readonly PastInstance[], { anomalyDetection, anomalyMultiplier }: Budget) {
  const found = new Set<PastInstance>();
  if (!anomalyDetection) return found;
  const every = Math.ceil(instances.length / MEASUREMENTS);
  const seen: PastInstance[] = [];
  let baseline = measured(seen);
  for (const [index, instance] of instances.entries()) {
    if (index % every === 0) baseline = measured(seen);
    if (anomalyOf(instance, baseline, { anomalyMultiplier, longest: 0 }) !== null) found.add(instance);
    if (instance.isCompleted && !instance.isExpected) seen.push(instance);
  }
  return found;
}

function byDay(instances: readonly PastInstance[]): Map<string, PastInstance[]> {
  const days = new Map<string, PastInstance[]>();
  for (const instance of instances) {
    const begun = days.get(instance.day);
    if (begun === undefined) days.set(instance.day, [instance]);
    else begun.push(instance);
  }
  return days;
}

/**
 * What each instance could have spent before a daily limit stopped it; those that none stops are not in it. Instances count
 * on the day they began, one after the other, after what the workflow spent on that day for older ones.
 */
function dailyAllowance({ instances, days }: Past, limitMicros: number): Map<PastInstance, number> {
  const own = byDay(instances);
  const allowed = new Map<PastInstance, number>();
  for (const { day, costMicros } of days.filter((one) => one.costMicros > limitMicros)) {
    const begun = own.get(day) ?? [];
    let spent = Math.max(0, costMicros - begun.reduce((sum, one) => sum + one.costMicros, 0));
    for (const instance of begun) {
      if (spent + instance.costMicros > limitMicros) allowed.set(instance, Math.max(0, limitMicros - spent));
      spent += instance.costMicros;
    }
  }
  return allowed;
}

type Outcome = { instance: PastInstance; by: TrippedBy | null; isWarned: boolean; allowedMicros: number };

function outcomesOf(past: Past, budget: Budget): Outcome[] {
  const { enabled, limitMicros, dailyLimitMicros, alertThresholdMicros } = budget;
  const unusual = unusualOf(past.instances, budget);
  const limit = (enabled ? limitMicros : null) ?? Number.POSITIVE_INFINITY;
  const threshold = (enabled ? alertThresholdMicros : null) ?? Number.POSITIVE_INFINITY;
  const daily =
    enabled && dailyLimitMicros !== null ? dailyAllowance(past, dailyLimitMicros) : new Map<PastInstance, number>();
  return past.instances.map((instance): Outcome => {
    const isOver = instance.costMicros > limit;
    const today = daily.get(instance);
    const crossed = isOver ? "limit" : today === undefined ? null : "daily";
    return {
      instance,
      by: crossed ?? (unusual.has(instance) ? "anomaly" : null),
      isWarned: instance.costMicros >= threshold || unusual.has(instance),
      allowedMicros: Math.min(limit, today ?? Number.POSITIVE_INFINITY),
    };
  });
}

/**
 * What a budget would have done to these instances, measured by what they cost in the end. Rows of identical tool calls are
 * not looked at. A higher limit never stops more; without limits nothing is stopped.
 */
export function backTest(past: Past, budget: Budget): BackTest {
  const outcomes = outcomesOf(past, budget);
  const isStopping = budget.action !== "alert";
  const crossed = outcomes.filter(({ by }) => by === "limit" || by === "daily");
  const stopped = new Set(isStopping ? crossed : []);
  const warned = outcomes.filter((one) => !stopped.has(one) && (one.by !== null || one.isWarned));
  const { enabled, dailyLimitMicros: daily } = budget;
  return {
    nStopped: stopped.size,
    nWarned: warned.length,
    daysOverLimit: enabled && daily !== null ? past.days.filter(({ costMicros }) => costMicros > daily).length : 0,
    savedMicros: [...stopped].reduce(
      (sum, { instance, allowedMicros }) => sum + Math.max(0, instance.costMicros - allowedMicros),
      0,
    ),
    examples: outcomes
      .flatMap(({ instance, by }) => (by === null ? [] : [{ instance, by }]))
      .sort((a, b) => b.instance.costMicros - a.instance.costMicros)
      .slice(0, EXAMPLES),
  };
}

/** What instances cost that cost anything; all 0 when none did. */
export type Spread = { highestMicros: number; medianMicros: number; p95Micros: number };

const costsOf = (instances: readonly PastInstance[]): number[] =>
  instances.map(({ costMicros }) => costMicros).filter((cost) => cost > 0);

export function spreadOf(instances: readonly PastInstance[]): Spread {
  const costs = costsOf(instances);
  return {
    highestMicros: Math.max(0, ...costs),
    medianMicros: Math.round(median(costs)),
    p95Micros: percentile(costs, 95),
  };
}

const SUGGESTION_NEEDED = 5;
const SUGGESTION_TIMES = 2;
const LEAST_SUGGESTION = 10_000;
const MOST_SUGGESTION = 1_000_000_000_000;

/** A sum in two digits that is not below it. */
function roundUp(micros: number): number {
  const unit = 10 ** (Math.floor(Math.log10(micros)) - 1);
  return Math.ceil(micros / unit) * unit;
}

/**
 * A limit that what is usual never meets: twice what 95 of 100 completed instances cost, rounded up; at least a cent. Null
 * when fewer than 5 have completed that cost anything.
 */
export function suggestedLimit(instances: readonly PastInstance[]): number | null {
  const costs = costsOf(instances.filter(({ isCompleted }) => isCompleted));
  if (costs.length < SUGGESTION_NEEDED) return null;
  const wanted = Math.max(LEAST_SUGGESTION, SUGGESTION_TIMES * percentile(costs, 95));
  return Math.min(MOST_SUGGESTION, roundUp(wanted));
}
