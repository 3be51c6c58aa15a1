/** Pure: where the cost of days leads. Days are `YYYY-MM-DD` in the time zone of the project, money is micro-dollars. */
import { DAY } from "@/lib/core/time";
import { median, trimmedMean } from "./statistics";

/** What was spent on a day. Days that are not told of cost nothing; the order does not matter. */
export type DayCost = { day: string; costMicros: number };

/** The medians of the last week and of the four before, in micro-dollars a day. */
export type Drift = { recentMicros: number; earlierMicros: number };

const RECENT_DAYS = 7;
const EARLIER_DAYS = 28;
/** More than half: of fewer the median would be that of days on which nothing was spent. */
const EARLIER_NEEDED = 15;
/** A week this many times as dear as those before is dearer. */
export const DRIFT_TIMES = 1.5;
const FORECAST_DAYS = 14;
const FORECAST_NEEDED = 3;
const TRIMMED = 0.1;

/** The day so many days before another. */
export const dayBefore = (day: string, days: number): string =>
  new Date(Date.parse(day) - days * DAY).toISOString().slice(0, "YYYY-MM-DD".length);

/** What was spent on each of so many days, which end so many days before today; newest first. */
function spentOn(daily: readonly DayCost[], today: string, { skip, days }: { skip: number; days: number }): number[] {
  const costs = new Map(daily.map(({ day, costMicros }) => [day, costMicros]));
  return Array.from({ length: days }, (_, index) => costs.get(dayBefore(today, skip + index + 1)) ?? 0);
}

const spent = (costs: number[]): number => costs.filter((cost) => cost > 0).length;

/**
 * Whether a workflow has become dearer without any instance that stands out: its last 7 full days against the 28 before.
 * Null when it has not, or when too little was spent before to tell. Today is not over and does not count.
 */
export function driftOf(daily: readonly DayCost[], today: string): Drift | null {
  const earlier = spentOn(daily, today, { skip: RECENT_DAYS, days: EARLIER_DAYS });
  if (spent(earlier) < EARLIER_NEEDED) return null;
  const [recentMicros, earlierMicros] = [
    median(spentOn(daily, today, { skip: 0, days: RECENT_DAYS })),
    median(earlier),
  ];
  return recentMicros > DRIFT_TIMES * earlierMicros ? { recentMicros, earlierMicros } : null;
}

const daysLeft = (today: string): number => {
  const [year = 0, month = 0, day = 0] = today.split("-").map(Number);
  return new Date(Date.UTC(year, month, 0)).getUTCDate() - day;
};

/**
 * What the month of today will have cost at its end, in whole micro-dollars: what was spent so far, and for each day after
 * today what the last 14 full days cost on the average, without the dearest and the cheapest. A history that is shorter is
 * taken from its first day on. Null when fewer than 3 of these days cost anything.
 */
export function monthEnd(daily: readonly DayCost[], today: string): number | null {
  const full = spentOn(daily, today, { skip: 0, days: FORECAST_DAYS });
  if (spent(full) < FORECAST_NEEDED) return null;
  const [first = today] = daily.map(({ day }) => day).toSorted();
  const lived = full.filter((_, index) => dayBefore(today, index + 1) >= first);
  const month = today.slice(0, "YYYY-MM".length);
  const soFar = daily.filter(({ day }) => day.startsWith(month) && day <= today);
  const sum = soFar.reduce((total, { costMicros }) => total + costMicros, 0);
  return Math.round(sum + trimmedMean(lived, TRIMMED) * daysLeft(today));
}
