import { z } from "zod";
import { dollars, toMicros } from "@/lib/core/money";

/** What a tripped limit does to the instance: nothing, pauses it, pauses it and asks for a higher one, ends it. */
export const BUDGET_ACTIONS = ["alert", "pause", "ask", "terminate"] as const;
export type BudgetAction = (typeof BUDGET_ACTIONS)[number];

const MAX_USD = 1_000_000;
const AMOUNT = `must be dollars above 0, at most ${MAX_USD} and with at most 6 decimals`;
/** Dollars that somebody sends; `words` say what they must be. */
export const amountUsd = (words = AMOUNT) =>
  z
    .number(words)
    .max(MAX_USD, words)
    // Micro-dollars are what is stored: what they cannot hold is refused, not rounded.
    .refine((usd) => usd > 0 && dollars(toMicros(usd)) === usd, words);
const amount = amountUsd(`${AMOUNT}, or null`).nullable();

const FLAG = "must be true or false";
const MULTIPLIER = "must be a number from 1.1 to 1000";

/** The body of `PUT /api/workflows/{id}/budget` (public contract §8): what it names is changed, null takes a limit away. */
export const UpdateBudget = z
  .strictObject({
    budget_enabled: z.boolean(FLAG),
    /** Of one instance. */
    budget_limit_usd: amount,
    budget_alert_threshold_usd: amount,
    /** Of all instances of the workflow on one day of the project's time zone. */
    budget_daily_limit_usd: amount,
    budget_action: z.enum(BUDGET_ACTIONS, `must be one of ${BUDGET_ACTIONS.join(", ")}`),
    cost_anomaly_detection: z.boolean(FLAG),
    cost_anomaly_multiplier: z.number(MULTIPLIER).min(1.1, MULTIPLIER).max(1000, MULTIPLIER),
  })
  .partial();
export type UpdateBudget = z.infer<typeof UpdateBudget>;

/** A budget as the API shows it. */
export const BudgetView = z.object({
  budget_enabled: z.boolean(),
  budget_limit_usd: z.number().nullable(),
  budget_alert_threshold_usd: z.number().nullable(),
  budget_daily_limit_usd: z.number().nullable(),
  budget_action: z.enum(BUDGET_ACTIONS),
  cost_anomaly_detection: z.boolean(),
  cost_anomaly_multiplier: z.number(),
});
export type BudgetView = z.infer<typeof BudgetView>;
