/** Pure: what is asked when limits of its costs pause an instance until somebody approves higher ones. */
import { dollars, usdWords } from "@/lib/core/money";
import type { Trip } from "./breaker";
import type { BreakerState, LimitType } from "./breaker-state";

/** A limit that tripped, in micro-dollars; `day` is null when it is that of the instance. */
export type AskedLimit = {
  type: LimitType;
  spentMicros: number;
  limitMicros: number;
  raiseToMicros: number;
  day: string | null;
};

/** One question for all limits that tripped together; `at` in epoch milliseconds. */
export type LimitQuestion = {
  workflow: { projectId: string; id: string; name: string; approvers: readonly { id: string; email: string }[] };
  instance: { id: string; seq: number };
  limits: AskedLimit[];
  at: number;
};

/** What is to be asked of the limits among these trips, that of the instance first. */
export function askedLimits(trips: readonly Trip[], state: BreakerState | null): AskedLimit[] {
  return trips.flatMap((trip): AskedLimit[] => {
    if (trip.type !== "budget_exceeded" && trip.type !== "daily_limit_exceeded") return [];
    const raiseToMicros = state?.limits[trip.type]?.raisedTo ?? null;
    const { type, currentMicros: spentMicros, thresholdMicros: limitMicros } = trip;
    if (raiseToMicros === null || limitMicros === null) return [];
    return [{ type, spentMicros, limitMicros, raiseToMicros, day: "day" in trip ? trip.day : null }];
  });
}

const sum = (micros: number): string => usdWords(dollars(micros));

/** What is asked, as people read it: what was spent, and on a line of its own what either answer does. */
export function questionWords({ workflow, instance, limits }: LimitQuestion): string {
  const subject = `Instance #${instance.seq} of "${workflow.name}"`;
  const facts = limits.map(({ spentMicros, limitMicros, day }) =>
    day === null
      ? `${subject} has cost ${sum(spentMicros)}; its limit is ${sum(limitMicros)}.`
      : `"${workflow.name}" has cost ${sum(spentMicros)} on ${day}; its limit for a day is ${sum(limitMicros)}.`,
  );
  const until = limits.map(({ raiseToMicros, day }) =>
    day === null ? `it has cost ${sum(raiseToMicros)}` : `"${workflow.name}" has cost ${sum(raiseToMicros)} on ${day}`,
  );
  return `${facts.join(" ")}\nApprove to let instance #${instance.seq} go on until ${until.join(" or ")}; deny to end it.`;
}

const shown = ({ type, spentMicros, limitMicros, raiseToMicros, day }: AskedLimit) => ({
  limit: type,
  ...(day !== null && { day }),
  spent_usd: dollars(spentMicros),
  limit_usd: dollars(limitMicros),
  raise_to_usd: dollars(raiseToMicros),
});

/** What is to be approved, as programs read it. Where two limits tripped at once, `also` holds the second. */
export function questionArgs({ instance, limits: [first, ...others] }: LimitQuestion) {
  return {
    instance_id: instance.id,
    ...(first !== undefined && shown(first)),
    ...(others.length > 0 && { also: others.map(shown) }),
  };
}
