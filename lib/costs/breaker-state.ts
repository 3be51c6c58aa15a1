import { z } from "zod";
import type { Repeats } from "./anomaly";
import { BUDGET_ACTIONS, type BudgetAction } from "./schema";

/** Limits, which can stop an instance. */
export const LIMIT_TYPES = ["budget_exceeded", "daily_limit_exceeded"] as const;
export type LimitType = (typeof LIMIT_TYPES)[number];

/** What is only told, once for an instance. */
export const NOTICE_TYPES = ["budget_threshold", "cost_anomaly"] as const;
export type NoticeType = (typeof NOTICE_TYPES)[number];

const whole = z.int().min(0);

const TrippedLimit = z.object({
  /** Of the budget whose limit it was. */
  version: whole,
  /** What had been spent, of the instance or on the day. */
  micros: whole,
  /** What was exceeded: the limit of the budget, or the higher one that was approved; null of trips that did not tell. */
  limitMicros: whole.nullable().default(null),
  /** The day whose limit it was; null when it was that of the instance. */
  day: z.string().nullable(),
  action: z.enum(BUDGET_ACTIONS),
  /** The version of the budget when somebody let the instance go on; null when nobody has. */
  liftedAt: whole.nullable(),
  /** How much, of the same, it may spend once that was approved; null when that was not asked, or bounds nothing. */
  raisedTo: whole.nullable().default(null),
});
/** A limit that tripped: the last time of each. */
export type TrippedLimit = z.infer<typeof TrippedLimit>;

/** What breakers remember of an instance; nothing at all is null. */
export type BreakerState = {
  told: NoticeType[];
  limits: Record<LimitType, TrippedLimit | null>;
  /** The limits that keep it paused; empty when none does. */
  pausedBy: LimitType[];
  /** The last tool call, as long as it matters. */
  calls: Repeats | null;
};

export const NOTHING: BreakerState = {
  told: [],
  limits: { budget_exceeded: null, daily_limit_exceeded: null },
  pausedBy: [],
  calls: null,
};

const tripped = TrippedLimit.nullable().catch(null);
const Stored = z.object({
  told: z.array(z.enum(NOTICE_TYPES)).catch([]),
  limits: z.object({ budget_exceeded: tripped, daily_limit_exceeded: tripped }).catch(NOTHING.limits),
  pausedBy: z.array(z.enum(LIMIT_TYPES)).catch([]),
  calls: z.object({ hash: z.string(), count: whole }).nullable().catch(null),
});

/** The state, or null when it says nothing. */
export function stateOrNull(state: BreakerState): BreakerState | null {
  const { told, limits, pausedBy, calls } = state;
  const isSilent = told.length === 0 && pausedBy.length === 0 && calls === null;
  return isSilent && LIMIT_TYPES.every((type) => limits[type] === null) ? null : state;
}

/** What is stored of the breakers of an instance. Of what cannot be read nothing is known, and the rest counts. */
export function readState(json: unknown): BreakerState | null {
  // Most instances have none, and an answer that it is not there takes longer than all the rest of a signal.
  if (json === null) return null;
  const { data } = Stored.safeParse(json);
  return data === undefined ? null : stateOrNull(data);
}

/** Whether an action keeps an instance until somebody lets it go on. */
export const isPause = (action: BudgetAction): boolean => action === "pause" || action === "ask";

/**
 * Lets a paused instance go on under the budget of this version: what paused it does not trip again before the budget is
 * changed. Does nothing to one that no breaker has paused.
 */
export function lift(state: BreakerState | null, budgetVersion: number): BreakerState | null {
  if (state === null || state.pausedBy.length === 0) return state;
  const limits = { ...state.limits };
  for (const type of state.pausedBy) {
    const limit = limits[type];
    if (limit !== null) limits[type] = { ...limit, liftedAt: budgetVersion, raisedTo: null };
  }
  return { ...state, limits, pausedBy: [] };
}

/**
 * Lets an instance go on whose higher limits were approved, until it has spent as much as was asked for. That is of the
 * budget whose limits tripped: one that was changed meanwhile counts from the next step on. The same as `lift` for what
 * was never asked.
 */
export function raise(state: BreakerState | null): BreakerState | null {
  if (state === null || state.pausedBy.length === 0) return state;
  const limits = { ...state.limits };
  for (const type of state.pausedBy) {
    const limit = limits[type];
    if (limit !== null) limits[type] = { ...limit, liftedAt: limit.version };
  }
  return { ...state, limits, pausedBy: [] };
}
