import { z } from "zod";
import { pageQuery } from "@/lib/core/page-query";
import { isStorable, isStorableJson } from "@/lib/core/storable";
import { LIMIT_TYPES } from "@/lib/costs/breaker-state";

export const APPROVAL_STATUSES = ["pending", "approved", "denied", "cancelled"] as const;
export const ApprovalStatus = z.enum(APPROVAL_STATUSES, "must be pending, approved, denied or cancelled");
export type ApprovalStatus = z.infer<typeof ApprovalStatus>;

export const Decision = z.enum(["approve", "deny"], "must be approve or deny");
export type Decision = z.infer<typeof Decision>;

export const Risk = z.enum(["low", "medium", "high"], "must be low, medium or high");
export type Risk = z.infer<typeof Risk>;

const MAX_CONTEXT = 10_000;
const MAX_TIMEOUT_SECONDS = 86_400;
const MAX_NEED = 20;
const MAX_APPROVERS = 50;
const MAX_NOTES = 2000;

const seconds = `must be a whole number from 1 to ${MAX_TIMEOUT_SECONDS}`;
const voices = `must be a whole number from 1 to ${MAX_NEED}`;
const MAX_JSON = 100_000;

/** Beyond 2^53 two numbers become one, and their digests too. */
function isExact(value: unknown): boolean {
  if (typeof value === "number") return !Number.isInteger(value) || Number.isSafeInteger(value);
  return typeof value !== "object" || value === null || Object.values(value).every(isExact);
}

const text = (max: number) =>
  z
    .string("must be a text")
    .refine(isStorable, "must be text without NUL")
    // Counted as people count.
    .refine((said) => [...said].length <= max, `must have at most ${max} characters`);
const json = <T extends z.ZodType>(schema: T) =>
  schema
    .refine(isStorableJson, "must hold no NUL")
    .refine(isExact, "must hold no integers beyond 2^53 - 1: send them as text")
    .refine(
      (value) => (JSON.stringify(value) ?? "").length <= MAX_JSON,
      `must have at most ${MAX_JSON} characters as JSON`,
    );
const words = (max: number) => text(max).refine((said) => said.trim() !== "", "must not be empty");

/** The body of `POST /api/approvals` (public contract §6). */
export const CreateApproval = z.object({
  context: z.string("is required").pipe(words(MAX_CONTEXT)),
  timeout_seconds: z.number(seconds).int(seconds).min(1, seconds).max(MAX_TIMEOUT_SECONDS, seconds).default(300),
  timeout_action: Decision.default("deny"),
  callback_url: z.string("must be a URL").max(2000, "must have at most 2000 characters").optional(),
  approvers: z
    .array(z.string("must be an e-mail address").max(254), "must be a list of e-mail addresses")
    .min(1, "must name at least one person")
    .max(MAX_APPROVERS, `must name at most ${MAX_APPROVERS} people`)
    .optional(),
  need: z.number(voices).int(voices).min(1, voices).max(MAX_NEED, voices).default(1),
  risk: Risk.default("medium"),
  action: words(200).optional(),
  args: json(z.unknown()).optional(),
  instance_id: z
    .string("must be an id")
    .regex(/^[0-9A-Za-z_-]{1,64}$/, "must be the id of an instance")
    .optional(),
  stage_path: z
    .string("must be a stage path")
    .max(200, "must have at most 200 characters")
    .regex(/^[0-9]+(\.[0-9]+)*$/, "must be numbers with dots between them, such as 2 or 2.1")
    .optional(),
  metadata: json(z.looseObject({}, "must be an object")).optional(),
});
export type CreateApproval = z.output<typeof CreateApproval>;

/** The body of `POST /api/approvals/{id}/decision`. */
export const DecideApproval = z.object({ decision: Decision, notes: text(MAX_NOTES).nullish() });
export type DecideApproval = z.output<typeof DecideApproval>;

/** The body of `POST /api/approvals/{id}/claim`. */
export const ClaimApproval = z.object({
  action_digest: z
    .string("must be a digest")
    .regex(/^[0-9a-f]{64}$/i, "must be a SHA-256 in hexadecimal")
    .transform((digest) => digest.toLowerCase())
    .optional(),
});

export const ApprovalId = z.object({ id: z.string().regex(/^apr_[0-9a-z]{1,40}$/) });

const wait = "must be a number of seconds from 0 to 60";
/** The query of `GET /api/approvals/{id}`. */
export const WaitQuery = z.object({ wait: z.coerce.number(wait).min(0, wait).max(60, wait).default(0) });

/** The query of `GET /api/approvals`. */
export const ListApprovals = z.object({
  status: ApprovalStatus.optional(),
  /** Everything that is not pending any more. */
  decided: z.enum(["yes"]).optional(),
  risk: Risk.optional(),
  instance_id: z
    .string()
    .regex(/^[0-9A-Za-z_-]{1,64}$/, "must be an id")
    .optional(),
  /** Part of what is asked, of who asked or who decided, whatever its case. */
  q: z.string().max(200, "must have at most 200 characters").optional(),
  ...pageQuery,
});
export type ListApprovals = z.infer<typeof ListApprovals>;

const days = "must be a whole number from 1 to 366";
export const StatsQuery = z.object({
  days: z.coerce.number(days).int(days).min(1, days).max(366, days).default(30),
});

/** 1: go on; 0: do not; null: keep polling. */
const Result = z.union([z.literal(0), z.literal(1), z.null()]);

/** `voter` and every other `…_by` is an e-mail address of a person, `key:<name>` of an API key, or `timeout`. */
const Vote = z.object({ voter: z.string(), decision: Decision, notes: z.string().nullable(), at: z.string() });

/** An approval as `GET /api/approvals/{id}` and the callback show it. Times are ISO 8601. */
export const Approval = z.object({
  approval_id: z.string(),
  status: ApprovalStatus,
  result: Result,
  /** Only while it is pending. */
  seconds_remaining: z.number().optional(),
  /** These three only when it is decided. */
  notes: z.string().nullable().optional(),
  decided_by: z.string().optional(),
  decided_at: z.string().optional(),
  context: z.string(),
  risk: Risk,
  action: z.string().nullable(),
  args: z.unknown(),
  action_digest: z.string().nullable(),
  need: z.number(),
  votes: z.array(Vote),
  /** Addresses of the people who alone may decide; empty when everybody may who may approve in the project. */
  approvers: z.array(z.string()),
  timeout_seconds: z.number(),
  timeout_action: Decision,
  requested_by: z.string(),
  created_at: z.string(),
  expires_at: z.string(),
  claimed_at: z.string().nullable(),
  instance_id: z.string().nullable(),
  workflow_id: z.string().nullable(),
  stage_path: z.string().nullable(),
  metadata: z.unknown(),
  /** The limit of costs that its instance waits to have raised; null for what anybody asked. */
  limit_type: z.enum(LIMIT_TYPES).nullable(),
});
export type Approval = z.infer<typeof Approval>;

/** An approval in a list. `title` is the first line of its context, `approved` how many have approved so far. */
export const ApprovalRow = Approval.pick({
  approval_id: true,
  status: true,
  result: true,
  seconds_remaining: true,
  notes: true,
  decided_by: true,
  decided_at: true,
  risk: true,
  action: true,
  need: true,
  timeout_action: true,
  requested_by: true,
  created_at: true,
  expires_at: true,
  instance_id: true,
  stage_path: true,
}).extend({ title: z.string(), approved: z.number() });
export type ApprovalRow = z.infer<typeof ApprovalRow>;

const TRAIL_KINDS = ["requested", "notified", "viewed", "voted", "decided", "expired", "cancelled", "claimed"] as const;

/**
 * One entry of the audit trail. `via` says by which way: `page`, `link`, `api`, `sweeper`, or of a notice the kind of its
 * channel. `details` holds what else is known: `decision`, `notes`, `address`, `user_agent`, `digest`, `status`, `error`.
 */
export const TrailEntry = z.object({
  kind: z.enum(TRAIL_KINDS),
  at: z.string(),
  actor: z.string(),
  via: z.string(),
  details: z.record(z.string(), z.unknown()),
});
export type TrailEntry = z.infer<typeof TrailEntry>;

/** How long people take. Seconds are null while nobody has decided. `by_person` holds the most active 20. */
export const ApprovalStats = z.object({
  days: z.number(),
  requested: z.number(),
  approved: z.number(),
  denied: z.number(),
  /** Of the two above, those that time decided. */
  timed_out: z.number(),
  cancelled: z.number(),
  median_seconds: z.number().nullable(),
  p95_seconds: z.number().nullable(),
  by_person: z.array(
    z.object({ person: z.string(), decided: z.number(), approved: z.number(), median_seconds: z.number() }),
  ),
});
export type ApprovalStats = z.infer<typeof ApprovalStats>;

/** Why somebody may not decide an approval that is pending. */
export const REFUSALS = ["forbidden", "not_an_approver", "own_request", "already_voted", "already_decided"] as const;
export type Refusal = (typeof REFUSALS)[number];

/** What the page of an approval shows. `refusal` is null when the viewer may decide now. */
export type ApprovalPage = { approval: Approval; trail: TrailEntry[]; refusal: Refusal | null };
