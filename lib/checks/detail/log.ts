import type { FlipReason, PingKind, Status } from "@/lib/checks/state";
import type { Details } from "@/lib/ingest/signal";

/** What the event log of a check can be filtered by; `status` stands for the changes of its status. */
export const LOG_KINDS = ["success", "start", "fail", "log", "ign", "missed", "status"] as const;
export type LogKind = (typeof LOG_KINDS)[number];

/** One line of the event log. Times are ISO 8601. */
export type PingEntry = {
  type: "ping";
  n: number;
  kind: PingKind;
  at: string;
  remote_addr: string | null;
  method: string;
  user_agent: string;
  duration_ms: number | null;
  exit_status: number | null;
  /** The name of its run. */
  rid: string | null;
  /** The dialect it was spoken in. */
  source: string;
  details: Details | null;
  /** 0 without a body. */
  body_bytes: number;
};
export type FlipEntry = { type: "flip"; seq: number; at: string; from: Status; to: Status; reason: FlipReason };
/** A signal that was expected then and did not come. */
export type MissEntry = { type: "miss"; at: string };
export type LogEntry = PingEntry | FlipEntry | MissEntry;

/** Where a page of the log goes on: before this ping, this status change, and this moment of a missed signal. */
export type LogPosition = [n: number, seq: number, missedMs: number];

/** What a log is made of, each newest first. */
type LogParts = { pings: PingEntry[]; flips: FlipEntry[]; misses: MissEntry[] };

/** The kinds named in an address, e.g. `fail,status`; others are ignored, none means all. */
export function kindsIn(text: string): LogKind[] {
  const named = text.split(",");
  return LOG_KINDS.filter((kind) => named.includes(kind));
}

function behind([n, seq, missedMs]: LogPosition, entry: LogEntry): LogPosition {
  if (entry.type === "ping") return [entry.n, seq, missedMs];
  return entry.type === "flip" ? [n, entry.seq, missedMs] : [n, seq, Date.parse(entry.at)];
}

/** Takes the newest of what comes next; a change follows the ping that made it, at the same moment. */
function takeNewest(queues: LogEntry[][]): LogEntry | undefined {
  let newest: LogEntry[] | undefined;
  for (const queue of queues) {
    const at = queue[0]?.at;
    if (at !== undefined && (newest?.[0] === undefined || Date.parse(at) > Date.parse(newest[0].at))) newest = queue;
  }
  return newest?.shift();
}

/**
 * Pings, status changes and missed signals as one log, each entry with the position behind it. All keep their own
 * order, so that no page repeats or skips one, whatever the clocks said.
 */
export function mergeLog(
  { flips, pings, misses }: LogParts,
  start: LogPosition,
): { entry: LogEntry; behind: LogPosition }[] {
  const merged: { entry: LogEntry; behind: LogPosition }[] = [];
  const queues: LogEntry[][] = [[...flips], [...pings], [...misses]];
  let position = start;
  for (let entry = takeNewest(queues); entry !== undefined; entry = takeNewest(queues)) {
    position = behind(position, entry);
    merged.push({ entry, behind: position });
  }
  return merged;
}

/** `240 B`, `9.8 kB`. */
export function sizeWords(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${Math.round(bytes / 100) / 10} kB`;
}
