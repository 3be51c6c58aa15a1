import type { ApprovalStatus, Decision, Risk } from "@/lib/approvals/schema";
import type { ApprovalState } from "@/lib/approvals/state";
import type { LimitType } from "@/lib/costs/breaker-state";
import { plainArray } from "@/lib/db/columns";
import type { Db } from "@/lib/db/pool";

/** A vote as it is stored: who is an actor, and what they were called then. */
export type VoteRow = { voter: string; name: string; decision: Decision; notes: string | null; at: string };

/** An approval as it is stored, with its votes and the names of those who alone may decide. Times are the database's. */
export type ApprovalRowStored = {
  project_id: string;
  id: string;
  status: ApprovalStatus;
  context: string;
  risk: Risk;
  action: string | null;
  args: unknown;
  action_digest: string | null;
  need: number;
  approvers: string[];
  approver_names: string[];
  timeout_seconds: number;
  timeout_action: Decision;
  created_at: Date;
  expires_at: Date;
  requested_by: string;
  requester_name: string;
  decided_at: Date | null;
  decider_name: string | null;
  notes: string | null;
  claimed_at: Date | null;
  instance_id: string | null;
  workflow_id: string | null;
  stage_path: string | null;
  /** Sealed. */
  callback: Buffer | null;
  metadata: unknown;
  /** The limit of costs whose raising is asked for; null for what anybody else asked. */
  limit_type: LimitType | null;
  votes: VoteRow[];
  /** The database's clock. */
  now: Date;
};

/** The columns of an approval `a` as `ApprovalRowStored` has them. */
export const APPROVAL_COLUMNS = `
  a.project_id, a.id, a.status, a.context, a.risk, a.action, a.args, a.action_digest, a.need, a.approvers, a.timeout_seconds,
  a.timeout_action, a.created_at, a.expires_at, a.requested_by, a.requester_name, a.decided_at, a.decider_name, a.notes,
  a.claimed_at, a.callback, a.instance_id, a.stage_path, a.metadata, a.limit_type, now() AS now,
  (SELECT i.workflow_id FROM instances i WHERE i.project_id = a.project_id AND i.id = a.instance_id) AS workflow_id,
  ARRAY(SELECT u.email FROM users u WHERE u.id = ANY (a.approvers) ORDER BY u.email) AS approver_names,
  coalesce((SELECT json_agg(json_build_object('voter', v.voter, 'name', v.voter_name, 'decision', v.decision, 'notes', v.notes,
                                              'at', to_char(v.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
                            ORDER BY v.at, v.voter)
              FROM approval_votes v WHERE v.project_id = a.project_id AND v.approval_id = a.id), '[]') AS votes`;

/** One approval, whoever's it is; null when there is none. */
export async function findApproval(db: Db, id: string): Promise<ApprovalRowStored | null> {
  const { rows } = await db.query<ApprovalRowStored>({
    name: "find-approval",
    text: `SELECT ${APPROVAL_COLUMNS} FROM approvals a WHERE a.id = $1`,
    values: [id],
  });
  return rows[0] ?? null;
}

/** Where an approval is. */
export type Place = { projectId: string; id: string };

async function loadApprovals(tx: Db, ids: string[]): Promise<ApprovalRowStored[]> {
  const { rows } = await tx.query<ApprovalRowStored>({
    name: "load-approvals",
    text: `SELECT ${APPROVAL_COLUMNS} FROM approvals a WHERE a.id = ANY ($1) ORDER BY a.id`,
    values: [ids],
  });
  return rows;
}

/** Locks approvals until the end of the transaction, in one order for all, and gives them as they are then. */
export async function lockApprovals(tx: Db, ids: string[]): Promise<ApprovalRowStored[]> {
  // In a statement of its own: what stands beside a lock may be older than the lock.
  await tx.query({
    name: "lock-approvals",
    text: "SELECT FROM approvals WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE",
    values: [ids],
  });
  return loadApprovals(tx, ids);
}

/** Locks up to `limit` approvals whose deadline has passed and nobody else holds, or that one alone; none about limits. */
export async function lockDueApprovals(
  tx: Db,
  { limit, only = null }: { limit: number; only?: string | null },
): Promise<ApprovalRowStored[]> {
  const { rows } = await tx.query<{ id: string }>({
    name: "lock-due-approvals",
    text: `SELECT id FROM approvals WHERE due_at <= now() AND limit_type IS NULL AND ($2::text IS NULL OR id = $2)
            ORDER BY due_at LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED`,
    values: [limit, only],
  });
  const ids = rows.map(({ id }) => id);
  return ids.length === 0 ? [] : loadApprovals(tx, ids);
}

/** What the machine looks at. */
export function stateOf(row: ApprovalRowStored): ApprovalState {
  return {
    status: row.status,
    need: row.need,
    risk: row.risk,
    requestedBy: row.requested_by,
    approvers: row.approvers.map((id) => `user:${id}`),
    votes: row.votes,
    expiresAt: row.expires_at.getTime(),
    timeoutAction: row.timeout_action,
    claimedAt: row.claimed_at?.getTime() ?? null,
    actionDigest: row.action_digest,
  };
}

/** Up to `limit` approvals about limits whose deadline has passed. They are locked after their workflows. */
export async function findDueLimits(db: Db, limit: number): Promise<Place[]> {
  const { rows } = await db.query<{ project_id: string; id: string }>({
    name: "find-due-limits",
    text: "SELECT project_id, id FROM approvals WHERE due_at <= now() AND limit_type IS NOT NULL ORDER BY due_at LIMIT $1",
    values: [limit],
  });
  return rows.map(({ project_id: projectId, id }) => ({ projectId, id }));
}

/** An instance that a limit has paused. */
export type PausedInstance = { projectId: string; instanceId: string };

/** What waits to be decided about limits of these instances. */
export async function findOpenLimits(db: Db, instances: PausedInstance[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({
    name: "find-open-limits",
    text: `SELECT a.id FROM unnest($1::uuid[], $2::text[]) AS i (project_id, instance_id)
             JOIN approvals a ON a.project_id = i.project_id AND a.instance_id = i.instance_id
            WHERE a.limit_type IS NOT NULL AND a.status = 'pending'`,
    values: [
      plainArray(instances.map(({ projectId }) => projectId)),
      plainArray(instances.map(({ instanceId }) => instanceId)),
    ],
  });
  return rows.map(({ id }) => id);
}
