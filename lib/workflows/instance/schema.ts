import { z } from "zod";
import { InstanceStatus, type Step } from "@/lib/workflows/schema";
import type { StepColumns } from "./columns";

/** The number of a step; -1 stands before the first one. */
const MAX_STEP = 2_147_483_647;
const STEP = "must be the number of a step, from 0, or -1 for all";
const after = z.coerce.number(STEP).int(STEP).min(-1, STEP).max(MAX_STEP, STEP);

/** The query of `GET /api/instances/{id}/events` and `/steps`: what comes after this step. */
export const StepsAfter = z.object({ after: after.default(-1) });

export const StepId = z.object({
  id: z.string().min(1).max(64),
  step: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number),
});

/** The search part of an instance's page. */
export const InstanceSearch = z.object({ step: z.coerce.number().int().min(0).max(MAX_STEP).optional() });

/** How an instance fares, as the stream of its events says it. */
export const InstanceNow = z.object({
  id: z.string(),
  status: InstanceStatus,
  total_steps: z.number(),
  started_at: z.string(),
  completed_at: z.string().nullable(),
  failure_reason: z.string().nullable(),
  /** When it fails if nothing more is heard. */
  due_at: z.string().nullable(),
});
export type InstanceNow = z.infer<typeof InstanceNow>;

/** Whether nothing more can happen in an instance of this status. */
export const isOver = (status: InstanceStatus): boolean => status !== "running" && status !== "paused";

/** Steps of an instance and how it fares, at one moment. */
export type StepsPage = { instance: InstanceNow; steps: StepColumns };

/** Everything that is kept of a step. */
export type StepDetail = Step & {
  status_text: string | null;
  model_id: string | null;
  input_tokens: number | null;
  output_tokens: number | null;
  /** As it was told, else as it was computed; null for a model whose price is not known. */
  cost_usd: number | null;
  /** By the prices of its time. */
  computed_cost_usd: number | null;
  /** What was told and what was computed differ by more than a fifth. */
  differs: boolean;
  /** What all steps up to and with it cost. */
  cumulative_cost_usd: number;
  context_size_bytes: number | null;
  usage: unknown;
  tool_calls: unknown;
  payload: unknown;
  /** The OpenTelemetry span that it shows; null of a step that a signal told. */
  span_id: string | null;
};
