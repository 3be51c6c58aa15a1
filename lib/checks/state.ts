import { nextOccurrence, type Schedule } from "@/lib/checks/schedule/schedule";
import { HOUR } from "@/lib/core/time";

/** Pure: nothing here reads a clock, a database or the network. All times are epoch milliseconds. */
export type Status = "new" | "up" | "down" | "paused";
export type Health = Status | "late";
export type PingKind = "success" | "start" | "fail" | "log" | "ign";
export type FlipReason = "success" | "fail" | "timeout" | "run_timeout" | "pause" | "resume";

/** A run without an end. `dueAt` is null once it has timed out; its end may still be reported. */
export type OpenRun = { id: string; rid: string | null; startedAt: number; dueAt: number | null };
export type EndedRun = {
  run: OpenRun;
  status: "success" | "failed" | "abandoned";
  endedAt: number;
  /** Null when start and end were not matched by run id. */
  durationMs: number | null;
};

export type CheckState = {
  status: Status;
  schedule: Schedule;
  graceMs: number;
  lastPingAt: number | null;
  lastDurationMs: number | null;
  /** When it goes down if nothing more is heard; stored, because blackout credit may have moved it. */
  dueAt: number | null;
  /** Runs without an end, oldest first; at most one for each run id. */
  openRuns: OpenRun[];
};

export type CheckEvent =
  | { type: PingKind; rid: string | null; runId: string }
  | { type: "tick" }
  | { type: "pause" }
  | { type: "resume" }
  | { type: "edit"; schedule: Schedule; graceMs: number };

export type Flip = { from: Status; to: Status; at: number; reason: FlipReason };

export type Transition = {
  next: CheckState;
  flip: Flip | null;
  startedRun: OpenRun | null;
  timedOutRuns: OpenRun[];
  endedRuns: EndedRun[];
  /** Of the run this event ended, when its start is known. */
  durationMs: number | null;
};

/** A run that timed out and stays silent this long after its start is given up (the horizon of the reference service). */
const GIVE_UP_AFTER = 72 * HOUR;
/** More open runs than this can only be a client that never finishes any; the oldest are given up. */
const MAX_OPEN_RUNS = 200;

type Change = Partial<Omit<Transition, "next" | "flip">> & { next?: Partial<CheckState>; flip?: Omit<Flip, "from"> };

/** When the next signal is expected; null when none is (a new, paused or down check, or a finished schedule). */
export function nextExpected(check: CheckState): number | null {
  if (check.status !== "up" || check.lastPingAt === null) return null;
  return nextOccurrence(check.schedule, check.lastPingAt);
}

function deadline(check: CheckState): number | null {
  const expected = nextExpected(check);
  return expected === null ? null : expected + check.graceMs;
}

/** The first moment at which silence makes it go down, by schedule or by a run that does not end; null when none. */
export function downAt(check: CheckState): number | null {
  if (check.status === "down") return null;
  const moments = [check.dueAt, ...check.openRuns.map((run) => run.dueAt)].filter((moment) => moment !== null);
  return moments.length === 0 ? null : Math.min(...moments);
}

/** What a person should see now. Derived, never stored. */
export function health(check: CheckState, now: number): Health {
  const down = downAt(check);
  if (down !== null && now >= down) return "down";
  const isLate = check.dueAt !== null && now >= check.dueAt - check.graceMs;
  return isLate ? "late" : check.status;
}

function end(run: OpenRun, status: EndedRun["status"], at: number): EndedRun {
  const durationMs = status === "abandoned" ? null : at - run.startedAt;
  return { run, status, endedAt: at, durationMs };
}

function without(runs: OpenRun[], ended: OpenRun[]): OpenRun[] {
  return runs.filter((run) => !ended.includes(run));
}

function start(check: CheckState, event: { rid: string | null; runId: string }, now: number): Change {
  const run = { id: event.runId, rid: event.rid, startedAt: now, dueAt: now + check.graceMs };
  const excess = check.openRuns.length + 1 - MAX_OPEN_RUNS;
  // A second start with the same run id means that the first run will not report an end of its own.
  const over = check.openRuns.filter((open, age) => open.rid === event.rid || age < excess || isForgotten(open, now));
  return {
    startedRun: run,
    endedRuns: over.map((open) => end(open, "abandoned", now)),
    next: { openRuns: [...without(check.openRuns, over), run] },
  };
}

function isForgotten(run: OpenRun, now: number): boolean {
  return run.dueAt === null && run.startedAt < now - GIVE_UP_AFTER;
}

/**
 * Which open runs a finishing signal ends without having matched one: a success that names no run speaks for the whole
 * job, and so does any failure; a success that names another run leaves the open ones running.
 */
function unmatched(check: CheckState, event: { type: "success" | "fail"; rid: string | null }): OpenRun[] {
  return event.type === "fail" || event.rid === null ? check.openRuns : [];
}

function finish(check: CheckState, event: { type: "success" | "fail"; rid: string | null }, now: number): Change {
  const match = check.openRuns.find((run) => run.rid === event.rid);
  const over = match === undefined ? unmatched(check, event) : [match];
  const status = event.type === "success" ? "success" : "failed";
  const endedRuns = over.map((run) => end(run, match === undefined ? "abandoned" : status, now));
  const durationMs = match === undefined ? null : now - match.startedAt;
  return {
    endedRuns,
    durationMs,
    flip: { to: event.type === "success" ? "up" : "down", at: now, reason: event.type },
    next: { lastPingAt: now, lastDurationMs: durationMs, openRuns: without(check.openRuns, over) },
  };
}

function tick(check: CheckState, now: number): Change {
  const overdue = check.openRuns.filter((run) => run.dueAt !== null && now >= run.dueAt);
  const change: Change = {
    timedOutRuns: overdue,
    next: { openRuns: check.openRuns.map((run) => (overdue.includes(run) ? { ...run, dueAt: null } : run)) },
  };
  const down = downAt(check);
  if (down === null || now < down) return change;
  const reason = down === check.dueAt ? "timeout" : "run_timeout";
  return { ...change, flip: { to: "down", at: down, reason } };
}

function rest(check: CheckState, to: "paused" | "new", now: number): Change {
  const reason = to === "paused" ? "pause" : "resume";
  return {
    flip: { to, at: now, reason },
    endedRuns: check.openRuns.map((run) => end(run, "abandoned", now)),
    next: { openRuns: [], ...(to === "new" && { lastPingAt: null }) },
  };
}

function edit(event: { schedule: Schedule; graceMs: number }, check: CheckState): Change {
  const openRuns = check.openRuns.map((run) => ({
    ...run,
    dueAt: run.dueAt === null ? null : run.startedAt + event.graceMs,
  }));
  return { next: { schedule: event.schedule, graceMs: event.graceMs, openRuns } };
}

function change(check: CheckState, event: CheckEvent, now: number): Change {
  switch (event.type) {
    case "start":
      return start(check, event, now);
    case "success":
    case "fail":
      return finish(check, { type: event.type, rid: event.rid }, now);
    case "log":
    case "ign":
      return {};
    case "tick":
      return tick(check, now);
    case "pause":
      return rest(check, "paused", now);
    case "resume":
      return check.status === "paused" ? rest(check, "new", now) : {};
    case "edit":
      return edit(event, check);
  }
}

const MOVES_DEADLINE: ReadonlySet<CheckEvent["type"]> = new Set(["success", "fail", "pause", "resume", "edit"]);

/**
 * The only way a check changes. A flip is dated when it happened, not when it was noticed. `tick` acts only when the
 * stored deadline itself has passed, so a signal that moved the deadline is never overruled.
 */
export function transition(check: CheckState, event: CheckEvent, now: number): Transition {
  const { next: fields, flip: wanted, ...effects } = change(check, event, now);
  const status = wanted?.to ?? check.status;
  const flip = wanted === undefined || wanted.to === check.status ? null : { from: check.status, ...wanted };
  const moved = { ...check, ...fields, status };
  const next = { ...moved, dueAt: nextDue(moved, event) };
  return { next, flip, startedRun: null, timedOutRuns: [], endedRuns: [], durationMs: null, ...effects };
}

function nextDue(check: CheckState, event: CheckEvent): number | null {
  if (MOVES_DEADLINE.has(event.type)) return deadline(check);
  return check.status === "up" ? check.dueAt : null;
}

/** Whether people are told of this flip: going down, and coming back from down. */
export function alertFor(flip: Flip | null): "check.down" | "check.up" | null {
  if (flip?.to === "down") return "check.down";
  return flip?.to === "up" && flip.from === "down" ? "check.up" : null;
}
