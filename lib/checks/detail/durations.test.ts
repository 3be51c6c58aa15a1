import fc from "fast-check";
import { expect, test } from "vitest";
import { durationTicks, durationWords, median, p95 } from "./durations";

test("the median is the middle, or the mean of the two in the middle", () => {
  expect(median([])).toBeNull();
  expect(median([7])).toBe(7);
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 10, 2])).toBe(3);
});

test("of 100 numbers 95 do not exceed p95", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(p95(hundred)).toBe(95);
  expect(p95([])).toBeNull();
  expect(p95([3, 8])).toBe(8);
});

test("at least 95 % of any numbers are at most p95, and it is one of them", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1 }), (values) => {
      const found = p95(values) ?? -1;
      expect(values).toContain(found);
      expect(values.filter((value) => value <= found).length).toBeGreaterThanOrEqual(values.length * 0.95);
    }),
  );
});

test.each([
  [0, "0 ms"],
  [999, "999 ms"],
  [1000, "1 s"],
  [1250, "1.25 s"],
  [12_500, "12.5 s"],
  [59_949, "59.9 s"],
  [59_999, "1 min"],
  [185_000, "3 min 5 s"],
  [7_800_000, "2 h 10 min"],
  [90_000_000, "1 d 1 h"],
])("%i ms read %s", (ms, words) => {
  expect(durationWords(ms)).toBe(words);
});

test.each([
  [0, ["0 ms", "1 ms"]],
  [4, ["0 ms", "1 ms", "2 ms", "3 ms", "4 ms"]],
  [2300, ["0 ms", "500 ms", "1 s", "1.5 s", "2 s", "2.5 s"]],
  [100_000, ["0 ms", "30 s", "1 min", "1 min 30 s", "2 min"]],
  [13_980_000, ["0 ms", "1 h", "2 h", "3 h", "4 h"]],
  [40 * 86_400_000, ["0 ms", "8 d", "16 d", "24 d", "32 d", "40 d"]],
])("an axis up to %i ms is marked at round durations", (max, words) => {
  expect(durationTicks(max).map(durationWords)).toEqual(words);
});

test("whatever the durations, the marks are few, even and reach the longest", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400 * 86_400_000 }), (max) => {
      const ticks = durationTicks(max);
      const [, step = 0] = ticks;
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect(ticks).toEqual(ticks.map((_, index) => index * step));
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(max);
    }),
  );
});
