import type { NewAlert } from "@/lib/alerts/raise";
import type { AlertFacts } from "@/lib/channels/kind";
import { NO_BASELINE } from "@/lib/costs/anomaly";
import { NO_BUDGET } from "@/lib/costs/budget";
import { endedAlert, refusedAlert } from "@/lib/workflows/alert";
import type { Definition } from "@/lib/workflows/definition";
import type { LoadedInstance, LoadedWorkflow } from "@/lib/workflows/loaded";
import { begin } from "@/lib/workflows/state";

const BEGAN = Date.parse("2026-11-20T12:00:00Z");

const DEFINITION: Definition = {
  kind: "static",
  mode: "strict",
  strictAgents: false,
  graceSeconds: null,
  instanceTimeoutSeconds: null,
  stages: [
    { name: "Fetch", timeoutSeconds: null },
    { name: "Train", timeoutSeconds: 300 },
    { name: "Publish", timeoutSeconds: null },
  ],
};

type Named = { projectId: string; id: string; instanceId: string; agent: string };

const NAMED: Named = { projectId: "p1", id: "swf1", instanceId: "s1", agent: "fetcher" };

/** Every alert about a workflow, as its state machine's word makes them: `strayed` came while no instance was under way. */
export function workflowAlerts(named: Partial<Named> = {}) {
  const { projectId, id, instanceId, agent } = { ...NAMED, ...named };
  const workflow: LoadedWorkflow = {
    projectId,
    id,
    kind: "static",
    name: "Nightly model",
    version: 1,
    nInstances: 1,
    madeAt: BEGAN,
    budget: NO_BUDGET,
    today: null,
    baseline: NO_BASELINE,
    approvers: [],
    instances: [],
    definitions: new Map([[1, DEFINITION]]),
  };
  const running: LoadedInstance = {
    ...begin(BEGAN),
    nSteps: 1,
    reached: [1],
    id: instanceId,
    seq: 1,
    version: 1,
    agentCode: agent,
    lastAgent: agent,
    lastAgentAt: BEGAN,
    lastSignalAt: BEGAN,
    costMicros: 0,
    nCopied: 0,
    copiedCostMicros: 0,
    breakers: null,
    overrides: null,
  };
  const at = BEGAN + 300_000;
  const about = { workflow, instance: running, at };
  const failed = (failureReason: string): typeof about => ({
    ...about,
    instance: { ...running, status: "failed", endedAt: at, failureReason },
  });
  const completed = { ...running, status: "completed" as const, endedAt: at, reached: [1, 2, 3], nSteps: 3 };
  const missed = { code: "stage_missed" as const, expected: "2" };
  return {
    missed: required(refusedAlert(about, missed, "3")),
    outOfOrder: required(refusedAlert(about, { code: "stage_out_of_order", expected: "2" }, "1")),
    strayed: required(refusedAlert({ ...about, instance: null }, { ...missed, expected: "1" }, "3")),
    timeout: endedAlert(failed("Stage 2 timeout"), { is: "failed", cause: "stage_timeout", stage: "2" }),
    failed: endedAlert(failed("Stage 2 failed"), { is: "failed", cause: "failed", stage: "2" }),
    completed: endedAlert({ ...about, instance: completed }, { is: "completed" }),
  };
}

function required(alert: NewAlert | null): NewAlert {
  if (alert === null) throw new Error("this refusal is told of");
  return alert;
}

/** An alert as a channel gets it. */
export function factsFrom(alert: NewAlert): AlertFacts {
  const { projectId, type, severity, subjectType, subjectId, subjectName, message, data, occurredAt } = alert;
  return {
    id: 21,
    projectId,
    type,
    severity,
    subject: { type: subjectType, id: subjectId, name: subjectName },
    message,
    data: JSON.parse(JSON.stringify(data)),
    occurredAt: new Date(occurredAt),
  };
}
