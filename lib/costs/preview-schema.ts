import { z } from "zod";

/** What a budget would have done, as `POST /api/workflows/{id}/budget/preview` shows it. Dollars. */
export const BudgetPreview = z.object({
  period_days: z.number(),
  /** Instances that began in the period; the newest 10,000 at most. */
  instances: z.number(),
  /** What they cost. */
  total_cost_usd: z.number(),
  would_stop: z.number(),
  /** Instances that would have been told of without being stopped, or of whose steps too little is known. */
  would_warn: z.number(),
  days_over_limit: z.number(),
  /** What instances spent after they would have been stopped. */
  saved_usd: z.number(),
  examples: z.array(
    z.object({
      instance_id: z.string(),
      cost_usd: z.number(),
      started_at: z.string(),
      by: z.enum(["limit", "daily", "anomaly"]),
    }),
  ),
  highest_instance_usd: z.number(),
  /** Of instances that cost anything. */
  median_instance_usd: z.number(),
  p95_instance_usd: z.number(),
  /** Null while too few have completed. */
  suggested_limit_usd: z.number().nullable(),
});
export type BudgetPreview = z.infer<typeof BudgetPreview>;
