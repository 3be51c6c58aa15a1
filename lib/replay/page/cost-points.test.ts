import { expect, test } from "vitest";
import { withAmounts } from "./amounts";
import { costPoints } from "./cost-points";
import { squeeze } from "./squeeze";

const axisOf = (count: number) =>
  squeeze(
    Array.from({ length: count }, (_, at) => at * 1000),
    { startedAt: 0, copied: 0 },
  );
const sumsOf = (cost: (number | null)[]) =>
  withAmounts([], { first: 0, cost, input: cost.map(() => null), output: cost.map(() => null) });

test("the line tells what had been spent at each step", () => {
  expect(costPoints(axisOf(3), sumsOf([null, 1_500_000, 250_000]))).toEqual([
    { step: 0, at: 0, usd: 0 },
    { step: 1, at: 1000, usd: 1.5 },
    { step: 2, at: 2000, usd: 1.75 },
  ]);
});

test("it ends where costs are still on their way, and where steps are", () => {
  expect(costPoints(axisOf(5), sumsOf([5, 6])).map(({ step }) => step)).toEqual([0, 1]);
  expect(costPoints(axisOf(1), sumsOf([5, 6])).map(({ step }) => step)).toEqual([0]);
});

test("there is none when nothing is known to have cost anything", () => {
  expect(costPoints(axisOf(2), sumsOf([null, null]))).toEqual([]);
  expect(costPoints(axisOf(0), [])).toEqual([]);
});

test("ten thousand steps are some hundred points with the dear steps among them", () => {
  const cost = Array.from({ length: 10_000 }, (_, step) => (step === 4321 ? 9_000_000 : 10));
  const points = costPoints(axisOf(10_000), sumsOf(cost));
  expect(points.length).toBeLessThanOrEqual(500);
  const at = points.findIndex(({ step }) => step === 4321);
  expect((points[at]?.usd ?? 0) - (points[at - 1]?.usd ?? 0)).toBeCloseTo(9, 3);
  expect(points.at(-1)).toEqual({ step: 9999, at: 9_999_000, usd: 9.09999 });
});
