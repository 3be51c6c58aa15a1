import { z } from "zod";
import { isObject } from "@/lib/core/json-object";
import { pageQuery } from "@/lib/core/page-query";
import { isStorable, isStorableJson } from "@/lib/core/storable";
import { parsePath } from "@/lib/workflows/path";
import { InstanceStatus } from "@/lib/workflows/schema";

const limit = "must be a whole number from 1 to 100";
/** The query of `GET /api/instances/{id}/timeline`: without a limit all of it. */
export const TimelineQuery = z.object({
  limit: z.coerce.number(limit).int(limit).min(1, limit).max(100, limit).optional(),
  cursor: z.string().optional(),
});
export type TimelineQuery = z.infer<typeof TimelineQuery>;

/** What is kept of a step but its span, with the costs up to and with it. `priced` tells whether its cost is known. */
export const TimelineStep = z.object({
  step: z.number(),
  /** Whether it was copied from the instance that this one was forked from. */
  copied: z.boolean(),
  stage_path: z.string(),
  stage_name: z.string().nullable(),
  status: z.enum(["success", "failed"]),
  executed_at: z.string(),
  response_time_ms: z.number().nullable(),
  agent_code: z.string().nullable(),
  model_id: z.string().nullable(),
  input_tokens: z.number().nullable(),
  output_tokens: z.number().nullable(),
  cost_usd: z.number().nullable(),
  priced: z.boolean(),
  cumulative_cost_usd: z.number(),
  context_size_bytes: z.number().nullable(),
  handoff_reason: z.string().nullable(),
  status_text: z.string().nullable(),
  usage: z.unknown(),
  tool_calls: z.unknown(),
  payload: z.unknown(),
});
export type TimelineStep = z.infer<typeof TimelineStep>;

/** The execution timeline of an instance (reference document `pingpulse-api`, DEBUG). */
export const Timeline = z.object({
  instance_id: z.string(),
  workflow_id: z.string(),
  status: InstanceStatus,
  total_steps: z.number(),
  timeline: z.array(TimelineStep),
  next_cursor: z.string().nullable(),
});
export type Timeline = z.infer<typeof Timeline>;

const id = z.string("must be the id of an instance").regex(/^[0-9A-Za-z_-]{1,64}$/, "must be the id of an instance");
const MAX_REASON = 500;
/** Why somebody did it, kept with the session. */
const reason = z
  .string("must be a text")
  .max(MAX_REASON, `must have at most ${MAX_REASON} characters`)
  .refine(isStorable, "must be text without NUL")
  .optional();

/** The body of `POST /api/instances/compare`. `reason` is kept with the session. */
export const CompareInstances = z.object({
  instance_a: id,
  instance_b: id,
  reason,
});
export type CompareInstances = z.infer<typeof CompareInstances>;

/** The search part of the page that compares two instances: `row` is the selected place, `only` leaves out what is the same. */
export const CompareSearch = z.object({
  a: id.optional(),
  b: id.optional(),
  row: z.coerce.number().int().min(0).max(2_147_483_647).optional(),
  only: z.literal("differences").optional(),
});

/** Totals of an instance; its time is that from its first step to its last. */
export type Aggregates = {
  steps: number;
  total_cost_usd: number;
  total_tokens: number;
  input_tokens: number;
  output_tokens: number;
  total_time_ms: number;
};

/** Why a place differs: what went in, what came of the same, its outcome, its place, or that only one side has it. */
export type DivergenceClass = "input" | "output" | "error" | "order" | "missing" | "extra";

/** A place where two payloads differ, by its JSON pointer (RFC 6901). Values of more than 1,000 characters are left out. */
export type PayloadChange = { path: string; is: "added" | "removed" | "changed"; before?: unknown; after?: unknown };

/** One place of two aligned instances. `missing` is in a alone, `extra` in b alone. Steps are counted from 0. */
export type ComparedStep = {
  kind: "same" | "changed" | "missing" | "extra";
  class: DivergenceClass | null;
  stage_path: string;
  step_a: number | null;
  step_b: number | null;
  /** The fields that differ, by the names that steps have for them. */
  changes: string[];
  /** Where their payloads differ, at most 50 places. */
  payload_changes: PayloadChange[];
  /** b − a, of what both sides have. */
  cost_diff_usd: number | null;
  token_diff: number | null;
  time_diff_ms: number | null;
};

export type Comparison = {
  instance_a: { id: string; aggregates: Aggregates };
  instance_b: { id: string; aggregates: Aggregates };
  /** The place in `steps` of the first that differs. */
  divergence_step: number | null;
  differences: { cost_diff_usd: number; token_diff: number; time_diff_ms: number };
  steps: ComparedStep[];
};

const MAX_MODIFICATIONS = 1000;
const MAX_PATCHES = 64_000;

/** What is wrong with modifications, and where; null for what can be used. */
function faultOf(given: Record<string, unknown>): { name: string[]; reason: string } | null {
  const paths = new Set<string>();
  for (const [name, patch] of Object.entries(given)) {
    const path = parsePath(name);
    if (path === null) return { name: [name], reason: "must be a stage path such as 2 or 2.1" };
    if (paths.has(path)) return { name: [name], reason: "names a stage twice" };
    if (!isObject(patch)) return { name: [name], reason: "must be an object" };
    paths.add(path);
  }
  if (paths.size > MAX_MODIFICATIONS) return { name: [], reason: `must name at most ${MAX_MODIFICATIONS} stages` };
  if (!isStorableJson(given)) return { name: [], reason: "must hold no NUL" };
  const isLong = JSON.stringify(given).length > MAX_PATCHES;
  return isLong ? { name: [], reason: `must have at most ${MAX_PATCHES} characters as JSON` } : null;
}

/** Merge patches (RFC 7396) by stage path, as they were sent: a schema of objects would leave some names out. */
const modifications = z
  .unknown()
  .optional()
  .transform((given = {}, context): Record<string, Record<string, unknown>> => {
    const fault = isObject(given) ? faultOf(given) : { name: [], reason: "must be an object of objects by stage path" };
    if (fault !== null) context.addIssue({ code: "custom", message: fault.reason, path: fault.name });
    if (fault !== null || !isObject(given)) return z.NEVER;
    const entries = Object.entries(given).map(([path, patch]) => [
      parsePath(path) ?? path,
      isObject(patch) ? patch : {},
    ]);
    return Object.fromEntries(entries);
  });

/** The body of `POST /api/instances/{id}/fork`. */
export const ForkInstance = z.object({
  // What is no path is no stage of it either.
  fork_from_stage: z
    .string("must be a stage path")
    .max(100)
    .transform((text) => parsePath(text) ?? text),
  payload_modifications: modifications,
  reason,
});
export type ForkInstance = z.infer<typeof ForkInstance>;

/** The body of `POST /api/instances/{id}/rerun`. */
export const RerunInstance = z.object({ payload_modifications: modifications, reason });
export type RerunInstance = z.infer<typeof RerunInstance>;

export type Forked = {
  forked_instance_id: string;
  session_id: string;
  fork_from_stage: string;
  stages_copied: number;
};
export type Rerun = { new_instance_id: string; session_id: string; message: string };

/** One thing that somebody did with instances to understand or repeat them. */
export type ReplaySession = {
  id: string;
  kind: "fork" | "rerun" | "compare";
  /** The instance it began from, and the new or other one. */
  instance_id: string;
  other_instance_id: string;
  actor: string;
  reason: string | null;
  fork_from_stage: string | null;
  payload_modifications: Record<string, unknown> | null;
  divergence_step: number | null;
  /** Which worker took it on. */
  claimed_by: string | null;
  created_at: string;
};

/** The query of `GET /api/instances/{id}/sessions`. */
export const ListSessions = z.object(pageQuery);
export type ListSessions = z.infer<typeof ListSessions>;

/** The body of `POST /api/instances/{id}/lookup`. Without a hash any input will do. */
export const Lookup = z.object({
  stage_path: z.string("must be a stage path").transform((text, context) => {
    const path = parsePath(text);
    if (path === null) context.addIssue({ code: "custom", message: "must be a stage path such as 2 or 2.1" });
    return path ?? "";
  }),
  input_hash: z
    .string("must be a text")
    .min(1, "must not be empty")
    .max(200, "must have at most 200 characters")
    .refine(isStorable, "must be text without NUL")
    .optional(),
});
export type Lookup = z.infer<typeof Lookup>;

/** What an instance has recorded of a stage. */
export type Recorded =
  | { result: "hit"; step: number; output: unknown; payload: unknown; copied: boolean; recorded_at: string }
  | { result: "miss" };

/** An instance among those that were made from one another. */
export type LineageNode = {
  id: string;
  /** Null when it is gone. */
  instance: {
    seq: number;
    status: InstanceStatus;
    started_at: string;
    total_steps: number;
    total_cost_usd: number;
  } | null;
  /** What it was made from, and how; null for the first. */
  origin_instance_id: string | null;
  kind: "fork" | "rerun" | null;
  fork_from_stage: string | null;
  actor: string | null;
  reason: string | null;
};

/** All that were made from the same first instance: that one first, then in the order in which they began. */
export type Lineage = { nodes: LineageNode[]; is_whole: boolean };
