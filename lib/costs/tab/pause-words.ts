import { dollars, usdWords } from "@/lib/core/money";
import type { BreakerState, LimitType } from "@/lib/costs/breaker-state";
import type { Budget } from "@/lib/costs/budget";

const sum = (micros: number): string => usdWords(dollars(micros));

/** What crossed a limit, and the limit where that is known: remembered, or still the one of the budget. */
function crossed(type: LimitType, state: BreakerState, budget: Budget): string[] {
  const tripped = state.limits[type];
  if (tripped === null) return [];
  const isDaily = type === "daily_limit_exceeded";
  const what = isDaily
    ? `cost of the workflow ${sum(tripped.micros)} on ${tripped.day}`
    : `cost ${sum(tripped.micros)}`;
  const name = isDaily ? "daily limit" : "limit";
  const limit = isDaily ? budget.dailyLimitMicros : budget.limitMicros;
  const isSame = tripped.version === budget.version;
  const met = tripped.limitMicros ?? (isSame ? limit : null);
  if (isSame && met !== null) return [`${what} exceeds the ${name} ${sum(met)}`];
  return [`${what} exceeded the ${name} of that time${met === null ? "" : `, ${sum(met)}`}`];
}

/** Why an instance is paused, in a sentence without a full stop; null when no limit keeps it so. */
export function pauseWords(state: BreakerState | null, budget: Budget): string | null {
  if (state === null || state.pausedBy.length === 0) return null;
  const reasons = state.pausedBy.flatMap((type) => crossed(type, state, budget));
  const isAsked = state.pausedBy.some((type) => state.limits[type]?.action === "ask");
  const asked = isAsked ? "; an approval asks to raise it" : "";
  return reasons.length === 0 ? "Paused by a limit of its costs" : `Paused: ${reasons.join(", and ")}${asked}`;
}
