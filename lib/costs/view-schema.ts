import { z } from "zod";
import { pageQuery } from "@/lib/core/page-query";

const DAYS = "must be a whole number of days from 1 to 366";

/** The query of `GET /api/workflows/{id}/cost`: today and the days before, by the calendar of the project. */
export const CostPeriod = z.object({
  days: z.coerce.number(DAYS).multipleOf(1, DAYS).min(1, DAYS).max(366, DAYS).default(7),
});
export type CostPeriod = z.infer<typeof CostPeriod>;

const LEARNING = z.enum(["off", "learning", "active"]);

/** What a workflow has cost (reference document `pingpulse-api`, COST). Dollars. */
export const CostSummary = z.object({
  total_cost_usd: z.number(),
  today_cost_usd: z.number(),
  average_cost_per_instance_usd: z.number(),
  /** Instances that began in the period. */
  instance_count: z.number(),
  most_expensive_instance: z.object({ id: z.string(), cost_usd: z.number() }).nullable(),
  period_days: z.number(),
  /** Steps of a model whose price is not known, or that name none: what they cost is missing in the sums. */
  unpriced_steps: z.number(),
  /** Whether costs are measured by those of earlier instances, and whether enough of them have completed. */
  anomaly_status: LEARNING,
  completed_instances: z.number(),
});
export type CostSummary = z.infer<typeof CostSummary>;

/** What one step cost. */
export const StepCost = z.object({
  step: z.number(),
  stage_path: z.string(),
  agent_code: z.string().nullable(),
  model_id: z.string().nullable(),
  input_tokens: z.number().nullable(),
  output_tokens: z.number().nullable(),
  /** As it was told, else as it was computed; null for a model whose price is not known. */
  cost_usd: z.number().nullable(),
  priced: z.boolean(),
  /** By the price list. */
  computed_cost_usd: z.number().nullable(),
  /** What was told and what the price list says differ by more than a fifth. */
  differs: z.boolean(),
  tags: z.array(z.string()),
  copied: z.boolean(),
  executed_at: z.string(),
});
export type StepCost = z.infer<typeof StepCost>;

/** The query of `GET /api/instances/{id}/cost`: steps that tell tokens or a cost, in their order. */
export const BreakdownQuery = z.object({ ...pageQuery, limit: pageQuery.limit.default(100) });
export type BreakdownQuery = z.infer<typeof BreakdownQuery>;

export const CostBreakdown = z.object({
  instance_id: z.string(),
  total_cost_usd: z.number(),
  /** What the steps had cost that were copied; part of the total. */
  copied_cost_usd: z.number(),
  /** Whether somebody said that what it cost was expected. */
  expected: z.boolean(),
  breakdown: z.array(StepCost),
  next_cursor: z.string().nullable(),
});
export type CostBreakdown = z.infer<typeof CostBreakdown>;

const flag = z
  .enum(["true", "false", "1", "0"], "must be true or false")
  .transform((word) => word === "true" || word === "1");

/** The query of `GET /api/workflows/{id}/cost-alerts`. */
export const CostAlertsQuery = z.object({
  limit: pageQuery.limit.default(50),
  cursor: pageQuery.cursor,
  include_resolved: flag.default(false),
});
export type CostAlertsQuery = z.infer<typeof CostAlertsQuery>;

/** An alert about costs (reference document `pingpulse-api`, COST); its id is that in `/api/alerts`. */
export const CostAlert = z.object({
  id: z.number(),
  alert_type: z.string(),
  instance_id: z.string().nullable(),
  current_cost_usd: z.number(),
  /** Null for what is no matter of money, such as the same call again and again. */
  threshold_usd: z.number().nullable(),
  action_taken: z.string(),
  message: z.string(),
  created_at: z.string(),
  resolved_at: z.string().nullable(),
});
export type CostAlert = z.infer<typeof CostAlert>;

/** The body of `PUT /api/instances/{id}/expected`. */
export const ExpectedBody = z.strictObject({ expected: z.boolean("must be true or false") });
export type ExpectedBody = z.infer<typeof ExpectedBody>;

export const ExpectedView = z.object({ instance_id: z.string(), expected: z.boolean() });
export type ExpectedView = z.infer<typeof ExpectedView>;
