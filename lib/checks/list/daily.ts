import type { Status } from "@/lib/checks/state";
import { DAY } from "@/lib/core/time";

/** How a check fared on a day: the worst of it, or `none` before it existed. */
export type DayState = Status | "none";

/** What happened to a check on one day (UTC, counted from 1970): its first and last status, and all it came to. */
export type DayOfFlips = { day: number; began: Status; ended: Status; reached: Status[] };

type Watched = { status: Status; createdAt: number };

/** Worst first. A day of which only a part was watched is told by that part. */
const BY_WEIGHT: Status[] = ["down", "up", "paused", "new"];

/** The number of the day (UTC) of a moment in epoch milliseconds. */
export const dayOf = (at: number): number => Math.floor(at / DAY);

/**
 * The worst status of each of the last `count` days up to today, oldest first. `flips` are in order and reach back at
 * least as far; without any the status has been what it is.
 */
export function dailyStates(check: Watched, flips: DayOfFlips[], { now, count }: { now: number; count: number }) {
  const byDay = new Map(flips.map((flip) => [flip.day, flip]));
  const first = dayOf(check.createdAt);
  let carried = flips[0]?.began ?? check.status;
  return Array.from({ length: count }, (_, index): DayState => {
    const day = dayOf(now) - count + 1 + index;
    const flip = byDay.get(day);
    const seen = [carried, ...(flip?.reached ?? [])];
    carried = flip?.ended ?? carried;
    return day < first ? "none" : (BY_WEIGHT.find((status) => seen.includes(status)) ?? "none");
  });
}

const WORDS: Record<Status, string> = { down: "down", up: "up", paused: "only paused", new: "without a signal" };

/** The days in words: `Last 30 days: down on 2 days, up on 28 days`. */
export function daysInWords(days: DayState[]): string {
  const counts = BY_WEIGHT.map((status) => [status, days.filter((day) => day === status).length] as const);
  const parts = counts
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${WORDS[status]} on ${count} day${count === 1 ? "" : "s"}`);
  return `Last ${days.length} days: ${parts.join(", ") || "nothing yet"}`;
}
