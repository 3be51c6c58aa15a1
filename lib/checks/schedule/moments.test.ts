import fc from "fast-check";
import { expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "@/lib/core/time";
import { MAX_MOMENTS, momentsIn } from "./moments";
import { nextOccurrence, type Schedule } from "./schedule";

const T0 = Date.UTC(2026, 0, 5, 12);
const HOURLY: Schedule = { kind: "period", timeoutSeconds: 3600 };
const calendar = (expression: string): Schedule => ({ kind: "calendar", expression, timeZone: "Europe/Berlin" });

test("a period is counted from the last signal, both ends as they are told", () => {
  expect(momentsIn(HOURLY, { after: T0, until: T0 + HOUR - 1 })).toEqual([]);
  expect(momentsIn(HOURLY, { after: T0, until: T0 + HOUR })).toEqual([T0 + HOUR]);
  expect(momentsIn(HOURLY, { after: T0, until: T0 + 3.5 * HOUR })).toEqual([T0 + HOUR, T0 + 2 * HOUR, T0 + 3 * HOUR]);
  expect(momentsIn(HOURLY, { after: T0, until: T0 - DAY })).toEqual([]);
});

test("of a long silence the newest thousand are told", () => {
  for (const schedule of [{ kind: "period", timeoutSeconds: 60 } as const, calendar("* * * * *")]) {
    const found = momentsIn(schedule, { after: T0, until: T0 + 365 * DAY });
    expect(found).toHaveLength(MAX_MOMENTS);
    expect(found.at(-1)).toBe(T0 + 365 * DAY);
    expect(found[0]).toBe(T0 + 365 * DAY - (MAX_MOMENTS - 1) * MINUTE);
  }
});

test("a calendar gives what its occurrences are, one after the other", () => {
  const schedules = fc
    .constantFrom("0 3 * * *", "*/7 * * * *", "30 2 * * *", "0 0 29 2 *", "Mon..Fri 09:00")
    .map(calendar);
  fc.assert(
    fc.property(
      schedules,
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: -10, max: 90 * 24 }),
      (schedule, days, hours) => {
        const after = T0 + days * DAY;
        const until = after + hours * HOUR;
        const expected: number[] = [];
        for (let next = nextOccurrence(schedule, after); next !== null && next <= until; ) {
          expected.push(next);
          next = nextOccurrence(schedule, next);
        }
        expect(momentsIn(schedule, { after, until })).toEqual(expected.slice(-MAX_MOMENTS));
      },
    ),
    { numRuns: 60 },
  );
});

test("a schedule without a further occurrence has none", () => {
  expect(momentsIn(calendar("2026-01-05 12:30:00"), { after: T0, until: T0 + DAY })).toEqual([]);
});

test("without a schedule nothing was expected", () => {
  expect(momentsIn({ kind: "none" }, { after: 0, until: 365 * DAY })).toEqual([]);
});
