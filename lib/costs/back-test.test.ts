import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BackTest, backTest, type Past, type PastInstance, spreadOf, suggestedLimit } from "./back-test";
import { type Budget, NO_BUDGET } from "./budget";
import { BUDGET_ACTIONS } from "./schema";

const USD = 1_000_000;

const one = (usd: number, more: Partial<PastInstance> = {}): PastInstance => ({
  id: `d${usd}`,
  startedAt: 0,
  day: "2026-11-01",
  costMicros: usd * USD,
  nSteps: 1,
  elapsedMs: 1000,
  isCompleted: true,
  isExpected: false,
  ...more,
});

/** Instances of one day, which cost what they cost and `others` for older ones. */
const dayOf = (instances: PastInstance[], others = 0): Past => ({
  instances,
  days: [
    { day: "2026-11-01", costMicros: others * USD + instances.reduce((sum, { costMicros }) => sum + costMicros, 0) },
  ],
});

const budget = (change: Partial<Budget>): Budget => ({ ...NO_BUDGET, enabled: true, action: "pause", ...change });
const limited = (usd: number): Budget => budget({ limitMicros: usd * USD });
const daily = (usd: number): Budget => budget({ dailyLimitMicros: usd * USD });

test("what is above the limit is stopped, what is at it is not, and what it spent beyond is saved", () => {
  const found = backTest(dayOf([one(1), one(2), one(5), one(3)]), limited(2));
  expect(found).toMatchObject({ nStopped: 2, nWarned: 0, savedMicros: 4 * USD, daysOverLimit: 0 });
  expect(found.examples.map(({ instance: { id }, by }) => [id, by])).toEqual([
    ["d5", "limit"],
    ["d3", "limit"],
  ]);
});

test("one that only tells stops nothing, and a threshold tells of what reaches it", () => {
  const past = dayOf([one(1), one(2), one(5)]);
  const telling = { ...limited(2), action: "alert" as const };
  expect(backTest(past, telling)).toMatchObject({ nStopped: 0, nWarned: 1, savedMicros: 0 });
  expect(backTest(past, { ...limited(2), alertThresholdMicros: 2 * USD })).toMatchObject({ nStopped: 1, nWarned: 1 });
  expect(backTest(past, { ...limited(2), enabled: false })).toMatchObject({ nStopped: 0, nWarned: 0 });
});

test("a daily limit stops the instance that crosses it and those that began after it", () => {
  const found = backTest(dayOf([one(1), one(3), one(2), one(0)]), daily(2));
  // A dollar of the second one, and the third one whole, would have been too much.
  expect(found).toMatchObject({ nStopped: 3, daysOverLimit: 1, savedMicros: 4 * USD });
  expect(found.examples[0]).toMatchObject({ by: "daily", instance: { id: "d3" } });
  // What was spent for instances of earlier days comes first.
  expect(backTest(dayOf([one(1), one(3)], 2), daily(2))).toMatchObject({ nStopped: 2, savedMicros: 4 * USD });
  expect(backTest(dayOf([one(1), one(1)]), daily(2))).toMatchObject({ nStopped: 0, daysOverLimit: 0 });
});

test("what both limits stop is saved once", () => {
  const both = budget({ limitMicros: 2 * USD, dailyLimitMicros: 3 * USD });
  const found = backTest(dayOf([one(5)]), both);
  expect(found).toMatchObject({ nStopped: 1, savedMicros: 3 * USD });
});

describe("what is unusual", () => {
  const watching = { ...NO_BUDGET, anomalyDetection: true };
  const usual = Array.from({ length: 5 }, () => one(1));

  test("is told of once five have completed, and an expected one is no measure", () => {
    expect(backTest(dayOf([...usual, one(4)]), watching)).toMatchObject({ nStopped: 0, nWarned: 1 });
    expect(backTest(dayOf([...usual, one(4)]), watching).examples).toMatchObject([{ by: "anomaly" }]);
    expect(backTest(dayOf([...usual.slice(1), one(4)]), watching)).toMatchObject({ nWarned: 0 });
    const expected = usual.map((instance, index) => ({ ...instance, isExpected: index === 0 }));
    expect(backTest(dayOf([...expected, one(4)]), watching)).toMatchObject({ nWarned: 0 });
    const running = usual.map((instance, index) => ({ ...instance, isCompleted: index > 0 }));
    expect(backTest(dayOf([...running, one(4)]), watching)).toMatchObject({ nWarned: 0 });
  });

  test("is found among as many as are looked at", () => {
    const many = Array.from({ length: 10_000 }, (_, index) => one(index === 9999 ? 50 : 1, { nSteps: 2 }));
    expect(backTest(dayOf(many), watching)).toMatchObject({ nWarned: 1 });
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
  fc.record({ usd: fc.nat(12), day: fc.constantFrom("2026-11-01", "2026-11-02"), isCompleted: fc.boolean() }),
  { maxLength: 30 },
);
/** Days cost what their instances cost, more for older ones, or less where some of it fell on the next day. */
const pasts: fc.Arbitrary<Past> = fc.tuple(instances, fc.integer({ min: -10, max: 10 })).map(([rows, others]) => {
  const made = rows.map(({ usd, ...more }, index) => one(usd, { id: `d${index}`, ...more }));
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
        const [strict, loose] = [backTest(past, low), backTest(past, high)];
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
        expect(backTest(past, none)).toMatchObject({ nStopped: 0, savedMicros: 0, daysOverLimit: 0 });
      }),
    );
  });

  test("nobody is counted twice, and no more is saved than was spent", () => {
    fc.assert(
      fc.property(pasts, budgets, (past, asked) => {
        const { nStopped, nWarned, savedMicros, examples }: BackTest = backTest(past, asked);
        const spent = past.instances.reduce((sum, { costMicros }) => sum + costMicros, 0);
        expect(nStopped + nWarned).toBeLessThanOrEqual(past.instances.length);
        expect(savedMicros).toBeLessThanOrEqual(spent);
        expect(savedMicros).toBeGreaterThanOrEqual(0);
        expect(examples.length).toBeLessThanOrEqual(Math.min(5, nStopped + nWarned));
      }),
    );
  });
});
