import { type CheckEvent, type CheckState, downAt, nextLook, transition } from "@/lib/checks/state";
import type { CheckChange, NewPing, Step } from "@/lib/checks/store/change";
import type { LockedCheck } from "@/lib/checks/store/rows";
import type { Moment } from "./timeline";

/** So many of the newest signals leave a row, as many as retention keeps; older ones only leave what they changed. */
const KEPT_PINGS = 1000;

/** The signal as if it had arrived from the machine it is about (an address set aside for documentation, RFC 5737). */
function pingOf({ at, kind, exitStatus, rid, body }: Moment, durationMs: number | null): NewPing | null {
  if (kind === "pause") return null;
  return {
    kind,
    source: "healthchecks",
    createdAt: at,
    scheme: "https",
    remoteAddr: "192.0.2.24",
    method: body === undefined ? "GET" : "POST",
    userAgent: "curl/8.14.1",
    rid: rid ?? null,
    exitStatus: exitStatus ?? null,
    durationMs,
    details: null,
    body: body === undefined ? null : Buffer.from(body),
  };
}

const eventOf = ({ kind, rid }: Moment, runId: string): CheckEvent =>
  kind === "pause" ? { type: kind } : { type: kind, rid: rid ?? null, runId };

/** Lets time pass up to `at`: every deadline that lies before is missed when it comes, as if it had been watched. */
function* pass(state: CheckState, at: number): Generator<Step, CheckState> {
  let current = state;
  for (let down = downAt(current); down !== null && down <= at; down = downAt(current)) {
    const missed = transition(current, { type: "tick" }, down);
    yield { transition: missed, ping: null };
    current = missed.next;
    if (downAt(current) === down) return current;
  }
  return current;
}

function* steps(start: CheckState, moments: Moment[], { now, newRunId }: Present): Generator<Step, void> {
  let state = start;
  for (const moment of moments) {
    state = yield* pass(state, moment.at);
    const moved = transition(state, eventOf(moment, newRunId()), moment.at);
    yield { transition: moved, ping: pingOf(moment, moved.durationMs) };
    state = moved.next;
  }
  yield* pass(state, now);
}

/** `now` is epoch milliseconds. */
type Present = { now: number; newRunId: () => string };

/**
 * The history of a check that all these moments happened to, in order, by the same machine that signals go through.
 * Everything is to be stored as if it had been seen when it happened.
 */
export function replay(before: LockedCheck, moments: Moment[], present: Present): CheckChange {
  const all = [...steps(before, moments, present)];
  const signals = all.filter((step) => step.ping !== null);
  const last = all.at(-1)?.transition.next ?? before;
  const kept = new Set(signals.slice(-KEPT_PINGS));
  return {
    before,
    watchAt: nextLook(last, { now: present.now, wantsLate: false }),
    steps: all.map((step) => (kept.has(step) ? step : { ...step, ping: null })),
  };
}
