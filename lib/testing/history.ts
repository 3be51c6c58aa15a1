import { DEFAULT_RULES } from "@/lib/checks/rules";
import { type CheckEvent, type CheckState, type PingKind, type Transition, transition } from "@/lib/checks/state";
import { HOUR, MINUTE } from "@/lib/core/time";

export const T0 = Date.UTC(2026, 0, 5, 12);
export const GRACE = 5 * MINUTE;
const PERIOD = HOUR;

/** A new check with a period of an hour and five minutes of grace. */
export const FRESH: CheckState = {
  status: "new",
  schedule: { kind: "period", timeoutSeconds: PERIOD / 1000 },
  graceMs: GRACE,
  rules: DEFAULT_RULES,
  lastPingAt: null,
  lastDurationMs: null,
  dueAt: null,
  lateAt: null,
  progress: null,
  openRuns: [],
  endedNames: [],
  missed: null,
};

let runNumber = 0;

export function ping(type: PingKind, rid: string | null = null): CheckEvent {
  runNumber += 1;
  return { type, rid, runId: `run-${runNumber}` };
}

/** An event and when it comes, in minutes from T0. */
export type Step = [minutes: number, event: CheckEvent];

/** Runs a history and returns every transition. */
export function play(steps: Step[], start: CheckState = FRESH): Transition[] {
  const seen: Transition[] = [];
  for (const [minutes, event] of steps) {
    seen.push(transition(seen.at(-1)?.next ?? start, event, T0 + minutes * MINUTE));
  }
  return seen;
}

/** Runs a history and returns its last transition. */
export function end(steps: Step[], start?: CheckState): Transition {
  const last = play(steps, start).at(-1);
  if (last === undefined) throw new Error("a history has at least one step");
  return last;
}
