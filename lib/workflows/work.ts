import { randomLower } from "@/lib/core/ids";
import { mergePatch } from "@/lib/core/merge-patch";
import type { LimitQuestion } from "@/lib/costs/limit-question";
import { type Addressed, type Ask, address, isEcho } from "./address";
import { endedAlert, OPEN_TYPES, refusalsOver, refusedAlert, type WorkflowAlert } from "./alert";
import { brake } from "./brake";
import { definitionOf, type LoadedInstance, type LoadedWorkflow } from "./loaded";
import { begin, type Ending, type InstanceState, type Status, type Transition, transition } from "./state";
import { NOTHING_TOLD, type StepDetail } from "./step";

/** A stage signal as its workflow sees it. */
export type Report = Ask & {
  isFinal: boolean;
  isFailure: boolean;
  stageName: string | null;
  agent: string | null;
  detail: StepDetail | null;
  /** Too many of its kind come: it counts, but a stage that had come before leaves no step. */
  isThinned: boolean;
  /** As it was sent, without its key. */
  raw: () => object;
};

/** What is stored of a report. */
export type StepReport = Pick<Report, "path" | "stageName" | "agent" | "isFinal" | "detail">;

export type NewStep = {
  projectId: string;
  instanceId: string;
  ordinal: number;
  at: number;
  isFailed: boolean;
  report: StepReport;
  /** The span that tells of it, and the one around that. */
  span?: { id: string; parentId: string | null };
};
export type NewHandoff = {
  instanceId: string;
  ordinal: number;
  at: number;
  from: string;
  to: string;
  gapMs: number;
  reason: string | null;
};
export type NewRejected = {
  instanceId: string | null;
  at: number;
  code: string;
  expected: string | null;
  report: Report;
};

/** A workflow whose instances are being changed, with all that is to be stored of it. */
export type Work = {
  workflow: LoadedWorkflow;
  /** Ids of instances that began, and of all that changed. */
  begun: Set<string>;
  changed: Set<string>;
  steps: NewStep[];
  handoffs: NewHandoff[];
  rejected: NewRejected[];
  alerts: WorkflowAlert[];
  /** Instances that completed, which ends what was told of them and of earlier ones. */
  completed: { seq: number; at: number }[];
  /** Keys of alerts that are over, because a graver one tells of the same. */
  settled: { key: string; at: number }[];
  /** Instances that were paused until somebody approves a higher limit. */
  asked: LimitQuestion[];
  /** Ids of instances that were paused and go on or are over: what was asked about their limits is to be taken back. */
  unpaused: Set<string>;
};

export type Refused = {
  code: Extract<Addressed, { refusal: unknown }>["refusal"]["code"] | "agent_required";
  expected: string | null;
};

/**
 * What became of a signal: the step it made, or why it was refused. `status` is that of the instance after it; `isStopped`: a
 * limit of its costs has stopped the instance with it.
 */
export type Verdict =
  | { is: "accepted"; instanceId: string; status: Status; isStopped: boolean }
  | { is: "refused"; instanceId: string | null; status: Status | null; refusal: Refused };

export function startWork(workflow: LoadedWorkflow): Work {
  return {
    workflow,
    begun: new Set(),
    changed: new Set(),
    steps: [],
    handoffs: [],
    rejected: [],
    alerts: [],
    completed: [],
    settled: [],
    asked: [],
    unpaused: new Set(),
  };
}

const ID_LENGTH = 16;

/** An instance before its first signal, with a random id. */
export function newInstance(
  { kind, version, nInstances }: LoadedWorkflow,
  agentCode: string | null,
  now: number,
): LoadedInstance {
  return {
    ...begin(now),
    id: `${kind === "static" ? "s" : "d"}${randomLower(ID_LENGTH)}`,
    seq: nInstances + 1,
    version,
    agentCode,
    lastAgent: null,
    lastAgentAt: null,
    lastSignalAt: now,
    costMicros: 0,
    nCopied: 0,
    copiedCostMicros: 0,
    breakers: null,
    overrides: null,
  };
}

function reject(
  work: Work,
  { instance, now }: { instance: LoadedInstance | null; now: number },
  told: { report: Report; refusal: Refused },
): Verdict {
  const { report, refusal } = told;
  const { code, expected } = refusal;
  // One that refuses the very stage that would begin it never was.
  const known = instance !== null && work.workflow.instances.includes(instance) ? instance : null;
  work.rejected.push({ instanceId: known?.id ?? null, at: now, code, expected, report });
  const isOld = known === null && isEcho(work.workflow, { path: report.path, now });
  const alert = isOld
    ? null
    : refusedAlert({ workflow: work.workflow, instance: known, at: now }, refusal, report.path);
  if (alert !== null) work.alerts.push(alert);
  return { is: "refused", instanceId: known?.id ?? null, status: known?.status ?? null, refusal };
}

type Speaking = Pick<LoadedInstance, "id" | "nSteps" | "lastAgent" | "lastAgentAt">;

/** Who hands over to whom, when the agent that speaks is another than the one before it. */
export function handoff(instance: Speaking, { agent, detail }: StepReport, at: number): NewHandoff | null {
  const { lastAgent, lastAgentAt, id, nSteps } = instance;
  if (agent === null || lastAgent === null || lastAgentAt === null || agent === lastAgent) return null;
  const reason = detail?.handoffReason ?? null;
  const gapMs = Math.max(0, at - lastAgentAt);
  return { instanceId: id, ordinal: nSteps, at, from: lastAgent, to: agent, gapMs, reason };
}

/** Whether sums would be wrong without it. Tags and tool calls alone, like a payload, change none. */
const tellsAmount = ({ costMicros, inputTokens, outputTokens }: StepDetail): boolean =>
  [costMicros, inputTokens, outputTokens].some((amount) => (amount ?? 0) !== 0);

/** Whether the step of a signal is left out: of too many, those that tell nothing new. */
function leavesNoStep({ isThinned, isFinal, isFailure, detail }: Report, isRepeat: boolean): boolean {
  return isThinned && isRepeat && !isFinal && !isFailure && (detail === null || !tellsAmount(detail));
}

/** Whether an alert is over once the instance of this `seq` has completed: it is of it or an earlier one, and that does not run. */
function isOver({ workflow }: Work, { type, data }: WorkflowAlert, seq: number): boolean {
  if (!OPEN_TYPES.includes(type) || data.instance_seq > seq) return false;
  return !workflow.instances.some(({ id, status }) => id === data.instance_id && status === "running");
}

/** Notes what an ending means for what people were and are told. */
export function end(work: Work, instance: LoadedInstance, { ending, at }: { ending: Ending; at: number }): void {
  const { workflow, alerts } = work;
  const over = refusalsOver(workflow, { id: instance.id, at });
  const keys = over.map(({ key }) => key);
  const isOld = (alert: WorkflowAlert): boolean =>
    ending.is === "completed" ? isOver(work, alert, instance.seq) : keys.includes(alert.dedupKey);
  for (const alert of alerts) if (isOld(alert)) alert.resolvedAt ??= at;
  if (ending.is === "completed") work.completed.push({ seq: instance.seq, at });
  else work.settled.push(...over);
  alerts.push(endedAlert({ workflow, instance, at }, ending));
}

/** Puts an instance in the place of what it was, or adds it. */
export function replace(work: Work, before: LoadedInstance, after: LoadedInstance): void {
  const { instances } = work.workflow;
  const at = instances.indexOf(before);
  if (at < 0) {
    instances.push(after);
    work.workflow.nInstances = after.seq;
    work.begun.add(after.id);
  } else instances[at] = after;
  work.changed.add(after.id);
}

type Moment = { now: number; isRepeat: (instanceId: string, path: string) => boolean };
type Taken = { report: Report; now: number; isRepeat: boolean };

/** Whether its stage had come before: declared ones are kept with the instance, of other paths it has to be told. */
function isKnown({ workflow }: Work, { reached }: LoadedInstance, { report, isRepeat }: Taken): boolean {
  return workflow.kind === "static" ? reached.includes(Number(report.path)) : isRepeat;
}

/** The instance after a signal that it took, with what it keeps besides its state. */
function withSignal(before: LoadedInstance, next: InstanceState, { report, now }: Taken): LoadedInstance {
  const { agent, detail } = report;
  return {
    ...before,
    ...next,
    agentCode: before.nSteps === 0 ? agent : before.agentCode,
    lastAgent: agent ?? before.lastAgent,
    lastAgentAt: agent === null ? before.lastAgentAt : now,
    lastSignalAt: now,
    costMicros: before.costMicros + (detail?.costMicros ?? 0),
  };
}

/** A signal with what whoever forked its instance wanted changed in its payload. */
function overridden(report: Report, { overrides }: LoadedInstance): Report {
  const patch = overrides?.[report.path];
  if (patch === undefined) return report;
  const detail = report.detail ?? NOTHING_TOLD;
  return { ...report, detail: { ...detail, payload: mergePatch(detail.payload, patch) } };
}

function record(work: Work, before: LoadedInstance, taken: Taken): void {
  const { now } = taken;
  const report = overridden(taken.report, before);
  const { projectId } = work.workflow;
  const step = {
    projectId,
    instanceId: before.id,
    ordinal: before.nSteps,
    at: now,
    isFailed: report.isFailure,
    report,
  };
  work.steps.push(step);
  const handed = handoff(before, report, now);
  if (handed !== null) work.handoffs.push(handed);
}

/** What the machine makes of a signal, or why it is refused before that. */
function move(work: Work, before: LoadedInstance, { report, now, isRepeat }: Taken): Transition | Refused {
  const definition = definitionOf(work.workflow, before.version);
  if (definition.strictAgents && report.agent === null) return { code: "agent_required", expected: null };
  const { path, isFinal, isFailure } = report;
  const moved = transition(before, { type: "stage", path, isRepeat, isFinal, isFailure }, { definition, now });
  return moved.refusal ?? moved;
}

function accept(work: Work, before: LoadedInstance, taken: Taken): Verdict {
  const { report, now } = taken;
  const moved = move(work, before, taken);
  if ("code" in moved) return reject(work, { instance: before, now }, { report, refusal: moved });
  const isLeftOut = leavesNoStep(report, isKnown(work, before, taken));
  if (!isLeftOut) record(work, before, taken);
  const next = isLeftOut ? { ...moved.next, nSteps: before.nSteps } : moved.next;
  const reached = withSignal(before, next, taken);
  const spent = { details: isLeftOut ? [] : [{ at: now, detail: report.detail }], now };
  const { instance: after, isStopped } = brake(work, reached, spent);
  replace(work, before, after);
  if (moved.ending !== null) end(work, after, { ending: moved.ending, at: now });
  return { is: "accepted", instanceId: after.id, status: after.status, isStopped };
}

/**
 * Takes a stage signal: finds its instance, or begins one, and moves it. Pure but for `work`, in which all that is to be
 * stored is noted, and for the random id of a new instance. `now` is in epoch milliseconds and must not go back.
 */
export function takeStage(work: Work, report: Report, { now, isRepeat }: Moment): Verdict {
  const found = address(report, work.workflow, now);
  if ("refusal" in found) return reject(work, { instance: found.of, now }, { report, refusal: found.refusal });
  const instance = "to" in found ? found.to : newInstance(work.workflow, report.agent, now);
  return accept(work, instance, { report, now, isRepeat: isRepeat(instance.id, report.path) });
}

/** Lets time pass for an instance: it fails when its deadline has gone by. */
export function tickInstance(work: Work, before: LoadedInstance, now: number): void {
  const definition = definitionOf(work.workflow, before.version);
  const { next, ending } = transition(before, { type: "tick" }, { definition, now });
  const after = { ...before, ...next };
  replace(work, before, after);
  if (ending !== null) end(work, after, { ending, at: after.endedAt ?? now });
}
