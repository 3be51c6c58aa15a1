import { DAY } from "@/lib/core/time";
import { nextOccurrence, type Schedule } from "./schedule";

/** As many moments of one silence are told apart. */
export const MAX_MOMENTS = 1000;

function calendarMoments(schedule: Schedule, after: number, until: number): number[] {
  const found: number[] = [];
  let next = nextOccurrence(schedule, after);
  while (next !== null && next <= until) {
    found.push(next);
    next = nextOccurrence(schedule, next);
  }
  return found;
}

/** The moments after `after`, up to and with `until`, at which a report is expected: the newest 1,000, oldest first. */
export function momentsIn(schedule: Schedule, { after, until }: { after: number; until: number }): number[] {
  if (schedule.kind === "none") return [];
  if (schedule.kind === "period") {
    const step = schedule.timeoutSeconds * 1000;
    const count = Math.max(0, Math.floor((until - after) / step));
    const length = Math.min(count, MAX_MOMENTS);
    return Array.from({ length }, (_, index) => after + (count - length + index + 1) * step);
  }
  // From the end in growing stretches, so that a year of minutes is not walked through for its last day.
  for (let stretch = DAY; ; stretch *= 2) {
    const from = Math.max(after, until - stretch);
    const found = calendarMoments(schedule, from, until);
    if (found.length >= MAX_MOMENTS || from === after) return found.slice(-MAX_MOMENTS);
  }
}

/** The first moment after `after`, of a silence that began at `since`; null when there is none. */
export function momentAfter(schedule: Schedule, { since, after }: { since: number; after: number }): number | null {
  if (schedule.kind !== "period") return nextOccurrence(schedule, after);
  const step = schedule.timeoutSeconds * 1000;
  return since + (Math.floor((after - since) / step) + 1) * step;
}
