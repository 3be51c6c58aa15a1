import { expect, test } from "vitest";
import { NO_BUDGET, showBudget } from "@/lib/costs/budget";
import { BUDGET_ACTIONS } from "@/lib/costs/schema";
import {
  ACTION_WORDS,
  ACTIONS,
  anomalyWords,
  changesOf,
  formErrors,
  formOf,
  reasonsInWords,
  toBudget,
} from "./budget-form";

const BUDGET = { ...showBudget(NO_BUDGET), budget_limit_usd: 2, budget_action: "pause" as const };

test("a budget and its form say the same", () => {
  expect(toBudget(formOf(BUDGET))).toEqual(BUDGET);
  expect(formOf(BUDGET)).toMatchObject({ budget_limit_usd: 2, budget_daily_limit_usd: "" });
  expect(formErrors(formOf(BUDGET))).toEqual({});
});

test("only what was changed is sent, and a limit that was taken away as none", () => {
  const initial = formOf(BUDGET);
  expect(changesOf(initial, initial)).toEqual({});
  expect(changesOf({ ...initial, budget_limit_usd: "2" }, initial)).toEqual({});
  const form = { ...initial, budget_limit_usd: "", budget_daily_limit_usd: 50, budget_enabled: true };
  expect(changesOf(form, initial)).toEqual({
    budget_enabled: true,
    budget_limit_usd: null,
    budget_daily_limit_usd: 50,
  });
});

test("what cannot be sent is said at its field", () => {
  const errors = formErrors({ ...formOf(BUDGET), budget_limit_usd: -1, cost_anomaly_multiplier: "" });
  expect(errors).toEqual({
    budget_limit_usd: expect.stringMatching(/^This must be dollars above 0, .+\.$/),
    cost_anomaly_multiplier: "This must be a number from 1.1 to 1000.",
  });
  expect(formErrors({ ...formOf(BUDGET), budget_limit_usd: "-" })).toHaveProperty("budget_limit_usd");
  expect(reasonsInWords({ budget_limit_usd: "must not be below $1.00" })).toEqual({
    budget_limit_usd: "This must not be below $1.00.",
  });
});

test("every action is explained", () => {
  expect(ACTIONS.map(({ value }) => value)).toEqual([...BUDGET_ACTIONS]);
  for (const action of BUDGET_ACTIONS) expect(ACTION_WORDS[action].text).toMatch(/\.$/);
});

test("it is told how far it is known what is usual", () => {
  const words = (status: "off" | "learning" | "active", completed: number) =>
    anomalyWords({ anomaly_status: status, completed_instances: completed });
  expect([words("off", 3), words("learning", 3), words("active", 12)]).toEqual([
    "off",
    "learning (3 of 5)",
    "measured by 12 instances",
  ]);
});
