import type { History } from "@/lib/checks/detail/uptime";
import type { Range } from "./choices";

/** A history as it was known at the end of a stretch of time, and how long that stretch is. */
export function historyWithin(history: History, { from, to }: Range): { history: History; windowMs: number } {
  const now = Math.min(to ?? history.now, history.now);
  const changes = history.changes.filter(({ at }) => at < now);
  const next = history.changes[changes.length];
  const then = { ...history, now, changes, status: next?.from ?? history.status };
  return { history: then, windowMs: Math.max(0, now - Math.max(from ?? history.since, history.since)) };
}
