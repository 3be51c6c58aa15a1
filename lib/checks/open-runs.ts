import { HOUR } from "@/lib/core/time";

/** A run without an end. `dueAt` is null once it has timed out; its end may still be reported. */
export type OpenRun = { id: string; rid: string | null; startedAt: number; dueAt: number | null };
export type EndedRun = {
  run: OpenRun;
  status: "success" | "failed" | "abandoned";
  endedAt: number;
  /** Null when start and end were not matched by run id. */
  durationMs: number | null;
};

/** A run that timed out and stays silent this long after its start is given up (the horizon of the reference service). */
const GIVE_UP_AFTER = 72 * HOUR;
/** More open runs than this can only be a client that never finishes any; the oldest are given up. */
const MAX_OPEN_RUNS = 200;
/** So many names are remembered within what is stored together. */
const MAX_NAMES = 200;

/** A run that ends now. */
export function endOf(run: OpenRun, status: EndedRun["status"], at: number): EndedRun {
  const durationMs = status === "abandoned" ? null : at - run.startedAt;
  return { run, status, endedAt: at, durationMs };
}

export function without(runs: OpenRun[], ended: OpenRun[]): OpenRun[] {
  return runs.filter((run) => !ended.includes(run));
}

function isForgotten(run: OpenRun, now: number): boolean {
  return run.dueAt === null && run.startedAt < now - GIVE_UP_AFTER;
}

/** The open runs that a start under this name gives up. */
export function givenUpBy(runs: OpenRun[], rid: string | null, now: number): OpenRun[] {
  const excess = runs.length + 1 - MAX_OPEN_RUNS;
  // A second start with the same run id means that the first run will not report an end of its own.
  return runs.filter((open, age) => open.rid === rid || age < excess || isForgotten(open, now));
}

/** How many runs are under way beside one that starts under this name; none when its start only comes again. */
export function othersThan(runs: OpenRun[], rid: string | null, now: number): number {
  // Starts without a name cannot be told apart and count as two.
  if (rid !== null && runs.some((open) => open.rid === rid)) return 0;
  return runs.filter((open) => !isForgotten(open, now)).length;
}

type Finish = { type: "success" | "fail"; rid: string | null };
type Known = { openRuns: OpenRun[]; endedNames: string[] };

/**
 * Which open runs a finishing signal ends without having matched one. One that names no run speaks for the whole job. A
 * success that names another run leaves the open ones running. So does a failure that comes again, or while several runs
 * are open, because then runs are told apart; else it speaks for the job, as in the reference service, which knows one run.
 */
export function unmatched({ openRuns, endedNames }: Known, { type, rid }: Finish): OpenRun[] {
  if (rid === null) return openRuns;
  return type === "success" || openRuns.length > 1 || endedNames.includes(rid) ? [] : openRuns;
}

/** The names known to have ended, with those of these runs. */
export function namesAfter(names: string[], ended: EndedRun[]): string[] {
  const more = ended.map(({ run }) => run.rid).filter((rid) => rid !== null);
  return more.length === 0 ? names : [...names, ...more].slice(-MAX_NAMES);
}
