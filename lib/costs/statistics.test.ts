import fc from "fast-check";
import { expect, test } from "vitest";
import { average, median, percentile, trimmedMean } from "./statistics";

test.each<[number[], { average: number; median: number; p95: number; trimmed: number }]>([
  [[], { average: 0, median: 0, p95: 0, trimmed: 0 }],
  [[7], { average: 7, median: 7, p95: 7, trimmed: 7 }],
  [[9, 1], { average: 5, median: 5, p95: 9, trimmed: 5 }],
  [[30, 1, 2], { average: 11, median: 2, p95: 30, trimmed: 11 }],
  [[100, 10, 20, 0, 30, 40], { average: 200 / 6, median: 25, p95: 100, trimmed: 25 }],
])("%j", (values, { average: mean, median: middle, p95, trimmed }) => {
  expect(average(values)).toBe(mean);
  expect(median(values)).toBe(middle);
  expect(percentile(values, 95)).toBe(p95);
  expect(trimmedMean(values, 0.2)).toBe(trimmed);
});

test("of the numbers from 1 to 100 the 95th percentile is 95", () => {
  expect(
    percentile(
      Array.from({ length: 100 }, (_, index) => 100 - index),
      95,
    ),
  ).toBe(95);
});

test("none of them leaves the range of the values, asks for an order or changes what it is given", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1e9), { minLength: 1 }), fc.nat(100), (values, percent) => {
      const given = [...values];
      for (const of of [
        average,
        median,
        (all: number[]) => percentile(all, percent),
        (all: number[]) => trimmedMean(all, 0.1),
      ]) {
        const result = of(given);
        expect(result).toBeGreaterThanOrEqual(percent === 0 ? 0 : Math.min(...values));
        expect(result).toBeLessThanOrEqual(Math.max(...values));
        expect(of(values.toReversed())).toBeCloseTo(result, 3);
        expect(given).toEqual(values);
      }
    }),
  );
});
