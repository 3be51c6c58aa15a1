import { randomBytes } from "node:crypto";
import { type Direct, sendDirect } from "@/lib/alerts/direct";
import { raiseAlerts } from "@/lib/alerts/raise";
import { requestedAlert, requestedKey } from "@/lib/approvals/alert";
import { toApproval } from "@/lib/approvals/present";
import type { Approval, Decision } from "@/lib/approvals/schema";
import { randomLower, sha256 } from "@/lib/core/ids";
import { SECOND } from "@/lib/core/time";
import type { Db } from "@/lib/db/pool";
import { insertApprovals, insertTokens, type NewApproval, type NewToken } from "./insert";
import type { Approver } from "./people";

const ID_LENGTH = 16;
const TOKEN_BYTES = 32;
/** How many people are mailed at most; all who may approve can still decide. */
export const MAX_MAILED = 50;

/** An approval that is to be asked for: as it is shown, as it is stored, and who gets links to decide it. */
export type Request = { approval: Approval; row: NewApproval; mailed: readonly Approver[] };

/** A random id of an approval. */
export const newId = (): string => `apr_${randomLower(ID_LENGTH)}`;

type Beside = { args: unknown; metadata: unknown; approverNames: string[]; workflowId: string | null };

/** An approval as it is shown before anybody has decided; `beside` is what its row holds as text or by id. */
export function pendingApproval(row: NewApproval, { args, metadata, approverNames, workflowId }: Beside): Approval {
  const now = new Date(row.now);
  return toApproval({
    project_id: row.projectId,
    id: row.id,
    status: "pending",
    context: row.context,
    risk: row.risk,
    action: row.action,
    args: args ?? null,
    action_digest: row.actionDigest,
    need: row.need,
    approvers: row.approvers,
    approver_names: approverNames.toSorted(),
    timeout_seconds: row.timeoutSeconds,
    timeout_action: row.timeoutAction,
    created_at: now,
    expires_at: new Date(row.now + row.timeoutSeconds * SECOND),
    requested_by: row.requestedBy,
    requester_name: row.requesterName,
    decided_at: null,
    decider_name: null,
    notes: null,
    claimed_at: null,
    callback: null,
    instance_id: row.instanceId,
    workflow_id: workflowId,
    stage_path: row.stagePath,
    metadata: metadata ?? null,
    limit_type: row.limitType,
    votes: [],
    now,
  });
}

/** The links of one mail: what is stored of them, and what the mail is made of. */
function linksFor({ row }: Request, { id: userId, email }: Approver): { tokens: NewToken[]; mail: Direct } {
  const secret = { approve: "", deny: "" } satisfies Record<Decision, string>;
  const tokens = (["approve", "deny"] as const).map((decision): NewToken => {
    secret[decision] = randomBytes(TOKEN_BYTES).toString("base64url");
    return { hash: sha256(secret[decision]), projectId: row.projectId, approvalId: row.id, userId, decision };
  });
  const mail: Direct = {
    dedupKey: requestedKey(row.id),
    projectId: row.projectId,
    kind: "approver",
    recipient: email,
    config: { to: email, ...secret },
  };
  return { tokens, mail };
}

/** Stores approvals with their alerts, their deliveries and the links of their mails. All statements have been sent when it returns. */
export async function saveRequests(tx: Db, requests: Request[]): Promise<void> {
  if (requests.length === 0) return;
  const links = requests.flatMap((one) => one.mailed.map((person) => linksFor(one, person)));
  const tokens = links.flatMap((one) => one.tokens);
  const alerts = requests.map(({ approval, row }) => requestedAlert(approval, row.projectId));
  const rows = requests.map(({ row }) => row);
  const mails = links.map(({ mail }) => mail);
  await Promise.all([
    insertApprovals(tx, rows),
    insertTokens(tx, tokens),
    raiseAlerts(tx, alerts),
    sendDirect(tx, mails),
  ]);
}
