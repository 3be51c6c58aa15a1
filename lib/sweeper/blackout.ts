import type { Db } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { log } from "@/lib/log";

type Seen = "sweep" | "ingest";

/** Without a scheduler of our own a cron calls once a minute, and not to the second. */
const CRON_INTERVAL_MS = 60_000;
const LEAST_BLACKOUT_MS = 5_000;
const INGEST_TOUCH_MS = 1_000;

// The server entry and Next's bundles are separate module graphs in one process; they meet here.
const shared = globalThis as typeof globalThis & { pulsetrailSweepMs?: number };

/** Tells this process how often its own scheduler sweeps, in milliseconds. */
export function setSweepInterval(ms: number): void {
  shared.pulsetrailSweepMs = ms;
}

/** A silence of ours longer than this is an outage, in milliseconds; without an own scheduler, two rounds of a cron. */
export function blackoutThreshold(sweepMs: number | undefined): number {
  return Math.max(2 * (sweepMs ?? CRON_INTERVAL_MS), LEAST_BLACKOUT_MS);
}

/**
 * Notes that the installation works. A stretch in which neither a sweep ran nor a signal was taken was our own outage:
 * its length is added to every deadline that passed inside it, once, before anything is judged by those deadlines.
 * Returns the credit in milliseconds, 0 as a rule.
 */
export function markSeen(seen: Seen, thresholdMs = blackoutThreshold(shared.pulsetrailSweepMs)): Promise<number> {
  return transaction(async (tx) => {
    const blackout = await findBlackout(tx, thresholdMs);
    if (blackout !== null) await extendDeadlines(tx, blackout);
    const column = seen === "sweep" ? "last_sweep_at" : "last_ingest_at";
    await tx.query(`UPDATE system_state SET ${column} = clock_timestamp() WHERE id = 1`);
    return blackout?.lengthMs ?? 0;
  });
}

type Blackout = { since: Date; lengthMs: number };

/** The stretch since we were last seen, when it is long enough to be an outage. Holds the one row that all ask for. */
async function findBlackout(tx: Db, thresholdMs: number): Promise<Blackout | null> {
  const state = await tx.query<{ since: Date | null; length_ms: number | null }>(
    `SELECT greatest(last_sweep_at, last_ingest_at) AS since,
            ceil(extract(epoch FROM clock_timestamp() - greatest(last_sweep_at, last_ingest_at)) * 1000)::float8 AS length_ms
       FROM system_state WHERE id = 1 FOR UPDATE`,
  );
  const { since = null, length_ms: lengthMs = null } = state.rows[0] ?? {};
  return since !== null && lengthMs !== null && lengthMs > thresholdMs ? { since, lengthMs } : null;
}

async function extendDeadlines(tx: Db, { since, lengthMs }: Blackout): Promise<void> {
  const until = "$1::timestamptz + $2 * interval '1 millisecond'";
  const isInside = (at: string): string => `${at} > $1 AND ${at} <= ${until}`;
  // Where several signals may be missing, each of them was due before the deadline. Of a calendar they are not known here.
  const dueBy = (at: string): string =>
    `floor((extract(epoch FROM ${at} - last_ping_at) - grace_seconds) / timeout_seconds)`;
  const isOneInside = `due_at > $1 AND late_at + make_interval(secs => grace_seconds) <= ${until}
    AND (timeout_seconds IS NULL OR ${dueBy(until)} > ${dueBy("$1::timestamptz")})`;
  // No check is watched later than its deadline, so the index on that narrows the search.
  const credit = "$2 * interval '1 millisecond'";
  for (const [table, passed, more] of [
    ["checks", `watch_at <= ${until} AND (${isInside("due_at")} OR ${isOneInside})`, `, late_at = late_at + ${credit}`],
    ["runs", isInside("due_at"), ""],
  ]) {
    // Locked in the order in which signals lock them.
    await tx.query(
      `WITH missed AS (SELECT id FROM ${table} WHERE ${passed} ORDER BY id FOR NO KEY UPDATE)
       UPDATE ${table} SET due_at = due_at + ${credit}${more} FROM missed WHERE ${table}.id = missed.id`,
      [since, lengthMs],
    );
  }
  log.warn({ since, lengthMs }, "we were away; deadlines that passed meanwhile are extended");
}

let lastTouch = 0;

/** Notes in the background, at most once a second, that signals are being taken. */
export function touch(seen: Seen): void {
  const now = performance.now();
  if (now - lastTouch < INGEST_TOUCH_MS) return;
  lastTouch = now;
  markSeen(seen).catch((error: unknown) => {
    log.warn({ err: error }, "could not note that signals are taken");
  });
}
