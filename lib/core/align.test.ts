import fc from "fast-check";
import { expect, test } from "vitest";
import { align, type Pair } from "./align";

const keys = fc.array(fc.constantFrom("1", "2", "2.1", "2.2", "3"), { maxLength: 14 });

/** The length of the longest common subsequence, the slow and plain way. */
function longest(a: readonly string[], b: readonly string[]): number {
  const [x, ...as] = a;
  const [y, ...bs] = b;
  if (x === undefined || y === undefined) return 0;
  return x === y ? 1 + longest(as, bs) : Math.max(longest(as, b), longest(a, bs));
}

const places = (pairs: Pair[], side: "a" | "b"): number[] => pairs.flatMap((pair) => pair[side] ?? []);
const matches = (pairs: Pair[]): Pair[] => pairs.filter(({ a, b }) => a !== null && b !== null);

test.each<[string[], string[], string]>([
  [[], [], ""],
  [["1"], ["1"], "0-0"],
  [["1", "2"], [], "0- 1-"],
  [["1", "2", "3"], ["1", "3"], "0-0 1- 2-1"],
  [["1", "3"], ["1", "2", "3"], "0-0 -1 1-2"],
  [["1", "2", "2", "3"], ["1", "2", "3", "3"], "0-0 1-1 2- 3-2 -3"],
])("%j and %j", (a, b, expected) => {
  expect(
    align(a, b)
      .map((pair) => `${pair.a ?? ""}-${pair.b ?? ""}`)
      .join(" "),
  ).toBe(expected);
});

test("every place is told once, in order, and as many match as possible", () => {
  fc.assert(
    fc.property(keys, keys, (a, b) => {
      const pairs = align(a, b);
      expect(places(pairs, "a")).toEqual(a.map((_, at) => at));
      expect(places(pairs, "b")).toEqual(b.map((_, at) => at));
      for (const pair of matches(pairs)) expect(a[pair.a ?? -1]).toBe(b[pair.b ?? -1]);
      expect(matches(pairs).length).toBe(longest(a, b));
    }),
  );
});

test("the other way round as much matches, and they part at the same place", () => {
  const partsAt = (pairs: Pair[]): number => pairs.findIndex(({ a, b }) => a === null || b === null);
  fc.assert(
    fc.property(keys, keys, (a, b) => {
      const [there, back] = [align(a, b), align(b, a)];
      expect(matches(back).length).toBe(matches(there).length);
      expect(partsAt(back)).toBe(partsAt(there));
    }),
  );
});

test("what is too long to be aligned well is still told whole and in order", () => {
  const a = Array.from({ length: 6000 }, (_, at) => String(at % 97));
  const b = ["x", ...a.filter((_, at) => at % 1000 !== 7), "y"];
  const pairs = align(a, b);
  expect(places(pairs, "a")).toEqual(a.map((_, at) => at));
  expect(places(pairs, "b")).toEqual(b.map((_, at) => at));
  for (const pair of matches(pairs)) expect(a[pair.a ?? -1]).toBe(b[pair.b ?? -1]);
  expect(matches(pairs).length).toBeGreaterThan(5000);
});
