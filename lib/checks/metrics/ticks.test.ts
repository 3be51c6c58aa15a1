import fc from "fast-check";
import { expect, test } from "vitest";
import { LARGEST } from "./metric";
import { ticksFor } from "./ticks";

test.each([
  [[0], [0, 0.5]],
  [
    [1, 8],
    [0, 2, 4, 6, 8],
  ],
  [
    [-3, 120],
    [-50, 0, 50, 100, 150],
  ],
  [
    [0.001, 0.0042],
    [0.001, 0.002, 0.003, 0.004, 0.005],
  ],
  [
    [48_000, 48_211],
    [48_000, 48_100, 48_200, 48_300],
  ],
])("%j is marked at %j", (values, ticks) => {
  expect(ticksFor(values)).toEqual(ticks);
});

test("all numbers lie within, in a few steps that rise", () => {
  const value = fc.oneof(fc.integer(), fc.double({ noNaN: true, min: -LARGEST, max: LARGEST }));
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 10 }), (values) => {
      const ticks = ticksFor(values);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(7);
      const size = Math.max(...values.map(Math.abs));
      // As near as twelve digits come.
      expect((ticks[0] ?? 0) - Math.min(...values)).toBeLessThanOrEqual(size * 1e-11);
      expect(Math.max(...values) - (ticks.at(-1) ?? 0)).toBeLessThanOrEqual(size * 1e-11);
      expect(ticks.every((tick, index) => index === 0 || tick > (ticks[index - 1] ?? 0))).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
