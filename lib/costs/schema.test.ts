import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dollars } from "@/lib/core/money";
import { UpdateBudget } from "./schema";

/** What is wrong with a body, as field and reason. */
const complaints = (body: unknown): string[] =>
  (UpdateBudget.safeParse(body).error?.issues ?? []).map(({ path, message }) => `${path.join(".")} ${message}`);

const AMOUNTS = ["budget_limit_usd", "budget_alert_threshold_usd", "budget_daily_limit_usd"];
const FLAGS = ["budget_enabled", "cost_anomaly_detection"];

describe("the body of a budget", () => {
  test("takes the sample of the reference, and any part of it", () => {
    const sample = {
      budget_enabled: true,
      budget_limit_usd: 100.0,
      budget_alert_threshold_usd: 50.0,
      budget_daily_limit_usd: 500.0,
      budget_action: "terminate",
      cost_anomaly_detection: true,
      cost_anomaly_multiplier: 3.0,
    };
    expect(UpdateBudget.parse(sample)).toEqual(sample);
    for (const [name, value] of Object.entries(sample))
      expect(UpdateBudget.parse({ [name]: value })).toEqual({ [name]: value });
    expect(UpdateBudget.parse({})).toEqual({});
  });

  test.each(AMOUNTS)("%s is dollars above 0 that micro-dollars can hold, or null", (field) => {
    for (const usd of [0.000001, 0.1, 19.99, 999_999.999999, 1_000_000, null])
      expect(complaints({ [field]: usd })).toEqual([]);
    for (const wrong of [-1, 0, -0, 1e-7, 0.0000015, 1_000_000.01, 1e300, NaN, Infinity, "5", true, {}, [1]])
      expect(complaints({ [field]: wrong })).toContain(
        `${field} must be dollars above 0, at most 1000000 and with at most 6 decimals, or null`,
      );
  });

  test("every whole number of micro-dollars is taken", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), (micros) => {
        expect(complaints({ budget_limit_usd: dollars(micros) })).toEqual([]);
      }),
    );
  });

  test.each(FLAGS)("%s is true or false", (field) => {
    expect(complaints({ [field]: false })).toEqual([]);
    for (const wrong of [null, 0, "true"])
      expect(complaints({ [field]: wrong })).toEqual([`${field} must be true or false`]);
  });

  test("budget_action is one of those there are", () => {
    for (const action of ["alert", "pause", "ask", "terminate"])
      expect(complaints({ budget_action: action })).toEqual([]);
    for (const wrong of ["explode", "Pause", "", null, 1])
      expect(complaints({ budget_action: wrong })).toEqual([
        "budget_action must be one of alert, pause, ask, terminate",
      ]);
  });

  test("cost_anomaly_multiplier is a number from 1.1 to 1000", () => {
    for (const times of [1.1, 3, 1000]) expect(complaints({ cost_anomaly_multiplier: times })).toEqual([]);
    for (const wrong of [0, -3, 1, 1001, NaN, Infinity, "3", null])
      expect(complaints({ cost_anomaly_multiplier: wrong })).toContain(
        "cost_anomaly_multiplier must be a number from 1.1 to 1000",
      );
  });

  test("a field that there is not is named", () => {
    expect(complaints({ budget_monthly_usd: 5 })).toEqual([expect.stringContaining("budget_monthly_usd")]);
  });
});
