import { z } from "zod";

export const KINDS = ["static", "dynamic"] as const;
export type Kind = (typeof KINDS)[number];
export const MODES = ["flexible", "strict"] as const;
export type Mode = (typeof MODES)[number];

const seconds = z.int().min(1).max(31_536_000);

/** A declared stage; its number is its position, from 1. A timeout bounds the wait for it, in seconds. */
const StageRule = z.object({ name: z.string(), timeoutSeconds: seconds.nullable() });

/**
 * What a workflow asks of its instances. Durations are in seconds; null: unbounded. Only static workflows declare stages.
 * Stored as it is, one row for each version, and never changed.
 */
export const Definition = z.object({
  kind: z.enum(KINDS),
  mode: z.enum(MODES),
  strictAgents: z.boolean(),
  /** In flexible mode: within so many seconds of an instance's start all stages must have come. */
  graceSeconds: seconds.nullable(),
  instanceTimeoutSeconds: seconds.nullable(),
  stages: z.array(StageRule),
});
export type Definition = z.infer<typeof Definition>;

/** What a dynamic workflow asks that a signal has made. */
export const DEFAULT_DYNAMIC: Definition = {
  kind: "dynamic",
  mode: "flexible",
  strictAgents: false,
  graceSeconds: null,
  instanceTimeoutSeconds: null,
  stages: [],
};
