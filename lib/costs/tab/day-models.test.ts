import fc from "fast-check";
import { expect, test } from "vitest";
import { toMicros } from "@/lib/core/money";
import { dayModels, daysUntil, type ModelDay } from "./day-models";

const DAYS = daysUntil("2026-03-02", 4);
const row = (day: string, model: string, usd: number): ModelDay => ({ day, model, costMicros: usd * 1_000_000 });

test("the days end today, across the end of a month", () => {
  expect(DAYS).toEqual(["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"]);
});

test("the dearest models stand by themselves, and days without a cost are there", () => {
  const found = dayModels(
    [
      row("2026-03-01", "gpt-4.1", 1),
      row("2026-03-02", "gpt-4.1", 1),
      row("2026-03-02", "", 3),
      row("2020-01-01", "old", 9),
    ],
    DAYS,
  );
  expect(found.series).toEqual([
    { key: "m0", label: "No model named" },
    { key: "m1", label: "gpt-4.1" },
  ]);
  expect(found.days.slice(1)).toEqual([
    { day: "2026-02-28", totalUsd: 0, usd: { m0: 0, m1: 0 } },
    { day: "2026-03-01", totalUsd: 1, usd: { m0: 0, m1: 1 } },
    { day: "2026-03-02", totalUsd: 4, usd: { m0: 3, m1: 1 } },
  ]);
});

test("many models: the rest is one of them, and nothing is lost", () => {
  const rows = fc.array(
    fc.record({
      day: fc.constantFrom(...DAYS),
      model: fc.constantFrom(..."abcdefghijkl"),
      costMicros: fc.nat(5_000_000),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(rows, (given) => {
      const { series, days } = dayModels(given, DAYS);
      expect(series.length).toBeLessThanOrEqual(6);
      expect(days.map(({ day }) => day)).toEqual(DAYS);
      for (const { day, totalUsd, usd } of days) {
        const sum = given.filter((one) => one.day === day).reduce((total, { costMicros }) => total + costMicros, 0);
        expect(toMicros(totalUsd)).toBe(sum);
        expect(toMicros(Object.values(usd).reduce((total, one) => total + one, 0))).toBe(sum);
      }
    }),
  );
});
