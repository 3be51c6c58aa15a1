import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type BackTest,
  backTest,
  type Crossing,
  type Past,
  type PastInstance,
  questionsOf,
  spreadOf,
  suggestedLimit,
} from "./back-test";
import { type Budget, NO_BUDGET } from "./budget";
import { BUDGET_ACTIONS } from "./schema";

const USD = 1_000_000;

/** An instance that completed with the last of its steps, of which each cost so much. */
type Walked = PastInstance & { costs: number[] };
const one = (usd: number | number[], more: Partial<PastInstance> = {}): Walked => {
  const costs = [usd].flat();
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  return {
    id: `d${total}`,
    startedAt: 0,
    day: "2026-11-01",
    costMicros: Math.round(total * USD),
    nSteps: costs.length,
    nCopied: 0,
    elapsedMs: 1000,
    isCompleted: true,
    endedItselfAt: costs.length - 1,
    isExpected: false,
    costs,
    ...more,
  };
};
const running = { isCompleted: false, endedItselfAt: null };

type WalkedPast = Pick<Past, "days"> & { instances: readonly Walked[] };

/** Instances of one day, which cost what they cost and `others` for older ones. */
const dayOf = (instances: Walked[], others = 0): WalkedPast => ({
  instances,
  days: [
    { day: "2026-11-01", costMicros: others * USD + instances.reduce((sum, { costMicros }) => sum + costMicros, 0) },
  ],
});

const budget = (change: Partial<Budget>): Budget => ({ ...NO_BUDGET, enabled: true, action: "pause", ...change });
const limited = (usd: number): Budget => budget({ limitMicros: usd * USD });
const daily = (usd: number): Budget => budget({ dailyLimitMicros: usd * USD });

/** The step that crosses; steps come a millisecond after each other. */
function crossingOf({ costs, nCopied }: Walked, allowedMicros: number): Crossing | null {
  let spentMicros = 0;
  for (const [index, cost] of costs.entries()) {
    spentMicros += cost * USD;
    if (spentMicros > allowedMicros) return { ordinal: nCopied + index, at: index, spentMicros };
  }
  return null;
}

/** What a budget would have done, with all that is asked on the way answered. */
function tried(past: WalkedPast, asked: Budget): BackTest {
  const allowed = new Map(questionsOf(past, asked).map((one) => [one.instance.id, one.allowedMicros]));
  const crossings = past.instances.flatMap((instance): [string, Crossing][] => {
    const left = allowed.get(instance.id);
    const crossing = left === undefined ? null : crossingOf(instance, left);
    return crossing === null ? [] : [[instance.id, crossing]];
  });
  return backTest(past, asked, new Map(crossings));
}

test("what is above the limit is stopped after the step that crosses it, and what it spent then is saved", () => {
  const found = tried(dayOf([one(1), one([1, 1]), one([1.5, 1, 2.5]), one([1, 1, 0.5, 0.5])]), limited(2));
  expect(found).toMatchObject({ nStopped: 2, nWarned: 0, savedMicros: 3 * USD, daysOverLimit: 0 });
  expect(found.examples.map(({ instance: { id }, by }) => [id, by])).toEqual([
    ["d5", "limit"],
    ["d3", "limit"],
  ]);
});

test("what ended with the step that crossed the limit is told of, as nothing was left to stop", () => {
  const told = { nStopped: 0, nWarned: 1, savedMicros: 0, examples: [{ by: "limit" }] };
  expect(tried(dayOf([one(3)]), limited(2))).toMatchObject(told);
  expect(tried(dayOf([one([1, 2])]), limited(2))).toMatchObject(told);
  expect(tried(dayOf([one([1, 2], { isCompleted: false })]), limited(2))).toMatchObject(told);
  expect(tried(dayOf([one([1, 2], { nCopied: 4 })]), limited(2))).toMatchObject(told);
  // One that goes on, or ended later or by others, would have been stopped there.
  const stopped = { nStopped: 1, nWarned: 0, savedMicros: 0 };
  expect(tried(dayOf([one(3, running)]), limited(2))).toMatchObject(stopped);
  expect(tried(dayOf([one([1, 2], { isCompleted: false, endedItselfAt: 9 })]), limited(2))).toMatchObject(stopped);
  expect(tried(dayOf([one([1, 2, 0], { nCopied: 4 })]), limited(2))).toMatchObject(stopped);
});

test("of what the steps are not known nothing is claimed, and not too many are asked for", () => {
  const many = [5, 4, 3].map((usd) => one([usd, 0], { nSteps: 150_000 }));
  const past = dayOf([...many, one(9)]);
  expect(questionsOf(past, limited(2)).map(({ instance: { id } }) => id)).toEqual(["d5", "d4"]);
  expect(tried(past, limited(2))).toMatchObject({ nStopped: 2, nWarned: 2 });
  expect(backTest(past, limited(2), new Map())).toMatchObject({ nStopped: 0, nWarned: 4, savedMicros: 0 });
});

test("one that only tells stops nothing, and a threshold tells of what reaches it", () => {
  const past = dayOf([one(1), one(2), one([3, 2])]);
  const telling = { ...limited(2), action: "alert" as const };
  expect(questionsOf(past, telling)).toEqual([]);
  expect(tried(past, telling)).toMatchObject({ nStopped: 0, nWarned: 1, savedMicros: 0 });
  expect(tried(past, { ...limited(2), alertThresholdMicros: 2 * USD })).toMatchObject({ nStopped: 1, nWarned: 1 });
  expect(tried(past, { ...limited(2), enabled: false })).toMatchObject({ nStopped: 0, nWarned: 0 });
});

test("a daily limit stops the instance that crosses it and those that began after it, at their first step", () => {
  const found = tried(dayOf([one(1), one([1, 0.5, 1.5]), one([0.5, 1.5]), one([0, 0])]), daily(2));
  // The last step of the second one and of the third one, and a free one, would have been too much.
  expect(found).toMatchObject({ nStopped: 3, daysOverLimit: 1, savedMicros: 3 * USD });
  expect(found.examples[0]).toMatchObject({ by: "daily", instance: { id: "d3" } });
  // What was spent for instances of earlier days comes first.
  expect(tried(dayOf([one([0.5, 0.5]), one([1, 2])], 2), daily(2))).toMatchObject({
    nStopped: 2,
    savedMicros: 2.5 * USD,
  });
  expect(tried(dayOf([one(1), one(1)]), daily(2))).toMatchObject({ nStopped: 0, daysOverLimit: 0 });
  // A limit that is reached is crossed by the first step that costs something.
  expect(tried(dayOf([one(2), one([0, 1, 1])]), daily(2))).toMatchObject({ nStopped: 1, savedMicros: USD });
});

test("what both limits stop is saved once", () => {
  const both = budget({ limitMicros: 2 * USD, dailyLimitMicros: 3 * USD });
  const found = tried(dayOf([one([1, 1.5, 2.5])]), both);
  expect(found).toMatchObject({ nStopped: 1, savedMicros: 2.5 * USD });
});

describe("what is unusual", () => {
  const watching = { ...NO_BUDGET, anomalyDetection: true };
  const usual = Array.from({ length: 5 }, () => one(1));

  test("is told of once five have completed, and an expected one is no measure", () => {
    expect(tried(dayOf([...usual, one(4)]), watching)).toMatchObject({ nStopped: 0, nWarned: 1 });
    expect(tried(dayOf([...usual, one(4)]), watching).examples).toMatchObject([{ by: "anomaly" }]);
    expect(tried(dayOf([...usual.slice(1), one(4)]), watching)).toMatchObject({ nWarned: 0 });
    const expected = usual.map((instance, index) => ({ ...instance, isExpected: index === 0 }));
    expect(tried(dayOf([...expected, one(4)]), watching)).toMatchObject({ nWarned: 0 });
    const started = usual.map((instance, index) => ({ ...instance, isCompleted: index > 0 }));
    expect(tried(dayOf([...started, one(4)]), watching)).toMatchObject({ nWarned: 0 });
  });

  test("is found among as many as are looked at", () => {
    const many = Array.from({ length: 10_000 }, (_, index) => one(index === 9999 ? 50 : 1, { nSteps: 2 }));
    expect(tried(dayOf(many), watching)).toMatchObject({ nWarned: 1 });
  });
});

test("a limit is suggested from what completed, in two digits, and never below a cent", () => {
  expect(suggestedLimit([one(1), one(1), one(1), one(1)])).toBeNull();
  expect(suggestedLimit(Array.from({ length: 20 }, () => one(1.234567)))).toBe(2_500_000);
  expect(suggestedLimit(Array.from({ length: 5 }, () => one(0.000001)))).toBe(10_000);
  expect(suggestedLimit(Array.from({ length: 5 }, () => one(1, { isCompleted: false })))).toBeNull();
  expect(suggestedLimit(Array.from({ length: 5 }, () => one(0)))).toBeNull();
});

test("the spread is that of instances that cost anything", () => {
  expect(spreadOf([])).toEqual({ highestMicros: 0, medianMicros: 0, p95Micros: 0 });
  const found = spreadOf([one(0), one(1), one(2), one(9)]);
  expect(found).toEqual({ highestMicros: 9 * USD, medianMicros: 2 * USD, p95Micros: 9 * USD });
});

const instances = fc.array(
  fc.record({
    costs: fc.array(fc.nat(6), { minLength: 1, maxLength: 5 }),
    day: fc.constantFrom("2026-11-01", "2026-11-02"),
    isCompleted: fc.boolean(),
    endedItselfAt: fc.option(fc.nat(6)),
  }),
  { maxLength: 30 },
);
/** Days cost what their instances cost, more for older ones, or less where some of it fell on the next day. */
const pasts: fc.Arbitrary<WalkedPast> = fc.tuple(instances, fc.integer({ min: -10, max: 10 })).map(([rows, others]) => {
  const made = rows.map(({ costs, ...more }, index) => one(costs, { id: `d${index}`, ...more }));
  const costOf = (wanted: string) =>
    made.filter(({ day }) => day === wanted).reduce((sum, { costMicros }) => sum + costMicros, 0);
  const days = ["2026-11-01", "2026-11-02", "2026-11-03"];
  return { instances: made, days: days.map((day) => ({ day, costMicros: Math.max(0, costOf(day) + others * USD) })) };
});
const micros = fc.integer({ min: 1, max: 40 }).map((usd) => usd * USD);
const budgets = fc.record({
  enabled: fc.boolean(),
  limitMicros: fc.option(micros),
  alertThresholdMicros: fc.option(micros),
  dailyLimitMicros: fc.option(micros),
  action: fc.constantFrom(...BUDGET_ACTIONS),
  anomalyDetection: fc.boolean(),
  anomalyMultiplier: fc.constantFrom(1.1, 3),
  version: fc.constant(1),
});

describe("laws", () => {
  const raise = (limit: number | null, by: number): number | null => (limit === null ? null : limit + by);

  test("a higher limit never stops more and never saves more", () => {
    fc.assert(
      fc.property(pasts, budgets, fc.record({ one: fc.nat(20), day: fc.nat(20) }), (past, low, by) => {
        const high = {
          ...low,
          limitMicros: raise(low.limitMicros, by.one * USD),
          dailyLimitMicros: raise(low.dailyLimitMicros, by.day * USD),
        };
        const [strict, loose] = [tried(past, low), tried(past, high)];
        expect(loose.nStopped).toBeLessThanOrEqual(strict.nStopped);
        expect(loose.savedMicros).toBeLessThanOrEqual(strict.savedMicros);
        expect(loose.daysOverLimit).toBeLessThanOrEqual(strict.daysOverLimit);
      }),
    );
  });

  test("without limits, or with a budget that is off, nothing is stopped or saved", () => {
    fc.assert(
      fc.property(pasts, budgets, fc.boolean(), (past, asked, isOff) => {
        const none = isOff ? { ...asked, enabled: false } : { ...asked, limitMicros: null, dailyLimitMicros: null };
        expect(tried(past, none)).toMatchObject({ nStopped: 0, savedMicros: 0, daysOverLimit: 0 });
      }),
    );
  });

  test("nobody is counted twice, and no more is saved than was spent", () => {
    fc.assert(
      fc.property(pasts, budgets, (past, asked) => {
        const { nStopped, nWarned, savedMicros, examples }: BackTest = tried(past, asked);
        const spent = past.instances.reduce((sum, { costMicros }) => sum + costMicros, 0);
        expect(nStopped + nWarned).toBeLessThanOrEqual(past.instances.length);
        expect(savedMicros).toBeLessThanOrEqual(spent);
        expect(savedMicros).toBeGreaterThanOrEqual(0);
        expect(examples.length).toBeLessThanOrEqual(Math.min(5, nStopped + nWarned));
      }),
    );
  });
});
