import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MINUTE } from "@/lib/core/time";
import { type Anomaly, anomalyOf, type Baseline, LOOP, learning, repeatsAfter } from "./anomaly";

const USD = 1_000_000;
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

/** Instances that cost a dollar each, in ten steps and ten minutes. */
const USUAL: Baseline = { costs: times(10, USD), steps: times(10, 10), seconds: times(10, 600) };
/** Costs that are far apart, so that the robust spike is far off. */
const WILD: Baseline = {
  costs: [1, 2, 4, 8, 16, 1, 2, 4, 8, 16].map((usd) => usd * USD),
  steps: times(10, 10),
  seconds: times(10, 600),
};
const FREE: Baseline = { costs: times(10, 0), steps: times(10, 0), seconds: times(10, 0) };
const spent = (usd: number, more: { nSteps?: number; minutes?: number } = {}) => ({
  costMicros: Math.round(usd * USD),
  nSteps: more.nSteps ?? 1000,
  elapsedMs: (more.minutes ?? 1000) * MINUTE,
});
const find = (
  usd: number,
  more: { nSteps?: number; minutes?: number; baseline?: Baseline; multiplier?: number } = {},
) => anomalyOf(spent(usd, more), more.baseline ?? USUAL, { anomalyMultiplier: more.multiplier ?? 3, longest: 0 });
const reasonOf = (found: Anomaly | null): string | null => found?.reason ?? null;

describe("learning", () => {
  const of = (count: number) => learning({ costs: times(count, 1), steps: times(count, 1), seconds: times(count, 1) });

  test("ends with the fifth instance that completed", () => {
    expect(of(0)).toEqual({ status: "learning", completed: 0, needed: 5 });
    expect(of(4)).toEqual({ status: "learning", completed: 4, needed: 5 });
    expect(of(5)).toEqual({ status: "active", completed: 5, needed: 5 });
  });

  test("nothing but a loop is told of before", () => {
    const few: Baseline = { costs: times(4, 1), steps: times(4, 1), seconds: times(4, 1) };
    expect(find(1000, { baseline: few })).toBeNull();
    expect(anomalyOf(spent(0), few, { anomalyMultiplier: 3, longest: LOOP })).toEqual({
      reason: "repeated_calls",
      count: 5,
    });
    expect(anomalyOf(spent(0), few, { anomalyMultiplier: 3, longest: LOOP - 1 })).toBeNull();
  });
});

describe("a multiple of the average", () => {
  test("is found above it, not at it", () => {
    expect(find(18.6, { baseline: WILD })).toBeNull();
    expect(find(18.600001, { baseline: WILD })).toEqual({
      reason: "multiple",
      foundMicros: 18_600_001,
      usualMicros: 6_200_000,
      thresholdMicros: 18_600_000,
      times: 3,
    });
    expect(find(18.7, { baseline: WILD, multiplier: 4 })).toBeNull();
  });
});

describe("a robust spike", () => {
  test("is found where a flat history would call cents a multiple of nothing", () => {
    // exp(3.5 × 0.1 ÷ 0.6745) is 1.68.
    expect(find(1.68)).toBeNull();
    expect(find(1.69)).toMatchObject({ reason: "spike", foundMicros: 1_690_000, usualMicros: USD, times: null });
  });

  test("needs 25 cents above the median", () => {
    const cheap: Baseline = { ...USUAL, costs: times(10, 10_000) };
    expect(find(0.259999, { baseline: cheap, multiplier: 1000 })).toBeNull();
    expect(find(0.26, { baseline: cheap, multiplier: 1000 })).toMatchObject({
      reason: "spike",
      thresholdMicros: 260_000,
    });
  });

  test("one dear instance among the earlier ones does not hide the next, as it does from the average", () => {
    const withOutlier: Baseline = { ...USUAL, costs: [100 * USD, ...times(9, USD)] };
    expect(reasonOf(find(30, { baseline: withOutlier }))).toBe("spike");
  });

  test("is found after instances that cost nothing", () => {
    expect(reasonOf(find(0.24, { baseline: FREE }))).toBeNull();
    expect(find(0.26, { baseline: FREE })).toMatchObject({ reason: "spike", usualMicros: 0 });
  });
});

describe("a burn rate", () => {
  test("of more than three times the usual maximum a minute is found before the sum is unusual", () => {
    expect(find(0.6, { minutes: 2 })).toBeNull();
    expect(find(0.7, { minutes: 2 })).toEqual({
      reason: "minute_rate",
      foundMicros: 350_000,
      usualMicros: 100_000,
      thresholdMicros: 600_000,
      times: 3,
    });
  });

  test("counts from the first full minute on", () => {
    expect(find(0.9, { minutes: 0.99 })).toBeNull();
    expect(reasonOf(find(0.9, { minutes: 1 }))).toBe("minute_rate");
  });

  test("of more than three times the usual maximum a step is found likewise", () => {
    expect(find(0.9, { nSteps: 3 })).toBeNull();
    expect(find(0.91, { nSteps: 3 })).toMatchObject({
      reason: "step_rate",
      usualMicros: 100_000,
      thresholdMicros: 900_000,
    });
  });

  test("needs 25 cents above what the median would have cost by then", () => {
    expect(find(0.349, { minutes: 1 })).toBeNull();
    expect(reasonOf(find(0.351, { minutes: 1 }))).toBe("minute_rate");
    const cheap: Baseline = { ...USUAL, costs: times(10, 100_000) };
    expect(find(0.259, { minutes: 1, baseline: cheap, multiplier: 1000 })).toBeNull();
    expect(reasonOf(find(0.26, { minutes: 1, baseline: cheap, multiplier: 1000 }))).toBe("minute_rate");
  });
});

describe("identical calls in a row", () => {
  test.each<[string, string, number]>([
    ["", "aaaa", 4],
    ["", "aaaaa", 5],
    ["aaaa", "a", 5],
    ["aa", "baaaa", 4],
    ["", "aaaaab", 5],
    ["ababab", "ababab", 1],
    ["aaaaaa", "", 6],
    ["", "", 0],
  ])("%s, then %s: %d", (earlier, later, longest) => {
    const { last } = repeatsAfter(null, [...earlier]);
    expect(repeatsAfter(last, [...later]).longest).toBe(longest);
  });

  test("are counted alike however calls are split into steps", () => {
    const calls = fc.array(fc.constantFrom("a", "b"), { maxLength: 30 });
    fc.assert(
      fc.property(calls, fc.nat(30), (all, cut) => {
        const [first, second] = [repeatsAfter(null, all.slice(0, cut)), all.slice(cut)];
        const rest = repeatsAfter(first.last, second);
        const whole = repeatsAfter(null, all);
        expect(rest.last).toEqual(whole.last);
        expect(Math.max(first.longest, rest.longest)).toBe(whole.longest);
      }),
    );
  });
});

describe("laws", () => {
  const row = fc.tuple(fc.nat(1e9), fc.nat(1000), fc.nat(1e6));
  const rows = fc.oneof(
    fc.array(row, { maxLength: 30 }),
    fc.tuple(row, fc.nat(30)).map(([one, count]) => times(count, one)),
    fc.nat(30).map((count) => times<[number, number, number]>(count, [0, 0, 0])),
  );
  const baseline = rows.map(
    (all): Baseline => ({
      costs: all.map(([cost]) => cost),
      steps: all.map(([, steps]) => steps),
      seconds: all.map(([, , seconds]) => seconds),
    }),
  );
  const one = fc.record({ costMicros: fc.nat(2e9), nSteps: fc.nat(1000), elapsedMs: fc.nat(1e9) });
  const multiplier = fc.double({ min: 1.1, max: 1000, noNaN: true });

  test("what is found has finite numbers, and costs at least what it must", () => {
    fc.assert(
      fc.property(baseline, one, multiplier, (earlier, now, anomalyMultiplier) => {
        const found = anomalyOf(now, earlier, { anomalyMultiplier, longest: 0 });
        if (found === null || found.reason === "repeated_calls") return;
        for (const value of [found.foundMicros, found.usualMicros, found.thresholdMicros]) {
          expect(Number.isFinite(value)).toBe(true);
          expect(value).toBeGreaterThanOrEqual(0);
        }
        expect(now.costMicros).toBeGreaterThanOrEqual(found.thresholdMicros);
        expect(learning(earlier).status).toBe("active");
      }),
    );
  });

  test("what is unusual stays so when it costs more, and what is usual when it costs less", () => {
    fc.assert(
      fc.property(baseline, one, fc.nat(1e9), (earlier, now, more) => {
        const how = { anomalyMultiplier: 3, longest: 0 };
        const dearer = { ...now, costMicros: now.costMicros + more };
        if (anomalyOf(now, earlier, how) !== null) expect(anomalyOf(dearer, earlier, how)).not.toBeNull();
      }),
    );
  });

  test("costing nothing is never unusual", () => {
    fc.assert(
      fc.property(baseline, one, (earlier, now) => {
        expect(anomalyOf({ ...now, costMicros: 0 }, earlier, { anomalyMultiplier: 1.1, longest: 0 })).toBeNull();
      }),
    );
  });

  test("the order of earlier instances does not matter", () => {
    fc.assert(
      fc.property(rows, one, (all, now) => {
        const of = (list: typeof all): string | null =>
          reasonOf(
            anomalyOf(
              now,
              {
                costs: list.map(([cost]) => cost),
                steps: list.map(([, steps]) => steps),
                seconds: list.map(([, , s]) => s),
              },
              { anomalyMultiplier: 3, longest: 0 },
            ),
          );
        expect(of(all.toReversed())).toBe(of(all));
      }),
    );
  });
});
