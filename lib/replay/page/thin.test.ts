import fc from "fast-check";
import { expect, test } from "vitest";
import { thin } from "./thin";

const values = fc.array(fc.nat(1000), { minLength: 1, maxLength: 300 });
const max = fc.integer({ min: 4, max: 60 });

test("few numbers are all drawn", () => {
  expect(thin([5, 7, 9], 4)).toEqual([0, 1, 2]);
  expect(thin([], 4)).toEqual([]);
});

test("of many both ends of a jump are kept", () => {
  const flat = Array.from({ length: 1000 }, (_, at) => (at < 617 ? 1 : 90));
  expect(thin(flat, 20)).toEqual(expect.arrayContaining([0, 616, 617, 999]));
});

test("at most so many are left, in order, with the first and the last", () => {
  fc.assert(
    fc.property(values, max, (all, most) => {
      const kept = thin(all, most);
      expect(kept.length).toBeLessThanOrEqual(Math.max(most, 1));
      expect([kept[0], kept.at(-1)]).toEqual([0, all.length - 1]);
      expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
    }),
  );
});

test("the largest step of all stays a step", () => {
  fc.assert(
    fc.property(values, max, (all, most) => {
      const rise = (at: number) => Math.abs((all[at] ?? 0) - (all[at - 1] ?? 0));
      const rises = all.map((_, at) => (at === 0 ? 0 : rise(at)));
      const kept = new Set(thin(all, most));
      const isWhole =
        all.length === 1 ||
        rises.some((size, at) => size === Math.max(...rises) && kept.has(at) && (at === 0 || kept.has(at - 1)));
      expect(isWhole).toBe(true);
    }),
  );
});
