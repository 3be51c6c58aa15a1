import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isMetricName, LARGEST, type Metric, type MetricSetting, numberOf, outOfBounds } from "./metric";

describe("a number", () => {
  test.each([
    [120, 120],
    ["120", 120],
    [" -12.5 ", -12.5],
    ["+3", 3],
    [".5", 0.5],
    ["2.", 2],
    ["1e3", 1000],
    ["1E-2", 0.01],
    [1e100, 1e100],
    ["-1e100", -1e100],
  ])("%j is %d", (value, number) => {
    expect(numberOf(value)).toBe(number);
  });

  test.each([
    ["NaN"],
    [Number.NaN],
    ["Infinity"],
    [Number.POSITIVE_INFINITY],
    ["1e400"],
    [1e101],
    ["12 rows"],
    ["0x10"],
    ["1,000"],
    [""],
    [" "],
    ["."],
    ["1e"],
    [true],
    [null],
    [undefined],
    [[1]],
    [{ value: 1 }],
  ])("%j is none", (value) => {
    expect(numberOf(value)).toBeNull();
  });

  test("is read as it was written", () => {
    const kept = fc.double({ noNaN: true, min: -LARGEST, max: LARGEST });
    fc.assert(fc.property(kept, (number) => numberOf(String(number)) === number || number === 0));
  });

  test("is finite and not too large, or none", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const number = numberOf(value);
        return number === null || Math.abs(number) <= LARGEST;
      }),
    );
  });
});

test.each([
  ["rows", true],
  ["a.b:c", true],
  ["x".repeat(100), true],
  ["x".repeat(101), false],
  ["", false],
  ["  ", false],
])("%j as a name: %j", (name, can) => {
  expect(isMetricName(name)).toBe(can);
});

describe("bounds", () => {
  const asked: MetricSetting[] = [{ name: "rows", min: 1 }, { name: "lag", max: 10 }, { name: "any" }];
  const one = (name: string, value: number) => outOfBounds([{ name, value }], asked);

  test("are within what is asked, and beyond them it is said what was asked", () => {
    expect(one("rows", 1)).toEqual([]);
    expect(one("rows", 0.5)).toEqual([{ name: "rows", min: 1, value: 0.5 }]);
    expect(one("lag", 10)).toEqual([]);
    expect(one("lag", 10.1)).toEqual([{ name: "lag", max: 10, value: 10.1 }]);
    expect(one("any", -1e99)).toEqual([]);
    expect(one("other", -1e99)).toEqual([]);
  });

  test("ask nothing of a number that did not come, nor without settings", () => {
    expect(outOfBounds([], asked)).toEqual([]);
    expect(outOfBounds([{ name: "rows", value: 0 }], null)).toEqual([]);
  });

  test("hold for each number by itself", () => {
    const value = fc.integer({ min: -5, max: 5 });
    const name = fc.constantFrom("a", "b", "c");
    const metrics = fc.uniqueArray(fc.record({ name, value }), { selector: (metric: Metric) => metric.name });
    const settings = fc.uniqueArray(fc.record({ name, min: value, max: value }), { selector: (set) => set.name });
    fc.assert(
      fc.property(metrics, settings, (sent, bounds) => {
        const outside = outOfBounds(sent, bounds).map((metric) => metric.name);
        for (const { name: sentName, value: sentValue } of sent) {
          const bound = bounds.find((candidate) => candidate.name === sentName);
          const isWithin = bound === undefined || (bound.min <= sentValue && sentValue <= bound.max);
          expect(outside.includes(sentName)).toBe(!isWithin);
        }
      }),
    );
  });
});
