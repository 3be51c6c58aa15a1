import type { Definition } from "./definition";
import type { CreateWorkflow, UpdateWorkflow } from "./schema";

type Stages = CreateWorkflow["stages"];

const stageRules = (stages: Stages): Definition["stages"] =>
  stages.map(({ name, timeout_seconds }) => ({ name, timeoutSeconds: timeout_seconds }));

/** The definition that a new workflow is given. */
export function rulesOf(input: CreateWorkflow): Definition {
  return {
    kind: input.kind,
    mode: input.validation_mode,
    strictAgents: input.strict_agents,
    graceSeconds: input.grace_period_seconds,
    instanceTimeoutSeconds: input.instance_timeout_seconds,
    stages: stageRules(input.stages),
  };
}

/** The definition after an edit: what it does not name stays. */
export function editedRules(before: Definition, patch: UpdateWorkflow): Definition {
  const { grace_period_seconds: grace, instance_timeout_seconds: timeout, stages } = patch;
  return {
    kind: before.kind,
    mode: patch.validation_mode ?? before.mode,
    strictAgents: patch.strict_agents ?? before.strictAgents,
    // Null is a value here: unbounded.
    graceSeconds: grace === undefined ? before.graceSeconds : grace,
    instanceTimeoutSeconds: timeout === undefined ? before.instanceTimeoutSeconds : timeout,
    stages: stages === undefined ? before.stages : stageRules(stages),
  };
}
