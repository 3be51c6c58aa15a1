import { invalid } from "@/lib/core/errors";
import { dollars, toMicros, usdWords } from "@/lib/core/money";
import type { BudgetAction, BudgetView, UpdateBudget } from "./schema";

/** What instances of a workflow may cost, in micro-dollars; null for no limit. */
export type Budget = {
  /** Whether threshold and limits count; anomalies have a switch of their own. */
  enabled: boolean;
  /** Of one instance. */
  limitMicros: number | null;
  alertThresholdMicros: number | null;
  /** Of all instances of the workflow on one day. */
  dailyLimitMicros: number | null;
  action: BudgetAction;
  anomalyDetection: boolean;
  anomalyMultiplier: number;
  /** Goes up with each change, so that it is known to which budget a limit was that tripped. */
  version: number;
};

/** The budget of a workflow for which nobody has set one. */
export const NO_BUDGET: Budget = {
  enabled: false,
  limitMicros: null,
  alertThresholdMicros: null,
  dailyLimitMicros: null,
  action: "alert",
  anomalyDetection: false,
  anomalyMultiplier: 3,
  version: 0,
};

const shown = (micros: number | null): number | null => (micros === null ? null : dollars(micros));

/** A budget as the API shows it, in dollars. */
export function showBudget(budget: Budget): BudgetView {
  return {
    budget_enabled: budget.enabled,
    budget_limit_usd: shown(budget.limitMicros),
    budget_alert_threshold_usd: shown(budget.alertThresholdMicros),
    budget_daily_limit_usd: shown(budget.dailyLimitMicros),
    budget_action: budget.action,
    cost_anomaly_detection: budget.anomalyDetection,
    cost_anomaly_multiplier: budget.anomalyMultiplier,
  };
}

const micros = (usd: number | null): number | null => (usd === null ? null : toMicros(usd));

/** Refuses a threshold that could never be reached before the limit; the field to blame is the one that was sent. */
function requireOrder({ alertThresholdMicros, limitMicros }: Budget, change: UpdateBudget): void {
  if (alertThresholdMicros === null || limitMicros === null || alertThresholdMicros <= limitMicros) return;
  if (change.budget_alert_threshold_usd === undefined) {
    const threshold = usdWords(dollars(alertThresholdMicros));
    throw invalid("budget_limit_usd", `must not be below the alert threshold of ${threshold}`);
  }
  const limit = usdWords(dollars(limitMicros));
  throw invalid("budget_alert_threshold_usd", `must not be above the limit of ${limit}`);
}

/**
 * The budget after a change, which keeps what is not named. Its version goes up; a change that says what is so already
 * gives the very budget that was, so that saying it again lets no lifted limit trip.
 *
 * @throws {AppError} `invalid_input` when the alert threshold would be above the limit
 */
export function changeBudget(before: Budget, change: UpdateBudget): Budget {
  const {
    budget_enabled: enabled = before.enabled,
    budget_limit_usd: limit = shown(before.limitMicros),
    budget_alert_threshold_usd: threshold = shown(before.alertThresholdMicros),
    budget_daily_limit_usd: daily = shown(before.dailyLimitMicros),
    budget_action: action = before.action,
    cost_anomaly_detection: anomalyDetection = before.anomalyDetection,
    cost_anomaly_multiplier: anomalyMultiplier = before.anomalyMultiplier,
  } = change;
  const limits = {
    limitMicros: micros(limit),
    alertThresholdMicros: micros(threshold),
    dailyLimitMicros: micros(daily),
  };
  const after: Budget = {
    enabled,
    ...limits,
    action,
    anomalyDetection,
    anomalyMultiplier,
    version: before.version + 1,
  };
  requireOrder(after, change);
  const isSame = JSON.stringify(showBudget(after)) === JSON.stringify(showBudget(before));
  return isSame ? before : after;
}
