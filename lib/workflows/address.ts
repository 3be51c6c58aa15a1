import { MINUTE, SECOND } from "@/lib/core/time";
import { definitionOf, type LoadedInstance, type LoadedWorkflow } from "./loaded";
import { type Refusal, refusalOf } from "./state";

/** After the end of a failed instance, how long a stage that it lacked is taken for a late one of it, at least. */
const STRAGGLER_MS = 10 * MINUTE;

/** Which instance a signal asks for: the one it names, a new one, or whichever is meant. */
export type Ask = { instanceId: string | null; path: string; isStart: boolean };

/** The instance a signal is for, that it begins one, or why there is none. */
export type Addressed =
  | { to: LoadedInstance }
  | { begins: true }
  | {
      refusal: Refusal | { code: "no_such_instance" | "no_running_instance"; expected: null };
      of: LoadedInstance | null;
    };

const newest = (instances: LoadedInstance[]): LoadedInstance | undefined =>
  instances.reduce<LoadedInstance | undefined>(
    (best, one) => (best === undefined || one.seq > best.seq ? one : best),
    undefined,
  );

function closed(instance: LoadedInstance): Addressed | null {
  const refusal = refusalOf(instance);
  return refusal === null ? null : { refusal, of: instance };
}

/** Whether it runs in flexible mode and its first declared stage has not come: a first stage is then for it. */
export function lacksFirst(workflow: LoadedWorkflow, instance: LoadedInstance): boolean {
  const { kind, mode } = definitionOf(workflow, instance.version);
  return kind === "static" && mode === "flexible" && instance.status === "running" && instance.reached[0] !== 1;
}

type Late = { path: string; now: number };

/** Whether an instance ended so recently that signals may still be on their way to it. */
function hasJustEnded(workflow: LoadedWorkflow, { version, endedAt }: LoadedInstance, now: number): boolean {
  const { graceSeconds } = definitionOf(workflow, version);
  return endedAt !== null && now < endedAt + Math.max(STRAGGLER_MS, (graceSeconds ?? 0) * SECOND);
}

const isBroken = ({ status }: LoadedInstance): boolean => status === "failed" || status === "terminated";

/** A stage that a failed instance waited for comes too late for it; it must not look like the begin of another one. */
function isStraggler(workflow: LoadedWorkflow, last: LoadedInstance, { path, now }: Late): boolean {
  return isBroken(last) && !last.reached.includes(Number(path)) && hasJustEnded(workflow, last, now);
}

/**
 * Whether a stage that strict mode refuses because nothing runs belongs to the instance that has just ended: it failed
 * without it, or this is its last stage sent again. Nobody needs to be told of that.
 */
export function isEcho(workflow: LoadedWorkflow, { path, now }: Late): boolean {
  const last = newest(workflow.instances);
  // A path that begins a dynamic instance says so itself: it was on its way to no other.
  if (last === undefined || workflow.kind === "dynamic") return false;
  const isLast = Number(path) === definitionOf(workflow, last.version).stages.length;
  const isAgain = last.status === "completed" && isLast && hasJustEnded(workflow, last, now);
  return isAgain || isStraggler(workflow, last, { path, now });
}

/** Whether what names no instance has to hear why the newest one takes nothing. */
function isShut(workflow: LoadedWorkflow, last: LoadedInstance, late: Late): boolean {
  if (last.status === "paused") return true;
  if (workflow.kind === "dynamic") return isBroken(last) && hasJustEnded(workflow, last, late.now);
  // Strict mode says which stage it misses instead, as it does before the first instance.
  const isTold = definitionOf(workflow, workflow.version).mode === "flexible" || last.status === "terminated";
  return isTold && isStraggler(workflow, last, late);
}

function addressDeclared(ask: Ask, workflow: LoadedWorkflow, now: number): Addressed {
  const { instances } = workflow;
  if (ask.path === "1") {
    const waiting = newest(instances.filter((one) => lacksFirst(workflow, one)));
    return waiting === undefined ? { begins: true } : { to: waiting };
  }
  return runningOr(workflow, { path: ask.path, now }, { begins: true });
}

/** The newest instance that runs, else why the newest of all takes nothing, else what is left. */
function runningOr(workflow: LoadedWorkflow, late: Late, otherwise: Addressed): Addressed {
  const running = newest(workflow.instances.filter(({ status }) => status === "running"));
  if (running !== undefined) return { to: running };
  const last = newest(workflow.instances);
  return (last !== undefined && isShut(workflow, last, late) ? closed(last) : null) ?? otherwise;
}

const NONE_RUNS: Addressed = { refusal: { code: "no_running_instance", expected: null }, of: null };

/**
 * Finds the instance a signal is for (public contract §5). Pure; `workflow.instances` must hold those that may be meant,
 * and `now` is in epoch milliseconds. In strict mode a new instance may refuse the very stage that would begin it.
 */
export function address(ask: Ask, workflow: LoadedWorkflow, now: number): Addressed {
  if (ask.instanceId !== null) {
    const named = workflow.instances.find(({ id }) => id === ask.instanceId);
    return named === undefined ? { refusal: { code: "no_such_instance", expected: null }, of: null } : { to: named };
  }
  if (workflow.kind === "static") return addressDeclared(ask, workflow, now);
  return ask.isStart ? { begins: true } : runningOr(workflow, { path: ask.path, now }, NONE_RUNS);
}
