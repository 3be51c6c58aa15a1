import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/core/errors";
import { dollars } from "@/lib/core/money";
import { type Budget, changeBudget, NO_BUDGET, showBudget } from "./budget";
import { BUDGET_ACTIONS, BudgetView, UpdateBudget } from "./schema";

const SAMPLE = {
  budget_enabled: true,
  budget_limit_usd: 100.0,
  budget_alert_threshold_usd: 50.0,
  budget_daily_limit_usd: 500.0,
  budget_action: "terminate",
  cost_anomaly_detection: true,
  cost_anomaly_multiplier: 3.0,
} as const;

/** The fields that a change is refused for, with the reasons. */
function refusals(before: Budget, change: UpdateBudget): object[] {
  try {
    changeBudget(before, change);
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.code).toBe("invalid_input");
    return error.invalidParams;
  }
}

describe("changing a budget", () => {
  test("the sample of the reference comes back as it was sent", () => {
    const budget = changeBudget(NO_BUDGET, SAMPLE);
    expect(budget).toMatchObject({ limitMicros: 100_000_000, dailyLimitMicros: 500_000_000, version: 1 });
    expect(showBudget(budget)).toEqual(SAMPLE);
  });

  test("nobody's budget limits nothing", () => {
    expect(showBudget(NO_BUDGET)).toEqual({
      budget_enabled: false,
      budget_limit_usd: null,
      budget_alert_threshold_usd: null,
      budget_daily_limit_usd: null,
      budget_action: "alert",
      cost_anomaly_detection: false,
      cost_anomaly_multiplier: 3,
    });
  });

  test("null takes a limit away, and what is not named or undefined stays", () => {
    const before = changeBudget(NO_BUDGET, SAMPLE);
    const after = changeBudget(before, { budget_limit_usd: null, budget_action: undefined });
    expect(after).toEqual({ ...before, limitMicros: null, version: 2 });
  });

  test("saying what is so already changes nothing", () => {
    const before = changeBudget(NO_BUDGET, SAMPLE);
    for (const same of [{}, SAMPLE, { budget_limit_usd: 100 }]) expect(changeBudget(before, same)).toBe(before);
  });

  test("a threshold above the limit is refused, and the field is named that was sent", () => {
    const before = changeBudget(NO_BUDGET, SAMPLE);
    expect(refusals(before, { budget_alert_threshold_usd: 100.01 })).toEqual([
      { name: "budget_alert_threshold_usd", reason: "must not be above the limit of $100.00" },
    ]);
    expect(refusals(before, { budget_limit_usd: 49.99 })).toEqual([
      { name: "budget_limit_usd", reason: "must not be below the alert threshold of $50.00" },
    ]);
    expect(refusals(NO_BUDGET, { budget_limit_usd: 1, budget_alert_threshold_usd: 2 })).toEqual([
      { name: "budget_alert_threshold_usd", reason: "must not be above the limit of $1.00" },
    ]);
    expect(refusals(before, { budget_alert_threshold_usd: 100 })).toEqual([]);
    expect(refusals(before, { budget_limit_usd: null, budget_alert_threshold_usd: 200 })).toEqual([]);
  });

  test("a daily limit below the limit of one instance is allowed", () => {
    expect(refusals(changeBudget(NO_BUDGET, SAMPLE), { budget_daily_limit_usd: 1 })).toEqual([]);
  });
});

const usd = fc.option(fc.integer({ min: 1, max: 1e12 }).map(dollars));
const change = fc.record(
  {
    budget_enabled: fc.boolean(),
    budget_limit_usd: usd,
    budget_alert_threshold_usd: usd,
    budget_daily_limit_usd: usd,
    budget_action: fc.constantFrom(...BUDGET_ACTIONS),
    cost_anomaly_detection: fc.boolean(),
    cost_anomaly_multiplier: fc.double({ min: 1.1, max: 1000, noNaN: true }),
  },
  { requiredKeys: [] },
);

test("after any changes the whole budget is what was said last of each field, and its version never goes back", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 8 }), (changes) => {
      let budget = NO_BUDGET;
      let told: object = showBudget(NO_BUDGET);
      for (const one of changes) {
        expect(UpdateBudget.safeParse(one).success).toBe(true);
        const before = budget;
        if (refusals(before, one).length > 0) continue;
        budget = changeBudget(before, one);
        const isSame = JSON.stringify({ ...told, ...one }) === JSON.stringify(told);
        told = { ...told, ...one };
        expect(BudgetView.parse(showBudget(budget))).toEqual(told);
        expect(budget.version).toBe(before.version + (isSame ? 0 : 1));
      }
      const { alertThresholdMicros, limitMicros } = budget;
      expect((alertThresholdMicros ?? 0) <= (limitMicros ?? Infinity)).toBe(true);
    }),
  );
});
