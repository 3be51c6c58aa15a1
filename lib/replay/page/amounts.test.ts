import fc from "fast-check";
import { expect, test } from "vitest";
import { type AmountColumns, withAmounts } from "./amounts";

const amount = fc.option(fc.nat(1_000_000), { nil: null });
const steps = fc.array(fc.tuple(amount, amount, amount), { minLength: 1, maxLength: 30 });
type Step = [number | null, number | null, number | null];
const columns = (all: Step[], first: number, end: number): AmountColumns => {
  const part = all.slice(first, end);
  return { first, cost: part.map(([c]) => c), input: part.map(([, i]) => i), output: part.map(([, , o]) => o) };
};

test("costs and tokens add up from step to step, and what has no price is counted", () => {
  const sums = withAmounts([], {
    first: 0,
    cost: [45_000, null, null, 5000],
    input: [1500, 10, null, null],
    output: [500, null, null, 1],
  });
  expect(sums).toEqual([
    { costMicros: 45_000, inputTokens: 1500, outputTokens: 500, priced: 1, unpriced: 0 },
    { costMicros: 45_000, inputTokens: 1510, outputTokens: 500, priced: 1, unpriced: 1 },
    { costMicros: 45_000, inputTokens: 1510, outputTokens: 500, priced: 1, unpriced: 1 },
    { costMicros: 50_000, inputTokens: 1510, outputTokens: 501, priced: 2, unpriced: 1 },
  ]);
});

test("it does not matter in which parts they come, or that some come twice", () => {
  fc.assert(
    fc.property(steps, fc.nat(30), fc.nat(30), (all, a, b) => {
      const whole = withAmounts([], columns(all, 0, all.length));
      const [cut, again] = [Math.min(a, all.length), Math.min(a, b, all.length)];
      const first = withAmounts([], columns(all, 0, cut));
      expect(withAmounts(first, columns(all, again, all.length))).toEqual(whole);
    }),
  );
});

test("what comes after a gap is not taken, and nothing new is the same list", () => {
  const known = withAmounts([], { first: 0, cost: [1], input: [null], output: [null] });
  expect(withAmounts(known, { first: 2, cost: [1], input: [1], output: [1] })).toBe(known);
  expect(withAmounts(known, { first: 0, cost: [1], input: [null], output: [null] })).toBe(known);
  expect(withAmounts(known, { first: 1, cost: [], input: [], output: [] })).toBe(known);
});
