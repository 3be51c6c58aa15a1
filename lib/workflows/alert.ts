import type { NewAlert } from "@/lib/alerts/raise";
import { inWords, iso, SECOND } from "@/lib/core/time";
import { definitionOf, type LoadedInstance, type LoadedWorkflow } from "./loaded";
import type { Ending } from "./state";

/** The types of alerts about workflows that stay open until an instance completes. */
export const OPEN_TYPES = [
  "workflow.stage_missed",
  "workflow.stage_out_of_order",
  "workflow.stage_timeout",
  "workflow.failed",
];

/** An alert about a workflow. `instance_seq`: that of its instance, or of the last one that had begun by then. */
export type WorkflowAlert = NewAlert & {
  data: { instance_id: string | null; instance_seq: number; [name: string]: unknown };
};

type About = { workflow: LoadedWorkflow; instance: LoadedInstance | null; at: number };
/** What all alerts tell of a workflow. */
type Named = Pick<LoadedWorkflow, "projectId" | "id" | "name" | "kind" | "madeAt" | "nInstances">;
/** `key`: of an alert that is told at other occasions than once for an instance. */
type Told = Pick<NewAlert, "type" | "severity" | "message"> & { more: object; key?: string };

/** `stage 3 (Train)`, or the number alone when it has no name. */
function stageWords({ workflow, instance }: About, path: string): string {
  const { stages, kind } = definitionOf(workflow, instance?.version ?? workflow.version);
  const name = kind === "static" ? stages[Number(path) - 1]?.name : undefined;
  return name === undefined ? `stage ${path}` : `stage ${path} (${name})`;
}

const REFUSALS = ["workflow.stage_missed", "workflow.stage_out_of_order"];

/** The keys of alerts about stages that an instance refused. */
function refusalKeys({ projectId }: LoadedWorkflow, instanceId: string): string[] {
  return REFUSALS.map((type) => `${type}:${projectId}:${instanceId}`);
}

/** What was told of stages that an instance refused is over with it; `at` in epoch milliseconds. */
export const refusalsOver = (workflow: LoadedWorkflow, { id, at }: { id: string; at: number }) =>
  refusalKeys(workflow, id).map((key) => ({ key, at }));

/** An alert about a workflow, with what all of them tell. */
export function alertOf(
  { workflow, instance, at }: Omit<About, "workflow"> & { workflow: Named },
  { type, severity, message, more, key }: Told,
): WorkflowAlert {
  // Where no instance is under way, all that is refused until the next one begins is one broken chain.
  const chain = instance?.id ?? `${workflow.id}:${workflow.madeAt}:after:${workflow.nInstances}`;
  return {
    projectId: workflow.projectId,
    type,
    severity,
    subjectType: "workflow",
    subjectId: workflow.id,
    subjectName: workflow.name,
    message,
    data: {
      workflow_id: workflow.id,
      kind: workflow.kind,
      instance_id: instance?.id ?? null,
      instance_seq: instance?.seq ?? workflow.nInstances,
      agent_code: instance?.agentCode ?? null,
      started_at: iso(instance?.startedAt ?? null),
      total_steps: instance?.nSteps ?? 0,
      ...more,
      at: iso(at),
    },
    dedupKey: key ?? `${type}:${workflow.projectId}:${chain}`,
    occurredAt: at,
    resolvedAt: severity === "info" ? at : null,
  };
}

/** What people are told of a stage that strict mode refused; null for other refusals. One for each instance and type. */
export function refusedAlert(
  about: About,
  refusal: { code: string; expected: string | null },
  received: string,
): WorkflowAlert | null {
  const { code, expected } = refusal;
  if (code !== "stage_missed" && code !== "stage_out_of_order") return null;
  const { name } = about.workflow;
  const came = stageWords(about, received);
  const awaited = expected === null ? "" : stageWords(about, expected);
  const message =
    code === "stage_missed"
      ? `"${name}": ${came} came before ${awaited}.`
      : `"${name}": ${came} came again or too late${awaited === "" ? "" : `; ${awaited} is next`}.`;
  return alertOf(about, { type: `workflow.${code}`, severity: "warning", message, more: { expected, received } });
}

function failure(about: About, { cause, stage }: Extract<Ending, { is: "failed" }>): Told {
  const { workflow, instance } = about;
  const reason = instance?.failureReason ?? "";
  const severity = "critical";
  const more = { failure_reason: reason, stage_path: stage };
  if (cause === "failed" || stage === null) {
    return { type: "workflow.failed", severity, message: `"${workflow.name}" failed: ${reason}.`, more };
  }
  const bound = definitionOf(workflow, instance?.version ?? workflow.version).stages[Number(stage) - 1]?.timeoutSeconds;
  const within = bound === null || bound === undefined ? "in time" : `within ${inWords(bound * SECOND)}`;
  const message = `"${workflow.name}": ${stageWords(about, stage)} did not come ${within}.`;
  return { type: "workflow.stage_timeout", severity, message, more };
}

/** What people are told of the end of an instance. `about.instance` is as it ended. */
export function endedAlert(about: About & { instance: LoadedInstance }, ending: Ending): WorkflowAlert {
  const { workflow, instance, at } = about;
  if (ending.is === "failed") return alertOf(about, failure(about, ending));
  const took = inWords(at - instance.startedAt);
  const message = `"${workflow.name}" completed in ${took}, with ${instance.nSteps} ${instance.nSteps === 1 ? "step" : "steps"}.`;
  return alertOf(about, {
    type: "workflow.completed",
    severity: "info",
    message,
    more: { duration_seconds: Math.round((at - instance.startedAt) / SECOND) },
  });
}
