import type { Definition } from "./definition";
import { comparePaths } from "./path";
import type { InstanceStatus, StageStatus, StageStatuses } from "./schema";

/** The newest signal of a stage. */
export type Reached = {
  path: string;
  status: "success" | "failed";
  stage_name: string | null;
  agent: string | null;
};

type Expected = { path: string; name: string | null };

function reachedStage({ status, stage_name, agent }: Reached, declared: string | null): StageStatus {
  const name = stage_name ?? declared;
  return {
    status: status === "success" ? "healthy" : "failed",
    ...(name !== null && { stage_name: name }),
    ...(agent !== null && { agent_code: agent }),
  };
}

/** The stages an instance has yet to come to: those declared, else those of the last completed instance. */
function expectedStages({ rules, status, model }: Shape): Expected[] {
  if (rules.kind === "static") return rules.stages.map(({ name }, index) => ({ path: String(index + 1), name }));
  // Branches that a completed one did not take are not to come any more.
  return status === "completed" ? [] : model.map(({ path, stage_name }) => ({ path, name: stage_name }));
}

type Shape = {
  rules: Definition;
  status: InstanceStatus | null;
  reached: Reached[];
  /** What the last completed instance of its workflow reached. */
  model: Reached[];
};

/** What became of each stage of an instance, and which are still to come; of a workflow without one, with status null. */
export function stageStatuses(shape: Shape): StageStatuses {
  const stages = new Map<string, StageStatus>();
  for (const { path, name } of expectedStages(shape)) {
    stages.set(path, { status: "pending", ...(name !== null && { stage_name: name }) });
  }
  for (const one of shape.reached) stages.set(one.path, reachedStage(one, stages.get(one.path)?.stage_name ?? null));
  return Object.fromEntries([...stages].sort(([a], [b]) => comparePaths(a, b)));
}
