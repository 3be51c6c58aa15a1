import type { RunStatus } from "@/lib/checks/history/choices";
import type { Details } from "@/lib/ingest/signal";
import type { Difference } from "./difference";

/** One run as its list shows it. Times are ISO 8601. */
export type RunEntry = {
  id: string;
  /** As the client named it. */
  run_id: string | null;
  status: RunStatus;
  started_at: string;
  ended_at: string | null;
  duration_ms: number | null;
  /** What its first and its last signal said. */
  start: Details | null;
  end: Details | null;
  /** From the run before; null when nothing differs. */
  difference: Difference | null;
};

/** Runs counted by what became of them. */
export type RunRate = Partial<Record<RunStatus, number>>;

/** The share of successes among the runs of which the outcome is known, from 0 to 1; null when there are none. */
export function successRate({ success = 0, failed = 0, timed_out: timedOut = 0 }: RunRate): number | null {
  const known = success + failed + timedOut;
  return known === 0 ? null : success / known;
}
