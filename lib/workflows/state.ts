import type { Definition } from "./definition";
import { firstNumber } from "./path";

/** Pure: nothing here reads a clock, a database or the network. All times are epoch milliseconds. */
export type Status = "running" | "paused" | "completed" | "failed" | "terminated";

export type InstanceState = {
  status: Status;
  startedAt: number;
  endedAt: number | null;
  failureReason: string | null;
  /** How many signals it has accepted: the next one is the step of this number. */
  nSteps: number;
  /** The declared stages that were reached, in order; only of a static workflow. */
  reached: readonly number[];
  /** The highest first number of a path that was reached; only of a dynamic workflow. */
  top: number | null;
  /** When the newest declared stage that had not been reached before arrived; what our own outages took is added. */
  progressAt: number;
  /** When it fails if nothing more is heard; stored, because blackout credit may have moved it. */
  dueAt: number | null;
  /** By how much our own outages, and pauses, moved what counts from the start. */
  creditMs: number;
  /** Since when it is paused; null while it is not. */
  pausedAt: number | null;
};

/** `isRepeat`: whether a dynamic path was reached before; whoever asks has to look, because paths are not kept here. */
export type StageEvent = { type: "stage"; path: string; isRepeat: boolean; isFinal: boolean; isFailure: boolean };
/**
 * Spans of a trace, told after they were: how many steps they make, and the highest first number of their paths. `root`
 * is how the whole trace ended, once its outermost span has come; `reason` says why it failed.
 */
export type SpansEvent = {
  type: "spans";
  steps: number;
  top: number;
  root: { isFailed: boolean; reason: string | null } | null;
};
/** Somebody ends it; `reason` says why, in a sentence. */
export type TerminateEvent = { type: "terminate"; reason: string };
/** It waits for a human, and its time stands still. */
export type PauseEvent = { type: "pause" };
export type ResumeEvent = { type: "resume" };
export type InstanceEvent = StageEvent | SpansEvent | TerminateEvent | PauseEvent | ResumeEvent | { type: "tick" };

/** Why a stage is refused, and in strict mode which one should have come. */
export type Refusal =
  | { code: "stage_missed" | "stage_out_of_order" | "unknown_stage"; expected: string | null }
  | { code: "instance_paused" | "instance_completed" | "instance_failed" | "instance_terminated"; expected: null }
  | { code: "not_paused"; expected: null };

/** What people may want to hear of. `stage` is the path that is to blame; null when time as a whole ran out. */
export type Ending = { is: "completed" } | { is: "failed"; cause: "stage_timeout" | "failed"; stage: string | null };

export type Transition = { next: InstanceState; refusal: Refusal | null; ending: Ending | null };

type Deadline = { at: number; reason: string; cause: "stage_timeout" | "failed"; stage: string | null };

/** An instance before its first signal. */
export function begin(now: number): InstanceState {
  return {
    status: "running",
    startedAt: now,
    endedAt: null,
    failureReason: null,
    nSteps: 0,
    reached: [],
    top: null,
    progressAt: now,
    dueAt: null,
    creditMs: 0,
    pausedAt: null,
  };
}

/** What an instance brings along that does not begin with nothing: how many steps, and the paths of their stages. */
export type Copied = { nSteps: number; paths: readonly string[] };

/** A running instance that begins with steps of another. Its time begins now, and it runs also when nothing is left to come. */
export function beginWith({ nSteps, paths }: Copied, { definition, now }: { definition: Definition; now: number }) {
  const numbers = [...new Set(paths.map(firstNumber))].sort((a, b) => a - b);
  const isStatic = definition.kind === "static";
  const state: InstanceState = {
    ...begin(now),
    nSteps,
    reached: isStatic ? numbers : [],
    top: isStatic ? null : (numbers.at(-1) ?? null),
  };
  return { ...state, dueAt: deadlines(state, definition)[0]?.at ?? null };
}

/** The declared stage that comes next in strict mode; null when all have come. */
function nextDeclared({ reached }: InstanceState, { stages }: Definition): number | null {
  const next = (reached.at(-1) ?? 0) + 1;
  return next > stages.length ? null : next;
}

/** The numbers of declared stages that have not come. */
export function missingStages({ reached }: Pick<InstanceState, "reached">, { stages }: Definition): number[] {
  const come = new Set(reached);
  return stages.map((_, index) => index + 1).filter((number) => !come.has(number));
}

/** Each stage that bounds the wait for it: in strict mode the next one alone, from the arrival of the one before it. */
function stageDeadlines(state: InstanceState, definition: Definition): Deadline[] {
  const isStrict = definition.mode === "strict";
  const next = nextDeclared(state, definition);
  const awaited = isStrict ? [next].filter((number) => number !== null) : missingStages(state, definition);
  const since = isStrict ? state.progressAt : state.startedAt + state.creditMs;
  return awaited.flatMap((number): Deadline[] => {
    const { timeoutSeconds } = definition.stages[number - 1] ?? { timeoutSeconds: null };
    if (timeoutSeconds === null) return [];
    const at = since + timeoutSeconds * 1000;
    return [{ at, reason: `Stage ${number} timeout`, cause: "stage_timeout", stage: String(number) }];
  });
}

/** Everything that time alone may end it by, the earliest first. */
function deadlines(state: InstanceState, definition: Definition): Deadline[] {
  const { instanceTimeoutSeconds, graceSeconds, mode } = definition;
  const since = state.startedAt + state.creditMs;
  const whole = (seconds: number | null, reason: string): Deadline[] =>
    seconds === null ? [] : [{ at: since + seconds * 1000, reason, cause: "failed", stage: null }];
  return [
    ...stageDeadlines(state, definition),
    ...whole(mode === "flexible" ? graceSeconds : null, "Grace period exceeded"),
    ...whole(instanceTimeoutSeconds, "Instance timeout"),
  ].sort((a, b) => a.at - b.at);
}

/** The path of the stage that is to blame when its deadline passes; null when it would be time as a whole. */
export function awaitedStage(state: InstanceState, definition: Definition): string | null {
  return deadlines(state, definition)[0]?.stage ?? null;
}

const endedAs = {
  completed: "instance_completed",
  failed: "instance_failed",
  terminated: "instance_terminated",
  paused: "instance_paused",
} as const;

/** Why a stage cannot be taken by an instance that is paused or over; null while it runs. */
export function refusalOf({ status }: Pick<InstanceState, "status">): Refusal | null {
  return status === "running" ? null : { code: endedAs[status], expected: null };
}

/** Stage N+1 after N, each once. */
function refuseDeclared(state: InstanceState, definition: Definition, number: number): Refusal | null {
  if (number < 1 || number > definition.stages.length) return { code: "unknown_stage", expected: null };
  if (definition.mode === "flexible") return null;
  const next = nextDeclared(state, definition);
  const expected = next === null ? null : String(next);
  if (next === null || number < next) return { code: "stage_out_of_order", expected };
  return number > next ? { code: "stage_missed", expected } : null;
}

/** First numbers go on one by one, from 0 or 1; paths below one first number may come in any order, each once. */
function refusePath({ top }: InstanceState, { mode }: Definition, { path, isRepeat }: StageEvent): Refusal | null {
  if (mode === "flexible") return null;
  const first = firstNumber(path);
  const expected = String((top ?? 0) + 1);
  if (first > (top ?? 0) + 1) return { code: "stage_missed", expected };
  return isRepeat || (top !== null && first < top) ? { code: "stage_out_of_order", expected } : null;
}

/** Why the rules refuse a stage; null when they take it. */
function refuse(state: InstanceState, definition: Definition, event: StageEvent): Refusal | null {
  const closed = refusalOf(state);
  if (closed !== null) return closed;
  return definition.kind === "static"
    ? refuseDeclared(state, definition, Number(event.path))
    : refusePath(state, definition, event);
}

function withReached(reached: readonly number[], number: number): readonly number[] {
  if (reached.includes(number)) return reached;
  return number > (reached.at(-1) ?? 0) ? [...reached, number] : [...reached, number].sort((a, b) => a - b);
}

type Taken = { event: StageEvent; now: number };

/** Where a stage that is taken brings it. */
function advance(state: InstanceState, { kind }: Definition, { event: { path }, now }: Taken): InstanceState {
  const isStatic = kind === "static";
  const reached = isStatic ? withReached(state.reached, Number(path)) : state.reached;
  const top = isStatic ? null : Math.max(state.top ?? 0, firstNumber(path));
  const isNews = reached !== state.reached;
  return { ...state, reached, top, nSteps: state.nSteps + 1, progressAt: isNews ? now : state.progressAt };
}

function isComplete(state: InstanceState, definition: Definition, { isFinal }: StageEvent): boolean {
  return definition.kind === "static" ? state.reached.length === definition.stages.length : isFinal;
}

function stage(state: InstanceState, definition: Definition, { event, now }: Taken): Transition {
  const refusal = refuse(state, definition, event);
  if (refusal !== null) return { next: state, refusal, ending: null };
  const moved = advance(state, definition, { event, now });
  if (event.isFailure) {
    const failureReason = `Stage ${event.path} failed`;
    const next = { ...moved, status: "failed" as const, endedAt: now, failureReason, dueAt: null };
    return { next, refusal, ending: { is: "failed", cause: "failed", stage: event.path } };
  }
  if (isComplete(moved, definition, event)) {
    const next = { ...moved, status: "completed" as const, endedAt: now, dueAt: null };
    return { next, refusal, ending: { is: "completed" } };
  }
  return { next: { ...moved, dueAt: deadlines(moved, definition)[0]?.at ?? null }, refusal, ending: null };
}

/**
 * What a trace tells has happened already, so nothing of it is refused, also when the instance has ended. A step that
 * failed ends nothing, because agents try again: how the whole trace ended does.
 */
function spans(
  state: InstanceState,
  definition: Definition,
  { event, now }: { event: SpansEvent; now: number },
): Transition {
  const { steps, root } = event;
  const top = steps === 0 ? state.top : Math.max(state.top ?? 0, event.top);
  const grown = { ...state, nSteps: state.nSteps + steps, top };
  const isRunning = state.status === "running";
  const moved = isRunning ? { ...grown, dueAt: deadlines(grown, definition)[0]?.at ?? null } : grown;
  const isOpen = isRunning || state.status === "paused";
  if (root === null || !isOpen) return { next: moved, refusal: null, ending: null };
  const over = { ...moved, endedAt: now, dueAt: null, pausedAt: null };
  if (!root.isFailed) return { next: { ...over, status: "completed" }, refusal: null, ending: { is: "completed" } };
  const failureReason = root.reason === null ? "Trace failed" : `Trace failed: ${root.reason}`;
  const ending: Ending = { is: "failed", cause: "failed", stage: null };
  return { next: { ...over, status: "failed", failureReason }, refusal: null, ending };
}

/** What is over cannot be ended again; nobody is alerted, because somebody did it. */
function terminate(state: InstanceState, { reason }: TerminateEvent, now: number): Transition {
  const isOpen = state.status === "running" || state.status === "paused";
  if (!isOpen) return { next: state, refusal: refusalOf(state), ending: null };
  const over = { endedAt: now, failureReason: reason, dueAt: null, pausedAt: null };
  return { next: { ...state, status: "terminated", ...over }, refusal: null, ending: null };
}

const quiet = (next: InstanceState): Transition => ({ next, refusal: null, ending: null });

/** What is paused fails by no deadline. */
function pause(state: InstanceState, now: number): Transition {
  const refusal = refusalOf(state);
  if (refusal !== null) return { next: state, refusal, ending: null };
  return quiet({ ...state, status: "paused", pausedAt: now, dueAt: null });
}

/** It goes on as if no time had passed meanwhile. */
function resume(state: InstanceState, definition: Definition, now: number): Transition {
  const { status, pausedAt, creditMs, progressAt } = state;
  if (status !== "paused") return { next: state, refusal: { code: "not_paused", expected: null }, ending: null };
  const waitedMs = Math.max(0, now - (pausedAt ?? now));
  const times = { pausedAt: null, creditMs: creditMs + waitedMs, progressAt: progressAt + waitedMs };
  const next: InstanceState = { ...state, ...times, status: "running" };
  return quiet({ ...next, dueAt: deadlines(next, definition)[0]?.at ?? null });
}

/** Time alone ends it only when the stored deadline has passed, dated at that deadline. */
function tick(state: InstanceState, definition: Definition, now: number): Transition {
  const [first] = deadlines(state, definition);
  const { dueAt } = state;
  if (state.status !== "running" || dueAt === null || now < dueAt || first === undefined) {
    return { next: state, refusal: null, ending: null };
  }
  const next: InstanceState = { ...state, status: "failed", endedAt: dueAt, failureReason: first.reason, dueAt: null };
  return { next, refusal: null, ending: { is: "failed", cause: first.cause, stage: first.stage } };
}

/**
 * The only way an instance changes (public contract §5). What is refused leaves it as it was, and nothing moves one that
 * has ended. A stage that arrives before `tick` has judged a deadline counts, however late it is.
 */
export function transition(
  state: InstanceState,
  event: InstanceEvent,
  { definition, now }: { definition: Definition; now: number },
): Transition {
  switch (event.type) {
    case "tick":
      return tick(state, definition, now);
    case "terminate":
      return terminate(state, event, now);
    case "pause":
      return pause(state, now);
    case "resume":
      return resume(state, definition, now);
    case "spans":
      return spans(state, definition, { event, now });
    case "stage":
      return stage(state, definition, { event, now });
  }
}
