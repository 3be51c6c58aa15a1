import type { TrackRow } from "@/lib/workflows/instance/track";
import type { Sums } from "./amounts";
import { type Axis, countUpTo, passedMs } from "./squeeze";
import { type StageHistory, standingAt } from "./stage-history";

type Awaited = { path: string; name: string | null };

/** What is known of an instance as a whole. `pending` are the stages that were to come, whether they came or not. */
export type Known = {
  rows: readonly TrackRow[];
  history: StageHistory;
  sums: readonly Sums[];
  pending: readonly Awaited[];
  axis: Axis;
};

/** What was known of an instance when a step had come. Times are milliseconds. */
export type Moment = {
  row: TrackRow;
  sinceStartMs: number;
  /** Since the step before it; null for the first. */
  sinceLastMs: number | null;
  reached: number;
  failures: number;
  /** The newest that named itself. */
  agent: string | null;
  awaited: readonly Awaited[];
  /** Null while it is on its way. */
  sums: Sums | null;
  /** What came next, and after how long; null at the end. */
  next: { row: TrackRow; afterMs: number } | null;
};

function agentUntil(rows: readonly TrackRow[], step: number): string | null {
  for (let at = step; at >= 0; at -= 1) {
    const agent = rows[at]?.agent ?? null;
    if (agent !== null) return agent;
  }
  return null;
}

/** How things stood when a step had come; null while that step is on its way. */
export function momentAt({ rows, history, sums, pending, axis }: Known, step: number): Moment | null {
  const [row, after] = [rows[step], rows[step + 1]];
  if (row === undefined) return null;
  const passed = (one: number): number => passedMs(axis, axis.shown[one] ?? 0);
  return {
    row,
    sinceStartMs: passed(step),
    sinceLastMs: step === 0 ? null : passed(step) - passed(step - 1),
    reached: countUpTo(history.firsts, step),
    failures: countUpTo(history.failures, step),
    agent: agentUntil(rows, step),
    awaited: pending.filter(({ path }) => standingAt(history, path, step).count === 0),
    sums: sums[step] ?? null,
    next: after === undefined ? null : { row: after, afterMs: passed(step + 1) - passed(step) },
  };
}
