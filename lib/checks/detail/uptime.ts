import type { FlipReason, Status } from "@/lib/checks/state";

/** Times are epoch milliseconds. */
export type StatusChange = { from: Status; to: Status; at: number; reason: FlipReason };
export type History = {
  /** From when on the changes are known: the making of the check, or the oldest change that is kept. */
  since: number;
  /** What it is now. */
  status: Status;
  /** Oldest first. */
  changes: StatusChange[];
  now: number;
};
export type Outage = { startedAt: number; endedAt: number | null; durationMs: number; reason: FlipReason | null };

type Span = { status: Status; start: number; end: number; reason: FlipReason | null };

/** The stretches of time in each status, oldest first. */
function spansOf({ since, status, changes, now }: History): Span[] {
  const starts = [{ to: changes[0]?.from ?? status, at: since, reason: null }, ...changes];
  return starts.map(({ to, at, reason }, index) => ({
    status: to,
    start: Math.max(at, since),
    end: Math.min(starts[index + 1]?.at ?? now, now),
    reason,
  }));
}

const overlap = (span: Span, from: number): number => Math.max(0, span.end - Math.max(span.start, from));

/**
 * The share of the last `windowMs` in which it was up, from 0 to 1. Only time in which it was watched counts: neither that
 * before it existed or was first heard of, nor that in which it was paused. Null when there was none.
 */
export function uptime(history: History, windowMs: number): number | null {
  const from = history.now - windowMs;
  const total = { up: 0, down: 0, new: 0, paused: 0 };
  for (const span of spansOf(history)) total[span.status] += overlap(span, from);
  const watched = total.up + total.down;
  return watched === 0 ? null : total.up / watched;
}

/** When it was down within the last `windowMs`, newest first, each in its full length. */
export function outages(history: History, windowMs: number): Outage[] {
  const spans = spansOf(history);
  const found = spans.flatMap((span, index) => {
    if (span.status !== "down" || span.end < history.now - windowMs) return [];
    const isOver = index < spans.length - 1;
    const outage: Outage = {
      startedAt: span.start,
      endedAt: isOver ? span.end : null,
      durationMs: Math.max(0, span.end - span.start),
      reason: span.reason,
    };
    return [outage];
  });
  return found.reverse();
}

const OUTAGES_A_PAGE = 20;

/** A page of outages: those that began before the one at which the last page ended, in epoch milliseconds as text. */
export function pageOfOutages(
  found: Outage[],
  cursor: string | undefined,
): { items: Outage[]; cursor: string | undefined; nextCursor: string | null } {
  // An address cut short begins anew.
  const known = /^\d{1,15}$/.test(cursor ?? "") ? cursor : undefined;
  const rest = known === undefined ? found : found.filter(({ startedAt }) => startedAt < Number(known));
  const items = rest.slice(0, OUTAGES_A_PAGE);
  const last = items.at(-1);
  const hasMore = rest.length > items.length && last !== undefined;
  return { items, cursor: known, nextCursor: hasMore ? String(last.startedAt) : null };
}

/** `99.95%`, never rounded up: only what was up all the time has 100%. */
export function percentWords(share: number | null): string {
  return share === null ? "–" : `${Math.floor(share * 10_000) / 100}%`;
}

/** Why a status changed. */
export const REASON_WORDS: Record<FlipReason, string> = {
  success: "It reported success",
  fail: "It reported a failure",
  timeout: "No signal came in time",
  run_timeout: "A run did not finish in time",
  pause: "It was paused",
  resume: "It was resumed",
};
