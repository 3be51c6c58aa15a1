import { StateWord } from "@/components/status/state-word";
import type { ShownStatus } from "@/lib/checks/present";
import { HEALTH_WORDS, INSTANCE_WORDS } from "@/lib/workflows/present";
import type { InstanceStatus, WorkflowHealth } from "@/lib/workflows/schema";

const HEALTH_TONES: Record<WorkflowHealth, ShownStatus> = {
  new: "new",
  healthy: "up",
  running: "running",
  failing: "down",
};
const INSTANCE_TONES: Record<InstanceStatus, ShownStatus> = {
  running: "running",
  paused: "paused",
  completed: "up",
  failed: "down",
  terminated: "late",
};

/** How a workflow fares, as dot and word. */
export function HealthWord({ health }: { health: WorkflowHealth }) {
  return <StateWord tone={HEALTH_TONES[health]} word={HEALTH_WORDS[health]} />;
}

/** What became of an instance, as dot and word. */
export function InstanceWord({ status }: { status: InstanceStatus }) {
  return <StateWord tone={INSTANCE_TONES[status]} word={INSTANCE_WORDS[status]} />;
}
