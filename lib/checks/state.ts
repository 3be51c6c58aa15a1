import { MAX_MOMENTS, momentAfter, momentsIn } from "@/lib/checks/schedule/moments";
import { nextOccurrence, type Schedule } from "@/lib/checks/schedule/schedule";
import {
  type Notice,
  nextProgress,
  overdueNotice,
  type Progress,
  type Settled,
  settledBy,
  stuckNotices,
  unnoticed,
} from "./notice";
import { type EndedRun, endOf, givenUpBy, namesAfter, type OpenRun, othersThan, unmatched, without } from "./open-runs";
import type { Rules } from "./rules";

/** Pure: nothing here reads a clock, a database or the network. All times are epoch milliseconds. */
export type Status = "new" | "up" | "down" | "paused";
export type Health = Status | "late";
export type PingKind = "success" | "start" | "fail" | "log" | "ign";
export type FlipReason = "success" | "fail" | "timeout" | "run_timeout" | "pause" | "resume";

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
  progress: Progress | null;
  /** Runs without an end, oldest first; at most one for each run id. */
  openRuns: OpenRun[];
  /** Names of runs known to have ended: of those that such a signal names, and of those that ended just now. */
  endedNames: string[];
  /** How many signals were missed in an outage that is under way, and through which moment they were counted. */
  missed: { count: number; through: number } | null;
};

export type CheckEvent =
  | { type: PingKind; rid: string | null; runId: string; progress?: string | null }
  | { type: "tick" }
  | { type: "pause" }
  | { type: "resume" }
  | { type: "edit"; schedule: Schedule; graceMs: number; rules: Rules };

export type Flip = { from: Status; to: Status; at: number; reason: FlipReason };

export type Transition = {
  next: CheckState;
  flip: Flip | null;
  startedRun: OpenRun | null;
  timedOutRuns: OpenRun[];
  endedRuns: EndedRun[];
  /** Expected moments that passed with their grace and without a signal, as far as they are news: at most 1,000, oldest first. */
  missed: number[];
  /** How many there were with those that were told of before: in the whole of an outage, or in this silence. */
  missedInAll: number;
  notices: Notice[];
  /** What was told of before and is over since `at`. */
  settled: Settled[];
  /** Of the run this event ended, when its start is known. */
  durationMs: number | null;
};

type Change = Partial<Omit<Transition, "next" | "flip" | "missedInAll" | "settled">> & {
  next?: Partial<CheckState>;
  flip?: Omit<Flip, "from">;
};

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

/** Whether no signal is expected in this status. */
const isAtRest = (status: Status): boolean => status === "new" || status === "paused";

function missedBy(check: CheckState, now: number): number[] {
  if (check.lastPingAt === null || isAtRest(check.status)) return [];
  const late = lateAt(check);
  // Every signal that comes in time ends here.
  if (late !== null && now < late + check.graceMs) return [];
  const moments = momentsIn(check.schedule, { after: check.lastPingAt, until: now - check.graceMs - creditOf(check) });
  const { through } = check.missed ?? {};
  return through === undefined ? moments : moments.filter((moment) => moment > through);
}

/** When the next expected signal counts as missed; null when none is expected, and when more of one silence are not told apart. */
function nextMissAt(check: CheckState): number | null {
  const { lastPingAt, missed } = check;
  if (lastPingAt === null || isAtRest(check.status)) return null;
  const after = Math.max(lastPingAt, missed?.through ?? lastPingAt);
  if (momentsIn(check.schedule, { after: lastPingAt, until: after }).length >= MAX_MOMENTS) return null;
  const moment = momentAfter(check.schedule, { since: lastPingAt, after });
  return moment === null ? null : moment + check.graceMs + creditOf(check);
}

/** From when on the sweeper has to look at it after a signal: in time for whoever wants to hear that it is late. */
export function watchFrom(check: CheckState): number | null {
  return check.status === "down" ? nextMissAt(check) : lateAt(check);
}

/** When time alone changes something next; when it becomes late counts only for those who want to hear of it. */
export function nextLook(check: CheckState, { now, wantsLate }: { now: number; wantsLate: boolean }): number | null {
  const moments = [check.dueAt, nextMissAt(check), wantsLate ? lateAt(check) : null];
  const ahead = moments.filter((moment): moment is number => moment !== null && moment > now);
  return ahead.length === 0 ? null : Math.min(...ahead);
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

function start(check: CheckState, event: { rid: string | null; runId: string }, now: number): Change {
  const run = { id: event.runId, rid: event.rid, startedAt: now, dueAt: now + runBound(check) };
  const over = givenUpBy(check.openRuns, event.rid, now);
  const others = check.rules.singleRun ? othersThan(check.openRuns, event.rid, now) : 0;
  return {
    startedRun: run,
    notices: others > 0 ? [{ type: "run_overlap", run, others }] : [],
    endedRuns: over.map((open) => endOf(open, "abandoned", now)),
    next: { openRuns: [...without(check.openRuns, over), run] },
  };
}

/** How long a run may take, whoever bounds it. */
function runBound({ rules, graceMs }: Pick<CheckState, "rules" | "graceMs">): number {
  return rules.maxRunMs ?? graceMs;
}

function finish(check: CheckState, event: { type: "success" | "fail"; rid: string | null }, now: number): Change {
  const match = check.openRuns.find((run) => run.rid === event.rid);
  const over = match === undefined ? unmatched(check, event) : [match];
  const status = event.type === "success" ? "success" : "failed";
  const endedRuns = over.map((run) => endOf(run, match === undefined ? "abandoned" : status, now));
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
  change.missed = missedBy(check, now);
  if (down === null || now < down) {
    if (late !== null && now >= late) notices.push({ type: "late", expectedAt: late });
    return change;
  }
  const reason = down === check.dueAt ? "timeout" : "run_timeout";
  return { ...change, flip: { to: "down", at: down, reason } };
}

function rest(check: CheckState, to: "paused" | "new", now: number): Change {
  const reason = to === "paused" ? "pause" : "resume";
  return {
    missed: missedBy(check, now),
    flip: { to, at: now, reason },
    endedRuns: check.openRuns.map((run) => endOf(run, "abandoned", now)),
    next: { openRuns: [], progress: null, ...(to === "new" && { lastPingAt: null }) },
  };
}

function edit(event: Extract<CheckEvent, { type: "edit" }>, check: CheckState, now: number): Change {
  const openRuns = check.openRuns.map((run) => ({
    ...run,
    dueAt: run.dueAt === null ? null : run.startedAt + runBound(event),
  }));
  const progress = event.rules.stuckAfter === check.rules.stuckAfter ? check.progress : null;
  // By the schedule that is left behind, as long as it is known.
  const missed = missedBy(check, now);
  return { missed, next: { schedule: event.schedule, graceMs: event.graceMs, rules: event.rules, progress, openRuns } };
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
      return edit(event, check, now);
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
  const { startedRun = null, timedOutRuns = [], endedRuns = [], missed = [], durationMs = null } = effects;
  const progress = nextProgress(check.progress, toldBy(event), check.rules);
  const endedNames = namesAfter(check.endedNames, endedRuns);
  const moved = { ...check, progress, endedNames, ...fields, status };
  const missedInAll = (check.missed?.count ?? 0) + missed.length;
  const next = Object.assign(moved, nextDue(moved, event), {
    missed: missedAfter(moved, event, { newly: missed, count: missedInAll, now, flip }),
  });
  const stuck = progress === check.progress ? [] : stuckNotices(progress, check.rules, now);
  const notices = [...(effects.notices ?? []), ...unnoticed(check.rules, endedRuns, now), ...stuck];
  const settled = settledBy(check, next, { endedRuns, startedRun, now });
  return { next, flip, startedRun, timedOutRuns, endedRuns, missed, missedInAll, notices, settled, durationMs };
}

/** The progress that an event tells. */
function toldBy(event: CheckEvent): string | null {
  return "progress" in event && event.type !== "ign" ? (event.progress ?? null) : null;
}

/** What a silence or an outage remembers, so that its end can tell of all of it: a failure in its midst is a signal, but ends nothing. */
function missedAfter(
  { status, missed, graceMs }: CheckState,
  { type }: CheckEvent,
  { newly, count, now, flip }: { newly: number[]; count: number; now: number; flip: Flip | null },
): CheckState["missed"] {
  if (isAtRest(status) || type === "success") return null;
  // What a failure ends is not counted again, because later signals are expected after it.
  if (type === "fail") return count === (missed?.count ?? 0) ? missed : { count, through: now };
  // Nor is what another schedule would have expected before it was set.
  if (flip !== null || type === "edit") return { count, through: now - graceMs };
  const last = newly.at(-1);
  return last === undefined ? missed : { count, through: last };
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
