import { z } from "zod";
import { pageQuery } from "@/lib/core/page-query";
import { isStorable } from "@/lib/core/storable";
import { KINDS, MODES } from "./definition";

/** Stages a static workflow may declare, and how long the texts may be, in characters. */
export const MAX_STAGES = 200;
export const NAME_LENGTH = 200;

const text = (max: number) =>
  z
    .string("must be a text")
    .trim()
    .min(1, "must not be empty")
    .refine((value) => [...value].length <= max, `must have at most ${max} characters`)
    // PostgreSQL can store neither NUL nor half of a surrogate pair.
    .refine((value) => !value.includes("\0") && value.isWellFormed(), "must not contain NUL or half a character");

const SECONDS = "must be a whole number of seconds from 1 to 31536000, or null";
const seconds = z.number(SECONDS).multipleOf(1, SECONDS).min(1, SECONDS).max(31_536_000, SECONDS).nullable();

/** The id of a dynamic workflow, as its customers choose it. */
export const WORKFLOW_ID = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;
/** Ids as we make them; nobody else may choose one. */
export const OUR_ID = /^(?:swf[0-9a-z]{16}|dwf_[0-9a-z]{16})$/;

const StageInput = z.strictObject({ name: text(NAME_LENGTH), timeout_seconds: seconds.default(null) });

const STAGES = `must have 1 to ${MAX_STAGES} stages`;
const settings = {
  name: text(NAME_LENGTH),
  validation_mode: z.enum(MODES, "must be strict or flexible"),
  strict_agents: z.boolean("must be true or false"),
  grace_period_seconds: seconds,
  instance_timeout_seconds: seconds,
  stages: z.array(StageInput, "must be a list of stages").min(1, STAGES).max(MAX_STAGES, STAGES),
  /** Ids of channels its alerts go to; null for every channel, also those still to come. */
  channels: z
    .array(z.uuid("must be ids of channels"), "must be a list of ids of channels, or null")
    .max(100)
    .nullable(),
};

const common = {
  name: settings.name,
  validation_mode: settings.validation_mode.default("flexible"),
  strict_agents: settings.strict_agents.default(false),
  grace_period_seconds: settings.grace_period_seconds.default(null),
  instance_timeout_seconds: settings.instance_timeout_seconds.default(null),
  channels: settings.channels.default(null),
};

/** The body of `POST /api/workflows` (public contract §5). */
export const CreateWorkflow = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.literal("static"), ...common, stages: settings.stages }),
    z.strictObject({
      kind: z.literal("dynamic"),
      ...common,
      id: z
        .string("must be a text")
        .regex(WORKFLOW_ID, "must be 1 to 100 of A-Z a-z 0-9 _ - . and begin with a letter, a digit or _")
        .refine((id) => !OUR_ID.test(id), "is of a form that only generated ids have")
        .optional(),
      stages: z
        .array(z.never(), "are declared by static workflows only")
        .max(0, "are declared by static workflows only")
        .default([]),
    }),
  ],
  { error: `kind must be ${KINDS.join(" or ")}` },
);
export type CreateWorkflow = z.infer<typeof CreateWorkflow>;

/** The body of `PATCH /api/workflows/{id}`: what it names is changed, for instances that begin later. */
export const UpdateWorkflow = z.strictObject(settings).partial();
export type UpdateWorkflow = z.infer<typeof UpdateWorkflow>;

export const WorkflowId = z.object({ id: z.string().min(1).max(100) });
export const InstanceId = z.object({ id: z.string().min(1).max(64) });

export const STATUSES = ["running", "paused", "completed", "failed", "terminated"] as const;
export const InstanceStatus = z.enum(STATUSES, `must be one of ${STATUSES.join(", ")}`);
export type InstanceStatus = z.infer<typeof InstanceStatus>;

/**
 * How a workflow fares, by its newest instances: `failing` when the last one that ended did not complete, `running`
 * when one is under way and the last one that ended did, `new` before the first.
 */
export const HEALTHS = ["new", "healthy", "running", "failing"] as const;
export type WorkflowHealth = (typeof HEALTHS)[number];

/** A workflow as the API shows it. */
export const Workflow = z.object({
  id: z.string(),
  kind: z.enum(KINDS),
  name: z.string(),
  validation_mode: z.enum(MODES),
  strict_agents: z.boolean(),
  grace_period_seconds: z.number().nullable(),
  instance_timeout_seconds: z.number().nullable(),
  stages: z.array(z.object({ order: z.number(), name: z.string(), timeout_seconds: z.number().nullable() })),
  channels: z.array(z.string()).nullable(),
  version: z.number(),
  health: z.enum(HEALTHS),
  running_instances: z.number(),
  last_instance: z
    .object({ id: z.string(), status: InstanceStatus, started_at: z.string(), completed_at: z.string().nullable() })
    .nullable(),
  muted_until: z.string().nullable(),
  /** Where its stages are reported. */
  url: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type Workflow = z.infer<typeof Workflow>;

/** What became of a stage in an instance (reference document `pingpulse-api`, DHK). */
export const StageStatus = z.object({
  status: z.enum(["healthy", "failed", "pending"]),
  stage_name: z.string().optional(),
  agent_code: z.string().optional(),
});
export type StageStatus = z.infer<typeof StageStatus>;

/** By stage path, in the order in which a person counts. */
export const StageStatuses = z.record(z.string(), StageStatus);
export type StageStatuses = z.infer<typeof StageStatuses>;

/** An instance in the history of its workflow. Fields without a value are left out, as in the reference. */
export const Instance = z.object({
  id: z.string(),
  status: InstanceStatus,
  started_at: z.string(),
  completed_at: z.string().optional(),
  failure_reason: z.string().optional(),
  agent_code: z.string().optional(),
  stage_statuses: StageStatuses,
});
export type Instance = z.infer<typeof Instance>;

const MOMENT = "must be a time in ISO 8601, such as 2026-01-31 or 2026-01-31T12:00:00Z";
const moment = z
  .string()
  .refine((value) => /^\d{4}-\d\d-\d\d/.test(value) && !Number.isNaN(Date.parse(value)), MOMENT)
  .optional();

/** The query of `GET /api/workflows/{id}/instances`; the filters are about `recent_instances`, by when they began. */
export const ListInstances = z.object({
  status: InstanceStatus.optional(),
  agent: z.string().max(200).optional(),
  from: moment,
  to: moment,
  ...pageQuery,
  limit: pageQuery.limit.default(10),
});
export type ListInstances = z.infer<typeof ListInstances>;

/** The query of `GET /api/workflows`. */
export const ListWorkflows = z.object({ q: z.string().max(200, "is too long").optional(), ...pageQuery });
export type ListWorkflows = z.infer<typeof ListWorkflows>;

/** An instance as a row of the list on the page of its workflow. */
export type InstanceRow = {
  id: string;
  seq: number;
  status: InstanceStatus;
  started_at: string;
  ended_at: string | null;
  failure_reason: string | null;
  agent_code: string | null;
  n_steps: number;
  /** Declared stages that were reached, of a static workflow; null of a dynamic one. */
  progress: { done: number; total: number } | null;
};

/** A stage signal that was refused. */
export const RejectedPing = z.object({
  id: z.number(),
  instance_id: z.string().nullable(),
  code: z.string(),
  /** The stage that should have come, and the one that came: numbers in a static workflow, paths in a dynamic one. */
  expected: z.union([z.number(), z.string()]).nullable(),
  received: z.union([z.number(), z.string()]).nullable(),
  agent_code: z.string().nullable(),
  rejected_at: z.string(),
  /** The signal as it was sent, without its key. */
  raw: z.unknown(),
});
export type RejectedPing = z.infer<typeof RejectedPing>;

const DAYS = "must be a whole number of days from 1 to 93";

/** The query of `GET /api/workflows/{id}/handoffs`. */
export const ListHandoffs = z.object({
  days: z.coerce.number(DAYS).multipleOf(1, DAYS).min(1, DAYS).max(93, DAYS).default(30),
});

/** The address and the query of `GET /dhk/{workflow}/tree`. */
export const TreeOf = z.object({ workflow: z.string().min(1).max(100) });
export const TreeQuery = z.object({ instance_id: z.string().max(64).optional() });

/** Who handed to whom, in instances of a workflow. */
export const HandoffPair = z.object({
  from_agent: z.string(),
  to_agent: z.string(),
  count: z.number(),
  average_gap_ms: z.number(),
  max_gap_ms: z.number(),
  last_at: z.string(),
  /** The most frequent ones, most frequent first. */
  reasons: z.array(z.object({ reason: z.string(), count: z.number() })),
});
export type HandoffPair = z.infer<typeof HandoffPair>;

/** An instance by itself (public contract §7). What it was made from is null unless it is a fork or repeats another. */
export const InstanceDetail = z.object({
  id: z.string(),
  workflow_id: z.string(),
  kind: z.enum(KINDS),
  status: InstanceStatus,
  started_at: z.string(),
  completed_at: z.string().nullable(),
  failure_reason: z.string().nullable(),
  agent_code: z.string().nullable(),
  total_steps: z.number(),
  total_cost_usd: z.number(),
  /** What the steps had cost that were copied; part of the total. */
  copied_cost_usd: z.number(),
  origin_instance_id: z.string().nullable(),
  fork_from_stage: z.string().nullable(),
  session_id: z.string().nullable(),
  /** Merge patches for stages to come, by path. */
  payload_overrides: z.record(z.string(), z.unknown()).nullable(),
  stage_statuses: StageStatuses,
});
export type InstanceDetail = z.infer<typeof InstanceDetail>;

/** The body of `POST /api/instances/{id}/terminate`. */
export const TerminateInstance = z.object({
  reason: z
    .string("must be a text")
    .max(500, "must have at most 500 characters")
    .refine(isStorable, "must be text without NUL")
    .transform((text) => text.trim() || undefined)
    .optional(),
});

/** One accepted stage signal, as pages and streams carry it. `step` counts from 0. */
export const Step = z.object({
  step: z.number(),
  stage_path: z.string(),
  stage_name: z.string().nullable(),
  status: z.enum(["success", "failed"]),
  agent_code: z.string().nullable(),
  executed_at: z.string(),
  response_time_ms: z.number().nullable(),
  is_final: z.boolean(),
  handoff_reason: z.string().nullable(),
});
export type Step = z.infer<typeof Step>;
