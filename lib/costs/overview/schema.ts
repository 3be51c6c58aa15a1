import { z } from "zod";
import { CostPeriod } from "@/lib/costs/view-schema";

/** What costs of a project are told apart by. */
export const COST_GROUPINGS = ["workflow", "model", "agent", "tag"] as const;
export type CostGrouping = (typeof COST_GROUPINGS)[number];

/** The query of `GET /api/costs` and its export: today and the days before, by the calendar of the project. */
export const OverviewQuery = z.object({
  days: CostPeriod.shape.days.unwrap().default(30),
  by: z.enum(COST_GROUPINGS, `must be one of ${COST_GROUPINGS.join(", ")}`).default("workflow"),
});
export type OverviewQuery = z.infer<typeof OverviewQuery>;

/** What one workflow, model, agent or tag cost in the period. Tokens and unpriced steps are not kept by tag: null there. */
export const CostGroup = z.object({
  /** The id of a workflow, or what was told; '' where nothing was, and null for all that are not listed by themselves. */
  key: z.string().nullable(),
  name: z.string(),
  cost_usd: z.number(),
  /** Of all that the project cost in the period, from 0 to 1. */
  share: z.number(),
  steps: z.number(),
  input_tokens: z.number().nullable(),
  output_tokens: z.number().nullable(),
  unpriced_steps: z.number().nullable(),
});
export type CostGroup = z.infer<typeof CostGroup>;

/** What one day cost: the dearest groups of the period by their keys, and all others together. */
export const CostDay = z.object({
  day: z.string(),
  /** Of all that was spent on it. Groups that overlap may add up to more, and leave out what is in none. */
  total_cost_usd: z.number(),
  costs: z.record(z.string(), z.number()),
  other_cost_usd: z.number(),
});
export type CostDay = z.infer<typeof CostDay>;

/** What a project costs. Dollars; days as `YYYY-MM-DD`. */
export const CostOverview = z.object({
  period_days: z.number(),
  today_cost_usd: z.number(),
  /** Of the last seven days, today included. */
  week_cost_usd: z.number(),
  /** Of the calendar month so far. */
  month_cost_usd: z.number(),
  /** What the month will have cost at its end; null until there are three days with costs to tell from. */
  month_forecast_usd: z.number().nullable(),
  total_cost_usd: z.number(),
  /** Of as many days before the period. */
  previous_cost_usd: z.number(),
  /** Instances that began in the period. */
  instance_count: z.number(),
  unpriced_steps: z.number(),
  by: z.enum(COST_GROUPINGS),
  /** Whether a step may count in several groups, as one with several tags does. */
  sums_overlap: z.boolean(),
  groups: z.array(CostGroup),
  days: z.array(CostDay),
  currency: z.literal("USD"),
  time_zone: z.string(),
});
export type CostOverview = z.infer<typeof CostOverview>;
