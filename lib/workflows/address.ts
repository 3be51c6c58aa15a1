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

/** A stage that a failed instance waited for comes too late for it; it must not look like the begin of another one. */
function isStraggler(
  workflow: LoadedWorkflow,
  last: LoadedInstance,
  { path, now }: { path: string; now: number },
): boolean {
  const { graceSeconds } = definitionOf(workflow, last.version);
  const isFailed = last.status === "failed" || last.status === "terminated";
  const window = Math.max(STRAGGLER_MS, (graceSeconds ?? 0) * SECOND);
  return isFailed && !last.reached.includes(Number(path)) && now < (last.endedAt ?? 0) + window;
}

function addressDeclared(ask: Ask, workflow: LoadedWorkflow, now: number): Addressed {
  const { instances } = workflow;
  if (ask.path === "1") {
    const waiting = newest(instances.filter((one) => lacksFirst(workflow, one)));
    return waiting === undefined ? { begins: true } : { to: waiting };
  }
  const running = newest(instances.filter(({ status }) => status === "running"));
  if (running !== undefined) return { to: running };
  const last = newest(instances);
  if (last === undefined) return { begins: true };
  const isClosed = last.status === "paused" || isStraggler(workflow, last, { path: ask.path, now });
  return (isClosed ? closed(last) : null) ?? { begins: true };
}

function addressPath({ isStart }: Ask, { instances }: LoadedWorkflow): Addressed {
  if (isStart) return { begins: true };
  const running = newest(instances.filter(({ status }) => status === "running"));
  if (running !== undefined) return { to: running };
  const last = newest(instances);
  const none: Addressed = { refusal: { code: "no_running_instance", expected: null }, of: null };
  // Who goes on with what was stopped has to hear that it was.
  return last === undefined || last.status === "completed" ? none : (closed(last) ?? none);
}

/**
 * Finds the instance a signal is for (public contract §5). Pure; `workflow.instances` must hold those that may be meant,
 * and `now` is in epoch milliseconds. In strict mode a new instance may refuse the very stage that would begin it.
 */
export function address(ask: Ask, workflow: LoadedWorkflow, now: number): Addressed {
  if (ask.instanceId !== null) {
    const named = workflow.instances.find(({ id }) => id === ask.instanceId);
    return named === undefined ? { refusal: { code: "no_such_instance", expected: null }, of: null } : { to: named };
  }
  return workflow.kind === "static" ? addressDeclared(ask, workflow, now) : addressPath(ask, workflow);
}
