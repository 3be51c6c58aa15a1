import { DAY, inWords, relativeWords } from "@/lib/core/time";
import { type CheckState, downAt, health, nextExpected } from "./state";

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

/** `14:05 UTC`, with the day when it is not within a day of now. */
function clock(at: number, now: number): string {
  const text = new Date(at).toISOString();
  return Math.abs(at - now) < DAY ? `${text.slice(11, 16)} UTC` : `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;
}

function runningSentence(state: CheckState, now: number): string {
  const [oldest] = state.openRuns;
  if (oldest === undefined) return "";
  const since = inWords(now - oldest.startedAt);
  const many = state.openRuns.length === 1 ? "" : ` ${state.openRuns.length} runs are open.`;
  return `Running for ${since}.${oldest.dueAt === null ? "" : ` Must finish by ${clock(oldest.dueAt, now)}.`}${many}`;
}

/**
 * How a check fares, in one plain sentence: `Late by 4 minutes. Alerts at 14:05 UTC.` `since` is when its status became
 * what it is. Times are epoch milliseconds.
 */
export function stateSentence(state: CheckState, since: number, now: number): string {
  const expected = nextExpected(state);
  const last = state.lastPingAt === null ? "never" : relativeWords(state.lastPingAt, now);
  switch (shownStatus(state, now)) {
    case "new":
      return "Waiting for the first signal.";
    case "paused":
      return "Paused. Nothing is expected until it is resumed.";
    case "running":
      return runningSentence(state, now);
    case "down":
      return `Down for ${inWords(now - (downAt(state) ?? since))}. Last signal ${last}.`;
    case "late":
      return `Late by ${inWords(now - ((state.dueAt ?? now) - state.graceMs))}. Alerts at ${clock(state.dueAt ?? now, now)}.`;
    case "up":
      return expected === null
        ? `Up. Last signal ${last}.`
        : `Up. Last signal ${last}, next expected ${relativeWords(expected, now)}.`;
  }
}
