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
  /** Steps before these, which were copied. */
  nCopied: number;
  elapsedMs: number;
  isCompleted: boolean;
  /** Epoch milliseconds; null for one that goes on, and for one that was ended by others. */
  endedItselfAt: number | null;
  isExpected: boolean;
};

/** Instances in the order in which they began, and what their workflow cost on each day. */
export type Past = { instances: readonly PastInstance[]; days: readonly DayCost[] };

/** An instance that cost more than a limit would have left to it; its steps tell when. */
export type Question = { instance: PastInstance; allowedMicros: number };

/** The step with which an instance had spent more than that. */
export type Crossing = {
  ordinal: number;
  /** Epoch milliseconds. */
  at: number;
  /** What the instance had spent by then, this step included. */
  spentMicros: number;
};

/** What would have stopped an instance, or told of it. */
export type TrippedBy = "limit" | "daily" | "anomaly";

export type BackTest = {
  nStopped: number;
  /** Instances that would have been told of without being stopped, or of which it is not known that they would be. */
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
/** About as many steps are looked at for one answer, as it is asked for while somebody types; of one instance no more. */
export const MAX_STEPS = 200_000;

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
 * What a daily limit would have left to each instance that cost more; below 0 where the limit was exceeded before. Instances
 * count on the day they began, one after the other, after what the workflow spent on that day for older ones.
 */
function dailyAllowance({ instances, days }: Past, limitMicros: number): Map<PastInstance, number> {
  const own = byDay(instances);
  const allowed = new Map<PastInstance, number>();
  for (const { day, costMicros } of days.filter((one) => one.costMicros > limitMicros)) {
    const begun = own.get(day) ?? [];
    let spent = Math.max(0, costMicros - begun.reduce((sum, one) => sum + one.costMicros, 0));
    for (const instance of begun) {
      if (spent + instance.costMicros > limitMicros) allowed.set(instance, limitMicros - spent);
      spent += instance.costMicros;
    }
  }
  return allowed;
}

type Crossed = { by: "limit" | "daily"; allowedMicros: number };

/** The instances that cost more than a limit left to them. */
function crossedBy(past: Past, { enabled, limitMicros, dailyLimitMicros }: Budget): Map<PastInstance, Crossed> {
  const crossed = new Map<PastInstance, Crossed>();
  if (!enabled) return crossed;
  const limit = limitMicros ?? Number.POSITIVE_INFINITY;
  const daily = dailyLimitMicros === null ? null : dailyAllowance(past, dailyLimitMicros);
  for (const instance of past.instances) {
    const today = daily?.get(instance);
    const isOver = instance.costMicros > limit;
    if (!isOver && today === undefined) continue;
    const allowedMicros = Math.min(limit, today ?? Number.POSITIVE_INFINITY);
    crossed.set(instance, { by: isOver ? "limit" : "daily", allowedMicros });
  }
  return crossed;
}

/**
 * The instances whose steps have to be looked at to know what a budget would have stopped: the dearest that have not more
 * than enough of them. One that completed with its only step is none of them, as there was nothing left to stop.
 */
export function questionsOf(past: Past, budget: Budget): Question[] {
  if (budget.action === "alert") return [];
  let before = 0;
  return [...crossedBy(past, budget)]
    .map(([instance, { allowedMicros }]) => ({ instance, allowedMicros }))
    .filter(({ instance: { nSteps, isCompleted } }) => nSteps > (isCompleted ? 1 : 0))
    .sort((a, b) => b.instance.costMicros - a.instance.costMicros)
    .filter(({ instance: { nSteps } }) => {
      before += nSteps;
      return before - nSteps < MAX_STEPS;
    });
}

/** Whether it was over with the step that crossed: that one is recorded, and afterwards nothing is left to stop. */
function isOverWith({ nCopied, nSteps, isCompleted, endedItselfAt }: PastInstance, { ordinal, at }: Crossing): boolean {
  if (ordinal < nCopied + nSteps - 1) return false;
  return isCompleted || (endedItselfAt !== null && endedItselfAt <= at);
}

type Outcome = {
  instance: PastInstance;
  by: TrippedBy | null;
  isWarned: boolean;
  isStopped: boolean;
  spentMicros: number;
};

function outcomesOf(past: Past, budget: Budget, crossings: ReadonlyMap<string, Crossing>): Outcome[] {
  const { enabled, alertThresholdMicros } = budget;
  const threshold = (enabled ? alertThresholdMicros : null) ?? Number.POSITIVE_INFINITY;
  const unusual = unusualOf(past.instances, budget);
  const crossed = crossedBy(past, budget);
  return past.instances.map((instance): Outcome => {
    const limit = crossed.get(instance);
    const crossing = limit === undefined || budget.action === "alert" ? undefined : crossings.get(instance.id);
    const isUnusual = unusual.has(instance);
    return {
      instance,
      by: limit?.by ?? (isUnusual ? "anomaly" : null),
      isWarned: limit !== undefined || isUnusual || instance.costMicros >= threshold,
      isStopped: crossing !== undefined && !isOverWith(instance, crossing),
      spentMicros: crossing?.spentMicros ?? instance.costMicros,
    };
  });
}

/**
 * What a budget would have done to these instances. `crossings` are the answers to `questionsOf`, by instance; one without an
 * answer is told of and not stopped. Rows of identical tool calls are not looked at. A higher limit never stops more;
 * without limits nothing is stopped.
 */
export function backTest(past: Past, budget: Budget, crossings: ReadonlyMap<string, Crossing>): BackTest {
  const outcomes = outcomesOf(past, budget, crossings);
  const stopped = outcomes.filter(({ isStopped }) => isStopped);
  const { enabled, dailyLimitMicros: daily } = budget;
  return {
    nStopped: stopped.length,
    nWarned: outcomes.filter(({ isWarned, isStopped }) => isWarned && !isStopped).length,
    daysOverLimit: enabled && daily !== null ? past.days.filter(({ costMicros }) => costMicros > daily).length : 0,
    // One that goes on may have spent more since it was read.
    savedMicros: stopped.reduce(
      (sum, { instance, spentMicros }) => sum + Math.max(0, instance.costMicros - spentMicros),
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
