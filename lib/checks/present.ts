import { clockWords, inWords, relativeWords } from "@/lib/core/time";
import type { OutOfBounds } from "./metrics/metric";
import { boundWords } from "./metrics/words";
import { type CheckState, downAt, type FlipReason, health, lateAt, nextExpected } from "./state";

/** A status as people see it: what is stored, and what follows from the time. */
export type ShownStatus = "new" | "up" | "late" | "down" | "paused" | "running";

/** Running is said only where nothing worse is. */
export function shownStatus(state: CheckState, now: number): ShownStatus {
  const found = health(state, now);
  const isRunning = state.openRuns.some((run) => run.dueAt !== null && now < run.dueAt);
  return isRunning && (found === "up" || found === "new") ? "running" : found;
}

/** What people call a check: its name, else its slug, else its id. */
export function displayName(check: { id: string; name: string; slug: string }): string {
  return check.name || check.slug || check.id;
}

function runningSentence(state: CheckState, now: number): string {
  const [oldest] = state.openRuns;
  if (oldest === undefined) return "";
  const since = inWords(now - oldest.startedAt);
  const many = state.openRuns.length === 1 ? "" : ` ${state.openRuns.length} runs are open.`;
  return `Running for ${since}.${oldest.dueAt === null ? "" : ` Must finish by ${clockWords(oldest.dueAt, now)}.`}${many}`;
}

/** Why a check went down; exit status and numbers out of bounds are those of the signal that said so. */
export type DownReason = { reason: FlipReason; exitStatus: number | null; outOfBounds?: OutOfBounds[] | null };

function downWords(why: DownReason | null): string {
  switch (why?.reason) {
    case "timeout":
      return ": no signal came in time";
    case "run_timeout":
      return ": a run did not finish in time";
    case "fail":
      if (why.outOfBounds) return `: ${boundWords(why.outOfBounds)}`;
      return why.exitStatus === null ? ": it reported a failure" : `: it reported exit status ${why.exitStatus}`;
    default:
      return "";
  }
}

/** What the deadline that has passed says, where nobody has written it down yet. */
function reasonOf(state: CheckState): DownReason {
  return { reason: downAt(state) === state.dueAt ? "timeout" : "run_timeout", exitStatus: null };
}

/** What is expected of a check that is up. */
function nextWords(state: CheckState, now: number): string {
  if (state.schedule.kind === "none") return ". No schedule: only failures and its runs are watched.";
  const expected = nextExpected(state);
  return expected === null ? "." : `, next expected ${relativeWords(expected, now)}.`;
}

/** When the status became what it is, and why a check that is down went down; times are epoch milliseconds. */
export type Standing = { since: number; why: DownReason | null; now: number };

/** How a check fares, in one plain sentence: `Late by 4 minutes. Alerts at 14:05 UTC.` */
export function stateSentence(state: CheckState, { since, why, now }: Standing): string {
  const last = state.lastPingAt === null ? "never" : relativeWords(state.lastPingAt, now);
  switch (shownStatus(state, now)) {
    case "new":
      return "Waiting for the first signal.";
    case "paused":
      return "Paused. Nothing is expected until it is resumed.";
    case "running":
      return runningSentence(state, now);
    case "down":
      return `Down for ${inWords(now - (downAt(state) ?? since))}${downWords(state.status === "down" ? why : reasonOf(state))}. Last signal ${last}.`;
    case "late":
      return `Late by ${inWords(now - (lateAt(state) ?? now))}. Alerts at ${clockWords(state.dueAt ?? now, now)}.`;
    case "up":
      return `Up. Last signal ${last}${nextWords(state, now)}`;
  }
}
