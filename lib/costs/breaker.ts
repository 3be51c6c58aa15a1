/** Pure: what the budget of a workflow means for an instance after a step. Money is in micro-dollars. */
import { type Anomaly, anomalyOf, type Baseline, type Repeats, repeatsAfter, type Spent } from "./anomaly";
import { type BreakerState, isPause, type LimitType, NOTHING, stateOrNull, type TrippedLimit } from "./breaker-state";
import type { Budget } from "./budget";
import type { BudgetAction } from "./schema";

/** How things stand with a step; `costMicros` and `nSteps` are without what was copied. */
export type Facts = Spent & {
  /** What all instances of the workflow have cost today, this step included; null where no daily limit asks. */
  dayMicros: number | null;
  /** Today in the time zone of the project, `YYYY-MM-DD`. */
  day: string;
  /** The hashes of the tool calls of this step, in order. */
  calls: readonly string[];
};

/**
 * What somebody should know. `action` is what it does to the instance. `occasion` tells trips of one type apart that are
 * told of one by one: together with the instance, or with the workflow for a daily limit, it names one alert.
 */
type Told = { currentMicros: number; thresholdMicros: number | null; action: BudgetAction; occasion: string };
export type Trip = Told &
  (
    | { type: "budget_threshold" | "budget_exceeded" }
    | { type: "daily_limit_exceeded"; day: string }
    | { type: "cost_anomaly"; anomaly: Anomaly }
  );

export type StopAction = Exclude<BudgetAction, "alert">;

export type Decision = { state: BreakerState | null; trips: Trip[]; action: StopAction | null };

type Question = { budget: Budget; state: BreakerState; facts: Facts };

/** A limit as it stands: what counts against it, and the day it is of. */
type Limit = { type: LimitType; limitMicros: number | null; micros: number | null; day: string | null };

function limitsOf({ limitMicros, dailyLimitMicros }: Budget, { costMicros, dayMicros, day }: Facts): Limit[] {
  return [
    { type: "budget_exceeded", limitMicros, micros: costMicros, day: null },
    { type: "daily_limit_exceeded", limitMicros: dailyLimitMicros, micros: dayMicros, day },
  ];
}

/** The higher limit that was approved for this instance: until the budget is changed, that of a day for that day; or null. */
export function raisedOf({ day }: Pick<Limit, "day">, last: TrippedLimit | null, { version }: Budget): number | null {
  return last !== null && last.liftedAt === version && last.day === day ? last.raisedTo : null;
}

/** Whether a limit that is crossed may trip, after it has before. */
function mayTripAgain(last: TrippedLimit, { day, limitMicros }: Limit, { version, action }: Budget): boolean {
  // What was raised and not lifted holds again above that, and on another day.
  if (last.liftedAt !== null && last.raisedTo !== null) return true;
  // A limit that was raised before the instance went on is not the one that was lifted.
  if (last.liftedAt !== null) return version !== last.liftedAt || (limitMicros ?? 0) >= last.micros;
  // What was only told of is stopped as soon as the budget asks for it.
  return last.day !== day || (last.action === "alert" && action !== "alert");
}

function tripOf(limit: Limit, { budget, state }: Question): Trip | null {
  const { type, micros, day } = limit;
  const last = state.limits[type];
  const raised = raisedOf(limit, last, budget);
  const thresholdMicros = raised ?? limit.limitMicros;
  if (thresholdMicros === null || micros === null || micros <= thresholdMicros) return null;
  if (last !== null && !mayTripAgain(last, limit, budget)) return null;
  const told = { currentMicros: micros, thresholdMicros, action: budget.action };
  const version = raised === null ? `v${budget.version}` : `v${budget.version}:${raised}`;
  if (type === "budget_exceeded" || day === null) return { ...told, type: "budget_exceeded", occasion: version };
  return { ...told, type, day, occasion: last?.day === day ? `${day}:${version}` : day };
}

function limitTrips(question: Question): Trip[] {
  const { budget, state, facts } = question;
  // What waits for somebody is stopped already; what it owes is asked once it goes on.
  if (!budget.enabled || state.pausedBy.length > 0) return [];
  return limitsOf(budget, facts).flatMap((limit) => tripOf(limit, question) ?? []);
}

/** A notice is told of an instance once and for all. */
const ONCE = { action: "alert", occasion: "once" } as const;

function thresholdTrips({ budget, state, facts }: Question): Trip[] {
  const { enabled, alertThresholdMicros: thresholdMicros } = budget;
  const { costMicros: currentMicros } = facts;
  if (!enabled || thresholdMicros === null || currentMicros < thresholdMicros) return [];
  if (state.told.includes("budget_threshold")) return [];
  return [{ ...ONCE, type: "budget_threshold", currentMicros, thresholdMicros }];
}

function anomalyTrips(question: Question, baseline: Baseline): { trips: Trip[]; calls: Repeats | null } {
  const { budget, state, facts } = question;
  if (!budget.anomalyDetection || state.told.includes("cost_anomaly")) return { trips: [], calls: null };
  const { last: calls, longest } = repeatsAfter(state.calls, facts.calls);
  const anomaly = anomalyOf(facts, baseline, { anomalyMultiplier: budget.anomalyMultiplier, longest });
  if (anomaly === null) return { trips: [], calls };
  const thresholdMicros = anomaly.reason === "repeated_calls" ? null : Math.round(anomaly.thresholdMicros);
  const trip: Trip = { ...ONCE, type: "cost_anomaly", currentMicros: facts.costMicros, thresholdMicros, anomaly };
  return { trips: [trip], calls: null };
}

/** The state after a trip. Who is asked for a higher limit is asked for the whole of it once more. */
function remember(state: BreakerState, trip: Trip, { version, limitMicros, dailyLimitMicros }: Budget): BreakerState {
  const { type, currentMicros: micros, thresholdMicros, action } = trip;
  if (type === "budget_threshold" || type === "cost_anomaly") return { ...state, told: [...state.told, type] };
  const day = type === "daily_limit_exceeded" ? trip.day : null;
  const more = (type === "budget_exceeded" ? limitMicros : dailyLimitMicros) ?? 0;
  const raisedTo = action === "ask" ? micros + more : null;
  const limits = {
    ...state.limits,
    [type]: { version, micros, limitMicros: thresholdMicros, day, action, liftedAt: null, raisedTo },
  };
  return { ...state, limits, pausedBy: isPause(action) ? [...state.pausedBy, type] : state.pausedBy };
}

/**
 * What a step that was recorded means: what is told of it, what is done to its instance, null for nothing, and what is to
 * be remembered: the very state that was given when nothing new is. Money is in micro-dollars.
 */
export function decide(asked: {
  budget: Budget;
  state: BreakerState | null;
  facts: Facts;
  baseline: Baseline;
}): Decision {
  const { budget, facts, baseline } = asked;
  const before = asked.state ?? NOTHING;
  const question: Question = { budget, state: before, facts };
  const stops = limitTrips(question);
  const unusual = anomalyTrips(question, baseline);
  const trips = [...thresholdTrips(question), ...stops, ...unusual.trips];
  const action = stops.length === 0 || budget.action === "alert" ? null : budget.action;
  if (trips.length === 0 && unusual.calls === before.calls) return { state: asked.state, trips, action };
  const calls: BreakerState = { ...before, calls: unusual.calls };
  const state = trips.reduce((after, trip) => remember(after, trip, budget), calls);
  return { state: stateOrNull(state), trips, action };
}
