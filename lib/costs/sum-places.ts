/** Pure: in which sums steps are counted that get a price later. Days are `YYYY-MM-DD`. */
import { DAY } from "@/lib/core/time";

/** A sum by day and agent with steps that have no price. */
export type OpenSum = { day: string; agent: string; nUnpriced: number };

/** What steps add to a sum: micro-dollars, and how many of them had been counted there as without a price. */
export type Added = { day: string; agent: string; costMicros: number; nPriced: number };

type Priced = { day: string; agent: string; costMicros: number };

/** A step of another day's sum, because the time zone was changed since, is at most so far from its own. */
const NEAR = [0, -1, 1, -2, 2];

const dayFrom = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY).toISOString().slice(0, "YYYY-MM-DD".length);

const keyOf = ({ day, agent }: { day: string; agent: string }): string => `${day} ${agent}`;

/**
 * Which day's sum each step is counted in: that of its own day, or of the nearest that still has one without a price. Of one
 * that is in none its cost is counted on its own day.
 */
export function placeSums<P extends Priced>(
  steps: readonly P[],
  open: readonly OpenSum[],
): { sums: Added[]; days: Map<P, string> } {
  const left = new Map(open.map((sum) => [keyOf(sum), sum.nUnpriced]));
  const sums = new Map<string, Added>();
  const days = new Map<P, string>();
  for (const step of steps) {
    const { agent, costMicros } = step;
    const near = NEAR.map((far) => dayFrom(step.day, far));
    const found = near.find((day) => (left.get(keyOf({ day, agent })) ?? 0) > 0);
    const place = { day: found ?? step.day, agent };
    const key = keyOf(place);
    if (found !== undefined) left.set(key, (left.get(key) ?? 0) - 1);
    const sum = sums.get(key) ?? { ...place, costMicros: 0, nPriced: 0 };
    sum.costMicros += costMicros;
    sum.nPriced += found === undefined ? 0 : 1;
    sums.set(key, sum);
    days.set(step, place.day);
  }
  return { sums: [...sums.values()], days };
}
