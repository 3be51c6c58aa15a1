import type { FlipReason, PingKind, Status } from "@/lib/checks/state";
import type { Details } from "@/lib/ingest/signal";

/** What the event log of a check can be filtered by; `status` stands for the changes of its status. */
export const LOG_KINDS = ["success", "start", "fail", "log", "ign", "status"] as const;
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
export type LogEntry = PingEntry | FlipEntry;

/** Where a page of the log goes on: before this ping, and before this status change. */
export type LogPosition = [n: number, seq: number];

/** The kinds named in an address, e.g. `fail,status`; others are ignored, none means all. */
export function kindsIn(text: string): LogKind[] {
  const named = text.split(",");
  return LOG_KINDS.filter((kind) => named.includes(kind));
}

/** A change follows the ping that made it, at the same moment. */
function isNewer(flip: FlipEntry, ping: PingEntry): boolean {
  return Date.parse(flip.at) >= Date.parse(ping.at);
}

/**
 * Pings and status changes, each newest first, as one log, each entry with the position behind it. Both keep their own
 * order, so that no page repeats or skips one, whatever the clocks said.
 */
export function mergeLog(
  pings: PingEntry[],
  flips: FlipEntry[],
  start: LogPosition,
): { entry: LogEntry; behind: LogPosition }[] {
  const merged: { entry: LogEntry; behind: LogPosition }[] = [];
  let [n, seq] = start;
  let [nextPing, nextFlip] = [0, 0];
  for (;;) {
    const ping = pings[nextPing];
    const flip = flips[nextFlip];
    if (flip !== undefined && (ping === undefined || isNewer(flip, ping))) {
      nextFlip += 1;
      seq = flip.seq;
      merged.push({ entry: flip, behind: [n, seq] });
    } else if (ping !== undefined) {
      nextPing += 1;
      n = ping.n;
      merged.push({ entry: ping, behind: [n, seq] });
    } else return merged;
  }
}

/** `240 B`, `9.8 kB`. */
export function sizeWords(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${Math.round(bytes / 100) / 10} kB`;
}
