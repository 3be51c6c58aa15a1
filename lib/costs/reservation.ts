/** Pure: whether what an agent is about to spend may be held for it. Money is in micro-dollars. Decision 0026. */
import { raisedOf } from "./breaker";
import { type BreakerState, type LimitType, NOTHING, type TrippedLimit } from "./breaker-state";
import type { Budget } from "./budget";

/** What counts against a limit: what was spent, and what is held for calls that are under way. */
export type Held = { spentMicros: number; reservedMicros: number };

export type Question = {
  budget: Budget;
  /** What breakers remember of the instance. */
  state: BreakerState | null;
  /** Today in the time zone of the project, `YYYY-MM-DD`; only matters where a daily limit asks. */
  day: string;
  /** What is to be held. */
  micros: number;
  ofInstance: Held;
  /** Of all instances of the workflow today; null where no daily limit asks. */
  ofDay: Held | null;
};

/** The limit that refuses, and how far it had been used. */
export type Denial = Held & { limit: "instance" | "daily"; limitMicros: number };

/** `remainingMicros` is what could still be held after it; null where nothing is limited. */
export type Answer = { denial: Denial } | { denial: null; remainingMicros: number | null };

/** The limit that an instance has exceeded and that nobody has let it pass, which may be one that was raised. */
function standingOf(last: TrippedLimit | null, { budget, day }: { budget: Budget; day: string | null }): number | null {
  const isStanding = last?.liftedAt === null && last.version === budget.version && last.day === day;
  return isStanding ? last.limitMicros : null;
}

/** A limit as it holds for an instance, as breakers see it; null where there is none, or somebody has lifted it. */
export function limitFor(
  type: LimitType,
  { budget, state, day }: Pick<Question, "budget" | "state" | "day">,
): number | null {
  const [limitMicros, own] = type === "budget_exceeded" ? [budget.limitMicros, null] : [budget.dailyLimitMicros, day];
  const last = (state ?? NOTHING).limits[type];
  if (!budget.enabled || limitMicros === null) return null;
  if (last === null || last.liftedAt !== budget.version) return standingOf(last, { budget, day: own }) ?? limitMicros;
  if (last.raisedTo !== null) return raisedOf({ day: own }, last, budget) ?? limitMicros;
  // One that was raised before the instance went on is not the one that was lifted.
  return limitMicros < last.micros ? null : limitMicros;
}

function boundsOf(question: Question): Denial[] {
  const { ofInstance, ofDay } = question;
  const ofOne = limitFor("budget_exceeded", question);
  const ofAll = limitFor("daily_limit_exceeded", question);
  return [
    ...(ofOne === null ? [] : [{ limit: "instance" as const, limitMicros: ofOne, ...ofInstance }]),
    ...(ofAll === null || ofDay === null ? [] : [{ limit: "daily" as const, limitMicros: ofAll, ...ofDay }]),
  ];
}

/**
 * Whether so much may be held. What was spent and what is held together may reach a limit, as steps may. A budget that only
 * tells refuses nothing.
 */
export function decideReservation(question: Question): Answer {
  const { budget, micros } = question;
  const bounds = boundsOf(question).map((bound) => ({
    bound,
    left: bound.limitMicros - bound.spentMicros - bound.reservedMicros - micros,
  }));
  const crossed = budget.action === "alert" ? undefined : bounds.find(({ left }) => left < 0);
  if (crossed !== undefined) return { denial: crossed.bound };
  const least = Math.min(...bounds.map(({ left }) => left));
  return { denial: null, remainingMicros: bounds.length === 0 ? null : Math.max(0, least) };
}
