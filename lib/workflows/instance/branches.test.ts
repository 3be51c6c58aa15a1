import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Branches } from "./branches";

type Arrival = [path: string, at: number];

const startsOf = (arrivals: Arrival[], startedAt = 0): number[] => {
  const branches = new Branches(startedAt);
  return arrivals.map(([path, at]) => branches.take(path, at));
};

/** The rule in one sentence, without any cleverness. */
function slowly(arrivals: Arrival[], startedAt = 0): number[] {
  const isBeside = (a: string, b: string): boolean => {
    const [left, right] = [a.split("."), b.split(".")];
    const parts = left.findIndex((level, at) => right[at] !== undefined && right[at] !== level);
    return parts > 0;
  };
  return arrivals.map(([path, at], index) => {
    const before = arrivals.slice(0, index).findLast(([other]) => !isBeside(path, other));
    return Math.min(at, before?.[1] ?? startedAt);
  });
}

describe("the bar of a step begins", () => {
  test.each<[string, Arrival[], number[]]>([
    [
      "when the one before it arrived",
      [
        ["1", 10],
        ["2", 25],
        ["3", 30],
      ],
      [0, 10, 25],
    ],
    [
      "beside its siblings",
      [
        ["1", 10],
        ["2.1", 20],
        ["2.2", 30],
        ["3", 40],
      ],
      [0, 10, 10, 30],
    ],
    [
      "after its parent",
      [
        ["1", 5],
        ["1.1", 10],
        ["1.1.1", 20],
        ["1.2", 30],
      ],
      [0, 5, 10, 5],
    ],
    [
      "after what it is the parent of",
      [
        ["2.1", 10],
        ["2.2", 20],
        ["2", 30],
      ],
      [0, 0, 20],
    ],
    [
      "after itself, when it is repeated",
      [
        ["1", 10],
        ["2.1", 20],
        ["2.2", 30],
        ["2.1", 40],
      ],
      [0, 10, 10, 20],
    ],
    [
      "after the newest, when stages come in any order",
      [
        ["3", 10],
        ["1", 20],
        ["2", 30],
      ],
      [0, 10, 20],
    ],
    [
      "beside branches that lie deeper",
      [
        ["2.1.1", 10],
        ["2.1.2", 20],
        ["2.2", 30],
        ["2.1", 40],
      ],
      [0, 0, 0, 20],
    ],
    [
      "after all branches of another stage, also when it is a branch",
      [
        ["2.1", 10],
        ["2.2", 20],
        ["3.1", 30],
      ],
      [0, 0, 20],
    ],
    [
      "with numbers, not with letters",
      [
        ["1.1", 10],
        ["1.10", 20],
        ["1.1", 30],
      ],
      [0, 0, 10],
    ],
  ])("%s", (_what, arrivals, starts) => {
    expect(startsOf(arrivals)).toEqual(starts);
  });

  const path = fc
    .array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 })
    .map((levels) => levels.join("."));
  const arrivals = fc.array(fc.tuple(path, fc.nat({ max: 50 })), { maxLength: 40 }).map((steps) => {
    const waits = steps.map(([, wait]) => wait);
    return steps.map(([one], index): Arrival => [one, waits.slice(0, index + 1).reduce((sum, wait) => sum + wait, 0)]);
  });

  test("always where the rule says", () => {
    const holds = (steps: Arrival[]): void => {
      expect(startsOf(steps)).toEqual(slowly(steps));
    };
    fc.assert(fc.property(arrivals, holds), { numRuns: 500 });
  });

  test("never after the step arrived, nor before the instance began", () => {
    fc.assert(
      fc.property(arrivals, (steps) => {
        startsOf(steps, -7).forEach((start, index) => {
          expect(start).toBeLessThanOrEqual(steps[index]?.[1] ?? Number.NaN);
          expect(start).toBeGreaterThanOrEqual(-7);
        });
      }),
    );
  });
});
