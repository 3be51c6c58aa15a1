import { z } from "zod";
import { pageQuery } from "@/lib/core/page-query";
import { isStorable } from "@/lib/core/storable";
import { WORKFLOW_ID } from "@/lib/workflows/schema";

/** What a worker has to do: go on with a fork, or run again, reporting to `instance_id`. */
export type Command = {
  command_id: string;
  type: "instance.fork_requested";
  kind: "fork" | "rerun";
  workflow_id: string;
  workflow_kind: "static" | "dynamic";
  instance_id: string;
  origin_instance_id: string;
  fork_from_stage: string | null;
  stages_copied: number;
  /** The newest step that was copied, its payload as it is in the fork; null for what begins anew. */
  resume_after: {
    step: number;
    stage_path: string;
    stage_name: string | null;
    agent_code: string | null;
    payload: unknown;
    /** Whether the payload is too long to be told here. */
    payload_left_out: boolean;
  } | null;
  /** Merge patches for the payloads of stages to come. They are applied to what is reported. */
  payload_overrides: Record<string, unknown>;
  reason: string | null;
  requested_by: string;
  created_at: string;
};

/** What the worker is told that took one on; null without a lease. */
export type Claimed = Command & { lease_expires_at: string | null };

const MAX_WAIT_SECONDS = 60;
const wait = `must be a whole number from 0 to ${MAX_WAIT_SECONDS}`;
/** The query of `GET /api/commands`. */
export const ListCommands = z.object({
  wait: z.coerce.number(wait).int(wait).min(0, wait).max(MAX_WAIT_SECONDS, wait).default(0),
  workflow_id: z.string().regex(WORKFLOW_ID, "must be the id of a workflow").optional(),
  /** Only those that came after this command. */
  after: z.uuid("must be the id of a command").optional(),
  ...pageQuery,
});
export type ListCommands = z.infer<typeof ListCommands>;

export const CommandId = z.object({ id: z.uuid() });

const LEASE = "must be a whole number of seconds from 10 to 86400";

/**
 * The body of `POST /api/commands/{id}/claim`: the worker that takes it on, of those that share a key, and for how long it
 * may say nothing. Without a lease it keeps it until it gives it back.
 */
export const ClaimCommand = z
  .object({
    worker: z
      .string("must be a text")
      .min(1, "must not be empty")
      .max(100, "must have at most 100 characters")
      .refine(isStorable, "must be text without NUL")
      .optional(),
    lease_seconds: z.int(LEASE).min(10, LEASE).max(86_400, LEASE).optional(),
  })
  .refine(({ worker, lease_seconds: lease }) => lease === undefined || worker !== undefined, {
    path: ["worker"],
    message: "is required with lease_seconds: it asks again to keep what it took",
  });
export type ClaimCommand = z.infer<typeof ClaimCommand>;
