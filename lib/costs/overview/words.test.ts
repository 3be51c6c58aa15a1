import { describe, expect, test } from "vitest";
import type { CostOverview } from "./schema";
import { dayWords, monthWords, percentOf, periodWords, roundUsd, unpricedWords } from "./words";

test.each([
  [0, "$0.00"],
  [0.000_004, "$0.000004"],
  [0.012_34, "$0.012"],
  [0.0999, "$0.1"],
  [0.1, "$0.10"],
  [1.005, "$1.01"],
  [12_345.678, "$12,345.68"],
])("%d dollars are %s", (usd, words) => expect(roundUsd(usd)).toBe(words));

test.each([
  [0, "0 %"],
  [0.004, "< 1 %"],
  [0.01, "1 %"],
  [0.756, "76 %"],
  [1, "100 %"],
])("a share of %d is %s", (share, words) => expect(percentOf(share)).toBe(words));

test("days and months are those of the calendar, wherever the browser is", () => {
  expect([dayWords("2026-11-01"), monthWords("2026-11-01")]).toEqual(["Nov 1", "November"]);
  expect([dayWords("2026-12-31"), monthWords("2026-12-31")]).toEqual(["Dec 31", "December"]);
});

describe("a period", () => {
  const words = (total: number, before: number, more: Partial<CostOverview> = {}) =>
    periodWords({
      period_days: 30,
      today_cost_usd: 0,
      week_cost_usd: 0,
      month_cost_usd: 0,
      month_forecast_usd: null,
      total_cost_usd: total,
      previous_cost_usd: before,
      instance_count: 4,
      unpriced_steps: 0,
      by: "model",
      sums_overlap: false,
      groups: [],
      days: [],
      currency: "USD",
      time_zone: "UTC",
      ...more,
    });

  test.each([
    [12, 10, "$12.00 in all, 20 % more than in the 30 days before; 4 instances began"],
    [5, 10, "$5.00 in all, 50 % less than in the 30 days before; 4 instances began"],
    [10, 10, "$10.00 in all, as much as in the 30 days before; 4 instances began"],
    [10, 0, "$10.00 in all; 4 instances began"],
    [0, 0, "$0.00 in all; 4 instances began"],
    [9.99, 1, "$9.99 in all, 899 % more than in the 30 days before; 4 instances began"],
    [10, 1, "$10.00 in all; 4 instances began"],
    [0, 10, "$0.00 in all, 100 % less than in the 30 days before; 4 instances began"],
  ])("of $%d after one of $%d", (total, before, said) => expect(words(total, before)).toBe(said));

  test("of a day, with one instance", () =>
    expect(words(2, 1, { period_days: 1, instance_count: 1 })).toBe(
      "$2.00 in all, 100 % more than in the day before; 1 instance began",
    ));
});

test("what is missing in the sums is told when something is", () => {
  expect(unpricedWords(0)).toBeNull();
  expect(unpricedWords(1)).toContain("1 step used a model whose price is not known, or named none: what it cost");
  expect(unpricedWords(1200)).toContain(
    "1,200 steps used a model whose price is not known, or named none: what they cost",
  );
});
