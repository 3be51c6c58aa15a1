import { iso, SECOND } from "@/lib/core/time";
import { visible } from "@/lib/core/visible";
import type { Approval, ApprovalRow } from "./schema";
import { resultOf } from "./state";
import type { ApprovalRowStored } from "./store/rows";

const TITLE_LENGTH = 120;

/** The first line of what is asked, on one line of at most 120 characters, with what cannot be seen written out. */
export function titleOf(context: string): string {
  const line = context.trim().split(/[\r\n\u2028\u2029]/u, 1)[0] ?? "";
  const characters = [...visible(line.replaceAll(/\p{Cc}+/gu, " ").trim())];
  return characters.length <= TITLE_LENGTH ? characters.join("") : `${characters.slice(0, TITLE_LENGTH - 1).join("")}…`;
}

type Told = Pick<ApprovalRowStored, "status" | "expires_at" | "notes" | "decider_name" | "decided_at" | "now">;

/** What is only said of one that waits, and of one that is decided. Seconds are rounded up: at 0 the time is over. */
function standing({ status, expires_at, notes, decider_name, decided_at, now }: Told) {
  if (status === "pending") {
    return { seconds_remaining: Math.max(0, Math.ceil((expires_at.getTime() - now.getTime()) / SECOND)) };
  }
  return { notes, decided_by: decider_name ?? "", decided_at: iso((decided_at ?? expires_at).getTime()) ?? "" };
}

/** An approval as `GET /api/approvals/{id}` shows it. */
export function toApproval(row: ApprovalRowStored): Approval {
  return {
    approval_id: row.id,
    status: row.status,
    result: resultOf(row.status),
    ...standing(row),
    context: row.context,
    risk: row.risk,
    action: row.action,
    args: row.args,
    action_digest: row.action_digest,
    need: row.need,
    votes: row.votes.map(({ name, decision, notes, at }) => ({ voter: name, decision, notes, at })),
    approvers: row.approver_names,
    timeout_seconds: row.timeout_seconds,
    timeout_action: row.timeout_action,
    requested_by: row.requester_name,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    claimed_at: row.claimed_at?.toISOString() ?? null,
    instance_id: row.instance_id,
    workflow_id: row.workflow_id,
    stage_path: row.stage_path,
    metadata: row.metadata,
    limit_type: row.limit_type,
  };
}

/** What lists need of an approval; `head` is the beginning of its context. */
export type ListedRow = Told &
  Pick<
    ApprovalRowStored,
    | "id"
    | "risk"
    | "action"
    | "need"
    | "timeout_action"
    | "created_at"
    | "requester_name"
    | "instance_id"
    | "stage_path"
  > & { head: string; approved: number };

/** An approval as lists show it. */
export function toApprovalRow(row: ListedRow): ApprovalRow {
  return {
    approval_id: row.id,
    status: row.status,
    result: resultOf(row.status),
    ...standing(row),
    risk: row.risk,
    action: row.action,
    need: row.need,
    timeout_action: row.timeout_action,
    requested_by: row.requester_name,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    instance_id: row.instance_id,
    stage_path: row.stage_path,
    title: titleOf(row.head),
    approved: row.approved,
  };
}
