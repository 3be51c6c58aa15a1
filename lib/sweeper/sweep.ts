import { deliverDue } from "@/lib/alerts/deliver";
import { expireApprovals } from "@/lib/approvals/expire";
import { expireChecks } from "@/lib/checks/expire";
import { tellDrifts } from "@/lib/costs/drift";
import { pool } from "@/lib/db/pool";
import { expireInstances } from "@/lib/workflows/expire";
import { markSeen } from "./blackout";
import { sweepPrices } from "./prices";
import { pruneHistory, pruneIdempotencyKeys, prunePings } from "./retention";
import { pruneWorkflows } from "./workflow-retention";

const SUBJECTS_AT_ONCE = 1000;
/** What is being sent when a sweep must stop may take this long to end. */
const LAST_SENDS_MS = 15_000;

/** What one sweep did and what it left for the next. */
export type SweepReport = {
  blackout_credit_ms: number;
  expired: number;
  delivered: number;
  pruned: number;
  remaining: { checks: number; instances: number; approvals: number; deliveries: number };
  took_ms: number;
};

/** Judges every deadline that has passed. `deadline` bounds it, as a `performance.now()` value. */
export async function sweepDeadlines(deadline: number): Promise<{ expired: number; creditMs: number }> {
  const creditMs = await markSeen("sweep");
  let expired = 0;
  for (;;) {
    const checks = await expireChecks(SUBJECTS_AT_ONCE);
    const instances = await expireInstances(SUBJECTS_AT_ONCE);
    const approvals = await expireApprovals();
    expired += checks.down + instances.failed + approvals;
    if (checks.looked + instances.looked + approvals === 0 || performance.now() >= deadline)
      return { expired, creditMs };
    await markSeen("sweep"); // a long sweep is not a silence
  }
}

/** Removes what is no longer kept. `deadline` bounds it, as a `performance.now()` value. */
export async function sweepRetention(deadline: number): Promise<number> {
  const ofChecks = (await prunePings(deadline)) + (await pruneHistory(deadline));
  return ofChecks + (await pruneWorkflows(deadline)) + (await pruneIdempotencyKeys());
}

/** Sends what is due, starting nothing new after `deadline`, a `performance.now()` value. Returns how many attempts. */
function sendUntil(deadline: number): Promise<number> {
  const patience = Math.max(0, Math.round(deadline - performance.now()));
  return deliverDue({ limit: Number.POSITIVE_INFINITY, signal: AbortSignal.timeout(patience) });
}

/** One whole sweep within `budgetMs`, for an outside scheduler. Safe beside any number of others. */
export async function sweep(budgetMs: number): Promise<SweepReport> {
  const started = performance.now();
  const deadline = started + budgetMs;
  const { expired, creditMs } = await sweepDeadlines(deadline);
  await tellDrifts(deadline);
  const delivered = await sendUntil(deadline - LAST_SENDS_MS);
  const pruned = await sweepRetention(deadline);
  await sweepPrices(deadline);
  const left = await pool().query<SweepReport["remaining"]>(
    `SELECT (SELECT count(*) FROM (SELECT id FROM checks WHERE watch_at <= now()
                                    UNION SELECT check_id FROM runs WHERE due_at <= now()) AS due) AS checks,
            (SELECT count(*) FROM instances WHERE watch_at <= now()) AS instances,
            (SELECT count(*) FROM approvals WHERE due_at <= now()) AS approvals,
            (SELECT count(*) FROM deliveries d
              WHERE status = 'pending' AND next_attempt_at <= now() AND (lease_until IS NULL OR lease_until < now())
                AND NOT EXISTS (SELECT FROM deliveries e WHERE e.project_id = d.project_id AND e.channel_id = d.channel_id
                                   AND e.subject_id = d.subject_id AND e.seq < d.seq AND e.status = 'pending')) AS deliveries`,
  );
  return {
    blackout_credit_ms: creditMs,
    expired,
    delivered,
    pruned,
    remaining: left.rows[0] ?? { checks: 0, instances: 0, approvals: 0, deliveries: 0 },
    took_ms: Math.round(performance.now() - started),
  };
}
