import type { LoadedInstance } from "./loaded";
import type { InstanceState } from "./state";
import { newInstance, replace, type Work } from "./work";

/** What a new instance takes over from another of its workflow: its state, and what is known of who spoke last. */
type Kept = "version" | "agentCode" | "lastAgent" | "costMicros" | "nCopied" | "copiedCostMicros" | "overrides";
export type Taking = Pick<LoadedInstance, Kept> & { state: InstanceState };

/** Adds an instance that begins with what was taken over from another, and gives it. `now` as in `takeStage`. */
export function addInstance(work: Work, { state, ...taken }: Taking, now: number): LoadedInstance {
  const lastAgentAt = taken.lastAgent === null ? null : now;
  const added = { ...newInstance(work.workflow, null, now), ...state, ...taken, lastAgentAt };
  replace(work, added, added);
  return added;
}
