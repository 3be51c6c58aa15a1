import type { EndedRun, OpenRun } from "./open-runs";
import type { Rules } from "./rules";

/** The newest progress that was told, and how many times in a row. */
export type Progress = { value: string; count: number };

/** Something to tell of besides the status. A run that is overdue may be noticed only when it ends. */
export type Notice =
  | { type: "late"; expectedAt: number }
  | { type: "run_overdue"; run: OpenRun; dueAt: number; endedAt: number | null }
  | { type: "run_too_short"; run: OpenRun; durationMs: number }
  | { type: "run_overlap"; run: OpenRun; others: number }
  | { type: "stuck"; value: string; count: number; at: number };

/** What was told of a check and is over, whichever run it was about. That a run is overdue ends with that run. */
export type Settled = { type: Extract<Notice["type"], "run_too_short" | "run_overlap" | "stuck">; at: number };

export function overdueNotice(run: OpenRun, endedAt: number | null): Notice {
  return { type: "run_overdue", run, dueAt: run.dueAt ?? run.startedAt, endedAt };
}

/** Runs that ended past their bound before anybody looked: they are told of like those that were seen to exceed it. */
export function unnoticed({ maxRunMs }: Rules, endedRuns: EndedRun[], now: number): Notice[] {
  if (maxRunMs === null) return [];
  const over = endedRuns.filter(({ run }) => run.dueAt !== null && now >= run.dueAt);
  return over.map(({ run }) => overdueNotice(run, now));
}

/** Counts how often the same progress was told in a row, where that is asked for. */
export function nextProgress(before: Progress | null, told: string | null, { stuckAfter }: Rules): Progress | null {
  if (stuckAfter === null || told === null) return before;
  return { value: told, count: before?.value === told ? before.count + 1 : 1 };
}

export function stuckNotices(progress: Progress | null, { stuckAfter }: Rules, now: number): Notice[] {
  return progress !== null && progress.count === stuckAfter ? [{ type: "stuck", ...progress, at: now }] : [];
}

type Watched = { rules: Rules; progress: Progress | null; openRuns: OpenRun[] };
type Happened = { endedRuns: EndedRun[]; startedRun: OpenRun | null; now: number };

/** Nearly no signal settles anything. */
const NOTHING: Settled[] = [];

const isStuck = ({ rules: { stuckAfter }, progress }: Watched): boolean =>
  stuckAfter !== null && progress !== null && progress.count >= stuckAfter;

/** Whether a run was as long as it should be. */
const isLongEnough = ({ minRunMs }: Rules, { status, durationMs }: EndedRun): boolean =>
  minRunMs !== null && status === "success" && durationMs !== null && durationMs >= minRunMs;

/** Whether an end leaves at most one run. */
const isOneAfter = ({ openRuns }: Watched, { endedRuns, startedRun }: Omit<Happened, "now">): boolean =>
  endedRuns.length > 0 && startedRun === null && openRuns.length <= 1;

/** What is over now, or no longer asked for; whether any of it had been told is for the list of alerts to know. */
export function settledBy(before: Watched, next: Watched, { endedRuns, startedRun, now }: Happened): Settled[] {
  if (endedRuns.length === 0 && before.progress === next.progress && before.rules === next.rules) return NOTHING;
  const settled: Settled["type"][] = [];
  if (isStuck(before) && !isStuck(next)) settled.push("stuck");
  const isOneAgain = isOneAfter(next, { endedRuns, startedRun });
  if (before.rules.singleRun && (isOneAgain || !next.rules.singleRun)) settled.push("run_overlap");
  const isUnasked = before.rules.minRunMs !== null && next.rules.minRunMs === null;
  if (isUnasked || endedRuns.some((ended) => isLongEnough(next.rules, ended))) settled.push("run_too_short");
  return settled.map((type) => ({ type, at: now }));
}
