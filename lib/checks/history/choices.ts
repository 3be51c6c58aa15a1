import type { PingKind } from "@/lib/checks/state";
import { DAY } from "@/lib/core/time";

/** A signal, or that an expected one did not come. */
export type HistoryKind = PingKind | "missed";

/** What the history can be filtered by. */
export const HISTORY_KINDS = ["success", "start", "fail", "log", "ign", "missed"] as const satisfies HistoryKind[];
export const EXPORT_FORMATS = ["csv", "json", "ndjson"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A stretch of time in epoch milliseconds, `to` excluded; null is open. */
export type Range = { from: number | null; to: number | null };

/** The ranges to choose from, with their length; of `all` there is none. */
export const RANGES = {
  day: { label: "24 hours", ms: DAY },
  week: { label: "7 days", ms: 7 * DAY },
  month: { label: "30 days", ms: 30 * DAY },
  quarter: { label: "90 days", ms: 90 * DAY },
  all: { label: "All", ms: null },
} as const;
export const RANGE_NAMES = ["day", "week", "month", "quarter", "all"] as const satisfies (keyof typeof RANGES)[];

export const RUN_STATUSES = ["running", "success", "failed", "timed_out", "abandoned"] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** Which signals these kinds are, null for all of them, and whether missed ones are wanted; no kinds stand for all. */
export function wantedOf(kinds: HistoryKind[]): { signals: PingKind[] | null; missed: boolean } {
  if (kinds.length === 0) return { signals: null, missed: true };
  return { signals: kinds.filter((kind) => kind !== "missed"), missed: kinds.includes("missed") };
}
