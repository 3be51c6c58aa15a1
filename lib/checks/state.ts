import { momentsIn } from "@/lib/checks/schedule/moments";
import { nextOccurrence, type Schedule } from "@/lib/checks/schedule/schedule";
import { HOUR } from "@/lib/core/time";
import type { Rules } from "./rules";

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
  rules: Rules;
  lastPingAt: number | null;
  lastDurationMs: number | null;
  /** When it goes down if nothing more is heard; stored, because blackout credit may have moved it. */
  dueAt: number | null;
  /** When it becomes late; null stands for a grace time before `dueAt`, which it is unless several misses are allowed. */
  lateAt: number | null;
  /** The newest progress that was told, and how many times in a row; only kept when somebody asks for it. */
  progress: { value: string; count: number } | null;
  /** Runs without an end, oldest first; at most one for each run id. */
  openRuns: OpenRun[];
};

export type CheckEvent =
  | { type: PingKind; rid: string | null; runId: string; progress?: string | null }
  | { type: "tick" }
  | { type: "pause" }
  | { type: "resume" }
  | { type: "edit"; schedule: Schedule; graceMs: number; rules: Rules };

export type Flip = { from: Status; to: Status; at: number; reason: FlipReason };

/** Something to tell of besides the status. A run that is overdue may be noticed only when it ends. */
export type Notice =
  | { type: "late"; expectedAt: number }
  | { type: "run_overdue"; run: OpenRun; dueAt: number; endedAt: number | null }
  | { type: "run_too_short"; run: OpenRun; durationMs: number }
  | { type: "run_overlap"; run: OpenRun; others: number }
  | { type: "stuck"; value: string; count: number; at: number };

export type Transition = {
  next: CheckState;
  flip: Flip | null;
  startedRun: OpenRun | null;
  timedOutRuns: OpenRun[];
  endedRuns: EndedRun[];
  /** Expected moments that passed with their grace and without a signal: the newest 1,000 since the last one, oldest first. */
  missed: number[];
  notices: Notice[];
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
  if (check.status !== "up" || check.lastPingAt === null) return null;
  const last = nextOccurrence(check.schedule, check.lastPingAt, check.rules.maxMisses);
  return last === null ? null : last + check.graceMs;
}

/** From when on it is late; null when no signal is expected. */
export function lateAt(check: CheckState): number | null {
  return check.dueAt === null ? null : (check.lateAt ?? check.dueAt - check.graceMs);
}

/** By how much our own outages moved the deadline. */
function creditOf(check: CheckState): number {
  const computed = check.dueAt === null ? null : deadline(check);
  return check.dueAt === null || computed === null ? 0 : Math.max(0, check.dueAt - computed);
}

function missedBy(check: CheckState, now: number): number[] {
  if (check.lastPingAt === null || check.status === "new" || check.status === "paused") return [];
  const late = lateAt(check);
  // Every signal that comes in time ends here.
  if (late !== null && now < late + check.graceMs) return [];
  return momentsIn(check.schedule, { after: check.lastPingAt, until: now - check.graceMs - creditOf(check) });
}

/** The first moment at which silence makes it go down, by schedule or by a run that does not end; null when none. */
export function downAt(check: CheckState): number | null {
  if (check.status === "down") return null;
  const bounds = check.rules.maxRunMs === null ? check.openRuns.map((run) => run.dueAt) : [];
  const moments = [check.dueAt, ...bounds].filter((moment) => moment !== null);
  return moments.length === 0 ? null : Math.min(...moments);
}

/** What a person should see now. Derived, never stored. */
export function health(check: CheckState, now: number): Health {
  const down = downAt(check);
  if (down !== null && now >= down) return "down";
  const late = lateAt(check);
  return late !== null && now >= late ? "late" : check.status;
}

function end(run: OpenRun, status: EndedRun["status"], at: number): EndedRun {
  const durationMs = status === "abandoned" ? null : at - run.startedAt;
  return { run, status, endedAt: at, durationMs };
}

function without(runs: OpenRun[], ended: OpenRun[]): OpenRun[] {
  return runs.filter((run) => !ended.includes(run));
}

function start(check: CheckState, event: { rid: string | null; runId: string }, now: number): Change {
  const run = { id: event.runId, rid: event.rid, startedAt: now, dueAt: now + runBound(check) };
  const excess = check.openRuns.length + 1 - MAX_OPEN_RUNS;
  // A second start with the same run id means that the first run will not report an end of its own.
  const over = check.openRuns.filter((open, age) => open.rid === event.rid || age < excess || isForgotten(open, now));
  // The same start sent twice is one run; starts without a name cannot be told apart and count as two.
  const others = check.openRuns.filter(
    (open) => !isForgotten(open, now) && (open.rid !== event.rid || open.rid === null),
  );
  const overlaps = check.rules.singleRun && others.length > 0;
  return {
    startedRun: run,
    notices: overlaps ? [{ type: "run_overlap", run, others: others.length }] : [],
    endedRuns: over.map((open) => end(open, "abandoned", now)),
    next: { openRuns: [...without(check.openRuns, over), run] },
  };
}

/** How long a run may take, whoever bounds it. */
function runBound({ rules, graceMs }: Pick<CheckState, "rules" | "graceMs">): number {
  return rules.maxRunMs ?? graceMs;
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
  const { minRunMs } = check.rules;
  const isShort = event.type === "success" && minRunMs !== null && durationMs !== null && durationMs < minRunMs;
  return {
    endedRuns,
    durationMs,
    missed: missedBy(check, now),
    notices: isShort && match !== undefined ? [{ type: "run_too_short", run: match, durationMs }] : [],
    flip: { to: event.type === "success" ? "up" : "down", at: now, reason: event.type },
    next: { lastPingAt: now, lastDurationMs: durationMs, openRuns: without(check.openRuns, over) },
  };
}

function tick(check: CheckState, now: number): Change {
  const overdue = check.openRuns.filter((run) => run.dueAt !== null && now >= run.dueAt);
  const late = check.status === "up" ? lateAt(check) : null;
  const notices: Notice[] = check.rules.maxRunMs === null ? [] : overdue.map((run) => overdueNotice(run, null));
  const change: Change = {
    timedOutRuns: overdue,
    notices,
    next: { openRuns: check.openRuns.map((run) => (overdue.includes(run) ? { ...run, dueAt: null } : run)) },
  };
  const down = downAt(check);
  if (down === null || now < down) {
    if (late !== null && now >= late) notices.push({ type: "late", expectedAt: late });
    return change;
  }
  const reason = down === check.dueAt ? "timeout" : "run_timeout";
  return { ...change, missed: missedBy(check, now), flip: { to: "down", at: down, reason } };
}

function overdueNotice(run: OpenRun, endedAt: number | null): Notice {
  return { type: "run_overdue", run, dueAt: run.dueAt ?? run.startedAt, endedAt };
}

/** Runs that ended past their bound before anybody looked: they are told of like those that were seen to exceed it. */
function unnoticed(check: CheckState, endedRuns: EndedRun[], now: number): Notice[] {
  if (check.rules.maxRunMs === null) return [];
  const over = endedRuns.filter(({ run }) => run.dueAt !== null && now >= run.dueAt);
  return over.map(({ run }) => overdueNotice(run, now));
}

type Watched = { progress: CheckState["progress"]; notices: Notice[] };

/** Counts how often the same progress was told in a row, where that is asked for. */
function watchProgress(check: CheckState, event: CheckEvent, now: number): Watched {
  const { stuckAfter } = check.rules;
  const value = "progress" in event && event.type !== "ign" ? (event.progress ?? null) : null;
  if (stuckAfter === null || value === null) return { progress: check.progress, notices: [] };
  const count = check.progress?.value === value ? check.progress.count + 1 : 1;
  return {
    progress: { value, count },
    notices: count === stuckAfter ? [{ type: "stuck", value, count, at: now }] : [],
  };
}

function rest(check: CheckState, to: "paused" | "new", now: number): Change {
  const reason = to === "paused" ? "pause" : "resume";
  return {
    flip: { to, at: now, reason },
    endedRuns: check.openRuns.map((run) => end(run, "abandoned", now)),
    next: { openRuns: [], ...(to === "new" && { lastPingAt: null }) },
  };
}

function edit(event: Extract<CheckEvent, { type: "edit" }>, check: CheckState): Change {
  const openRuns = check.openRuns.map((run) => ({
    ...run,
    dueAt: run.dueAt === null ? null : run.startedAt + runBound(event),
  }));
  const progress = event.rules.stuckAfter === check.rules.stuckAfter ? check.progress : null;
  return { next: { schedule: event.schedule, graceMs: event.graceMs, rules: event.rules, progress, openRuns } };
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
  const watched = watchProgress(check, event, now);
  const moved = { ...check, progress: watched.progress, ...fields, status };
  const next = Object.assign(moved, nextDue(moved, event));
  const { startedRun = null, timedOutRuns = [], endedRuns = [], missed = [], durationMs = null } = effects;
  const told = [...(effects.notices ?? []), ...unnoticed(check, endedRuns, now), ...watched.notices];
  return { next, flip, startedRun, timedOutRuns, endedRuns, missed, notices: told, durationMs };
}

function nextDue(check: CheckState, event: CheckEvent): Pick<CheckState, "dueAt" | "lateAt"> {
  if (MOVES_DEADLINE.has(event.type)) {
    const dueAt = deadline(check);
    return { dueAt, lateAt: dueAt === null || check.rules.maxMisses === 1 ? null : nextExpected(check) };
  }
  return check.status === "up" ? { dueAt: check.dueAt, lateAt: check.lateAt } : { dueAt: null, lateAt: null };
}

/** Whether people are told of this flip: going down, and coming back from down. */
export function alertFor(flip: Flip | null): "check.down" | "check.up" | null {
  if (flip?.to === "down") return "check.down";
  return flip?.to === "up" && flip.from === "down" ? "check.up" : null;
}
