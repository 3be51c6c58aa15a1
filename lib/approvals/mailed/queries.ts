import type { Decision } from "@/lib/approvals/schema";
import { type Step, transition } from "@/lib/approvals/state";
import { APPROVAL_COLUMNS, type ApprovalRowStored, stateOf } from "@/lib/approvals/store/rows";
import type { Role } from "@/lib/auth/caller";
import { scopesOf } from "@/lib/auth/session-caller";
import { sha256 } from "@/lib/core/ids";
import { pool } from "@/lib/db/pool";
import { type LinkedApproval, type Outcome, standingOf } from "./standing";

/** Letters and digits with 256 bits between them; anything else was never a token of ours. */
const TOKEN = /^[0-9A-Za-z_-]{40,64}$/;

type Row = ApprovalRowStored & {
  decision: Decision;
  user_id: string;
  email: string;
  project_name: string;
  /** Null for who is in the project no more. */
  role: Role | null;
};

/** Time may have decided it without anybody having noted that yet. */
function outcomeOf(row: Row, { next, decided }: Step): Outcome | null {
  if (next.status === "pending") return null;
  const by = decided?.by ?? row.decider_name;
  return {
    status: next.status,
    by: by === "timeout" ? null : by,
    at: new Date(decided?.at ?? row.decided_at ?? row.now).toISOString(),
    notes: row.notes,
  };
}

function toLinked(row: Row): LinkedApproval {
  const step = transition(stateOf(row), { is: "tick" }, row.now.getTime());
  const mayApprove = row.role === null ? null : scopesOf(row.role).has("approve");
  return {
    id: row.id,
    project: { id: row.project_id, name: row.project_name },
    recipient: { id: row.user_id, email: row.email },
    decision: row.decision,
    standing: standingOf(step.next, { actor: `user:${row.user_id}`, mayApprove }),
    asked: { context: row.context, action: row.action, args: row.args },
    requester: row.requester_name,
    risk: row.risk,
    need: row.need,
    approved: row.votes.filter((vote) => vote.decision === "approve").length,
    expiresAt: row.expires_at.toISOString(),
    timeoutAction: row.timeout_action,
    outcome: outcomeOf(row, step),
  };
}

/** What a mailed link leads to, without changing anything; null when it is forged, cut short or forgotten. */
export async function findLinked(token: string): Promise<LinkedApproval | null> {
  if (!TOKEN.test(token)) return null;
  const found = await pool().query<Row>({
    name: "linked-approval",
    text: `SELECT ${APPROVAL_COLUMNS}, t.decision, t.user_id, u.email, p.name AS project_name, m.role
             FROM approval_tokens t
             JOIN approvals a ON a.project_id = t.project_id AND a.id = t.approval_id
             JOIN projects p ON p.id = t.project_id
             JOIN users u ON u.id = t.user_id
             LEFT JOIN memberships m ON m.project_id = t.project_id AND m.user_id = t.user_id
            WHERE t.hash = $1`,
    values: [sha256(token)],
  });
  const [row] = found.rows;
  return row === undefined ? null : toLinked(row);
}

/** How this person voted on the approval; null when they have not. */
export async function findOwnVote({ id, project, recipient }: LinkedApproval): Promise<Decision | null> {
  const found = await pool().query<{ decision: Decision }>(
    "SELECT decision FROM approval_votes WHERE project_id = $1 AND approval_id = $2 AND voter = $3",
    [project.id, id, `user:${recipient.id}`],
  );
  return found.rows[0]?.decision ?? null;
}
