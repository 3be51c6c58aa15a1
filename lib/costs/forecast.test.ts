import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY } from "@/lib/core/time";
import { type DayCost, driftOf, monthEnd } from "./forecast";

const TODAY = "2026-03-21";
const dayAgo = (days: number): string => new Date(Date.parse(TODAY) - days * DAY).toISOString().slice(0, 10);
/** What was spent on each day, yesterday first. */
const lately = (...costs: number[]): DayCost[] =>
  costs.map((costMicros, index) => ({ day: dayAgo(index + 1), costMicros }));
const flat = (days: number, costMicros: number): number[] => Array.from({ length: days }, () => costMicros);

describe("slow drift", () => {
  test("a week of more than one and a half times the four weeks before", () => {
    expect(driftOf(lately(...flat(7, 151), ...flat(28, 100)), TODAY)).toEqual({
      recentMicros: 151,
      earlierMicros: 100,
    });
    expect(driftOf(lately(...flat(7, 150), ...flat(28, 100)), TODAY)).toBeNull();
  });

  test("one dear day is none, four of seven are", () => {
    expect(driftOf(lately(...flat(3, 900), ...flat(4, 100), ...flat(28, 100)), TODAY)).toBeNull();
    expect(driftOf(lately(...flat(4, 900), ...flat(3, 100), ...flat(28, 100)), TODAY)).not.toBeNull();
  });

  test("fewer than 15 days before on which anything was spent tell nothing", () => {
    const sparse = (days: number): number[] => [...flat(7, 900), ...flat(days, 100), ...flat(28 - days, 0)];
    expect(driftOf(lately(...sparse(14)), TODAY)).toBeNull();
    expect(driftOf(lately(...sparse(15)), TODAY)).toEqual({ recentMicros: 900, earlierMicros: 100 });
  });

  test("what costs the same whenever it runs does not drift, however young it is and however often it runs", () => {
    for (let age = 1; age <= 40; age += 1) {
      expect(driftOf(lately(...flat(age, 100)), TODAY)).toBeNull();
      for (const every of [2, 3, 7]) {
        const days = Array.from({ length: age }, (_, index) => (index % every === 0 ? 100 : 0));
        expect(driftOf(lately(...days), TODAY)).toBeNull();
      }
    }
  });

  test("today and what is older than five weeks does not count", () => {
    const days = lately(...flat(7, 100), ...flat(28, 100), ...flat(30, 1));
    expect(driftOf([...days, { day: TODAY, costMicros: 9e9 }], TODAY)).toBeNull();
  });

  test("rest days that nobody tells of cost nothing", () => {
    const weekdays = lately(...flat(35, 100)).filter(({ day }) => ![0, 6].includes(new Date(day).getUTCDay()));
    expect(driftOf(weekdays, TODAY)).toBeNull();
    const dearer = weekdays.map(({ day, costMicros }) => ({
      day,
      costMicros: day >= dayAgo(7) ? 2 * costMicros : costMicros,
    }));
    expect(driftOf(dearer, TODAY)).toEqual({ recentMicros: 200, earlierMicros: 100 });
  });
});

describe("the month's end", () => {
  test("what was spent this month, and the usual day for each day to come", () => {
    const days = [...lately(...flat(20, 100)), { day: TODAY, costMicros: 30 }];
    expect(monthEnd(days, TODAY)).toBe(20 * 100 + 30 + 10 * 100);
  });

  test("what is dated after today is not spent yet", () => {
    const days = [...lately(...flat(20, 100)), { day: "2026-03-22", costMicros: 5000 }];
    expect(monthEnd(days, TODAY)).toBe(20 * 100 + 10 * 100);
  });

  test("neither the dearest nor the cheapest day is taken for usual", () => {
    const days = lately(9_000_000, 0, ...flat(12, 100));
    expect(monthEnd(days, TODAY)).toBe(9_000_000 + 12 * 100 + 10 * 100);
  });

  test("days of the month before tell what is usual, and are no part of the sum", () => {
    const days: DayCost[] = ["2026-01-28", "2026-01-29", "2026-01-30", "2026-01-31"].map((day) => ({
      day,
      costMicros: 10,
    }));
    expect(monthEnd(days, "2026-02-01")).toBe(27 * 10);
    expect(monthEnd(days, "2026-01-31")).toBe(40);
  });

  test("a year that leaps has one day more", () => {
    const days = ["2028-02-01", "2028-02-02", "2028-02-03"].map((day) => ({ day, costMicros: 10 }));
    expect(monthEnd(days, "2028-02-04")).toBe(30 + 25 * 10);
  });

  test("a young history counts from its first day, rest days included", () => {
    expect(monthEnd(lately(90, 0, 90, 90), TODAY)).toBe(270 + Math.round(10 * 67.5));
  });

  test.each([[[]], [[5, 5]], [[5, 0, 0, 5]], [flat(13, 0)]])("%j is too little", (costs) => {
    expect(monthEnd([...lately(...costs), { day: TODAY, costMicros: 5 }], TODAY)).toBeNull();
  });

  test("never less than what was spent already, whole, and blind to the order of days", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e9), { maxLength: 40 }), fc.nat(1e9), (costs, today) => {
        const days = [{ day: TODAY, costMicros: today }, ...lately(...costs)];
        const forecast = monthEnd(days, TODAY);
        expect(monthEnd(days.toReversed(), TODAY)).toBe(forecast);
        expect(driftOf(days.toReversed(), TODAY)).toEqual(driftOf(days, TODAY));
        if (forecast === null) return;
        const spent = days
          .filter(({ day }) => day.startsWith("2026-03"))
          .reduce((sum, { costMicros }) => sum + costMicros, 0);
        expect(forecast).toBeGreaterThanOrEqual(spent);
        expect(Number.isSafeInteger(forecast)).toBe(true);
      }),
    );
  });
});
