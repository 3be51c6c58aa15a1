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

const CREDIT = "$2 * interval '1 millisecond'";
const UNTIL = `$1::timestamptz + ${CREDIT}`;
const isInside = (at: string): string => `${at} > $1 AND ${at} <= ${UNTIL}`;

async function extendDeadlines(tx: Db, blackout: Blackout): Promise<void> {
  await extendChecks(tx, blackout);
  await extendInstances(tx, blackout);
  await extendApprovals(tx, blackout);
  log.warn(blackout, "we were away; deadlines that passed meanwhile are extended");
}

async function extendChecks(tx: Db, { since, lengthMs }: Blackout): Promise<void> {
  // Where several signals may be missing, each of them was due before the deadline. Of a calendar they are not known here.
  const dueBy = (at: string): string =>
    `floor((extract(epoch FROM ${at} - last_ping_at) - grace_seconds) / timeout_seconds)`;
  const isOneInside = `due_at > $1 AND late_at + make_interval(secs => grace_seconds) <= ${UNTIL}
    AND (timeout_seconds IS NULL OR ${dueBy(UNTIL)} > ${dueBy("$1::timestamptz")})`;
  // No check is watched later than its deadline, so the index on that narrows the search.
  for (const [table, passed, more] of [
    ["checks", `watch_at <= ${UNTIL} AND (${isInside("due_at")} OR ${isOneInside})`, `, late_at = late_at + ${CREDIT}`],
    ["runs", isInside("due_at"), ""],
  ]) {
    // Locked in the order in which signals lock them.
    await tx.query(
      `WITH missed AS (SELECT id FROM ${table} WHERE ${passed} ORDER BY id FOR NO KEY UPDATE)
       UPDATE ${table} SET due_at = due_at + ${CREDIT}${more} FROM missed WHERE ${table}.id = missed.id`,
      [since, lengthMs],
    );
  }
}

// No instance is watched later than its deadline either.
const INSTANCE_MISSED = `watch_at <= ${UNTIL} AND ${isInside("due_at")}`;

/** The row of a workflow is the lock of its instances, and signals lock several in this order. */
export const LOCK_MISSED = `
  SELECT project_id, id FROM workflows
   WHERE (project_id, id) IN (SELECT project_id, workflow_id FROM instances WHERE ${INSTANCE_MISSED})
   ORDER BY project_id, id FOR NO KEY UPDATE`;

/**
 * What counts from the start and what counts from the last stage is moved alike, so that the first to pass stays the first.
 * Looks again, because a signal that was waited for may have moved its instance ahead. */
export const EXTEND_MISSED = `
  UPDATE instances SET due_at = due_at + ${CREDIT}, progress_at = progress_at + ${CREDIT}, credit_ms = credit_ms + $2
    FROM unnest($3::uuid[], $4::text[]) AS locked (project_id, id)
   WHERE instances.project_id = locked.project_id AND instances.workflow_id = locked.id AND ${INSTANCE_MISSED}`;

async function extendInstances(tx: Db, { since, lengthMs }: Blackout): Promise<void> {
  const { rows } = await tx.query<{ project_id: string; id: string }>(LOCK_MISSED, [since, lengthMs]);
  if (rows.length === 0) return;
  await tx.query(EXTEND_MISSED, [since, lengthMs, rows.map((row) => row.project_id), rows.map(({ id }) => id)]);
}

/** Nobody could answer while we were away. Locked in the order in which decisions lock them. */
async function extendApprovals(tx: Db, { since, lengthMs }: Blackout): Promise<void> {
  await tx.query(
    `WITH missed AS (SELECT project_id, id FROM approvals WHERE ${isInside("due_at")} ORDER BY id FOR NO KEY UPDATE)
     UPDATE approvals SET due_at = due_at + ${CREDIT}, expires_at = expires_at + ${CREDIT}
       FROM missed WHERE approvals.project_id = missed.project_id AND approvals.id = missed.id AND approvals.status = 'pending'`,
    [since, lengthMs],
  );
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
