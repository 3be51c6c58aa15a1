import { inWords, relativeWords } from "@/lib/core/time";
import type { Kind, Mode } from "./definition";
import type { InstanceStatus, WorkflowHealth } from "./schema";

export const HEALTH_WORDS: Record<WorkflowHealth, string> = {
  new: "New",
  healthy: "Healthy",
  running: "Running",
  failing: "Failing",
};

export const KIND_WORDS: Record<Kind, string> = { static: "Static", dynamic: "Dynamic" };
export const MODE_WORDS: Record<Mode, string> = { flexible: "Flexible", strict: "Strict" };

export const INSTANCE_WORDS: Record<InstanceStatus, string> = {
  running: "Running",
  paused: "Paused",
  completed: "Completed",
  failed: "Failed",
  terminated: "Terminated",
};

/** The newest instance that runs, else the newest that is paused. Times are epoch milliseconds. */
export type OpenInstance = {
  status: "running" | "paused";
  mode: Mode;
  /** Declared stages, and those of them that came; null of a dynamic workflow. */
  declared: { reached: number; total: number } | null;
  /** What was heard last; null before anything. */
  last: { path: string; name: string | null; at: number } | null;
};

/** The instance that ended last. Times are epoch milliseconds. */
export type EndedInstance = {
  status: "completed" | "failed" | "terminated";
  reason: string | null;
  startedAt: number;
  endedAt: number;
};

/** What is known of the instances of a workflow, as far as its sentence tells of it. */
export type Standing = { running: number; open: OpenInstance | null; ended: EndedInstance | null };

const named = (name: string | null): string => (name === null ? "" : `, ${name}`);

/** How far the newest instance has come; without a full stop. */
function progressWords({ mode, declared, last }: OpenInstance, now: number): string {
  if (last === null) return "no stage has come yet";
  const since = inWords(now - last.at);
  if (declared === null) return `stage ${last.path}${named(last.name)}, for ${since}`;
  // Out of order the number of the last one says nothing about how many have come.
  if (mode === "flexible" && last.path !== String(declared.reached))
    return `${declared.reached} of ${declared.total} stages have come, the last ${last.name ?? last.path} ${relativeWords(last.at, now)}`;
  return `stage ${last.path} of ${declared.total}${named(last.name)}, for ${since}`;
}

function openWords({ running, open }: Standing, now: number): string | null {
  if (open === null) return null;
  if (open.status === "paused") return `Paused: ${progressWords(open, now)}.`;
  if (running > 1) return `${running} instances are running. The newest: ${progressWords(open, now)}.`;
  return `Running: ${progressWords(open, now)}.`;
}

function endedWords({ status, reason, startedAt, endedAt }: EndedInstance, now: number): string {
  const when = relativeWords(endedAt, now);
  if (status === "completed") return `The last run completed ${when}, after ${inWords(endedAt - startedAt)}.`;
  return `The last run ${status === "failed" ? "failed" : "was terminated"} ${when}${reason === null ? "" : `: ${reason}`}.`;
}

/**
 * How a workflow fares, in plain words: what runs now, else how the last run ended. A failure is told beside what runs. `now`
 * is in epoch milliseconds.
 */
export function standingSentence(standing: Standing, now: number): string {
  const open = openWords(standing, now);
  const { ended } = standing;
  const isFailing = ended !== null && ended.status !== "completed";
  if (open !== null) return isFailing ? `${open} ${endedWords(ended, now)}` : open;
  return ended === null ? "Waiting for the first signal." : endedWords(ended, now);
}

const CODES: Readonly<Record<string, string>> = {
  stage_missed: "A stage was skipped",
  stage_out_of_order: "The stage had come before",
  unknown_stage: "No such stage is declared",
  agent_required: "It names no agent",
  instance_failed: "The instance had failed",
  instance_completed: "The instance was complete",
  instance_terminated: "The instance was terminated",
  instance_paused: "The instance was paused",
  no_running_instance: "No instance was running",
};

/** Why a signal was refused, in plain words. `code` is that of the answer it got. */
export function refusalWords(code: string): string {
  const words = code.replaceAll("_", " ");
  return CODES[code] ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
