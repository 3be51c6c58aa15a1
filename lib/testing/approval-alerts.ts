import { randomUUID } from "node:crypto";
import { type Direct, sendDirect } from "@/lib/alerts/direct";
import { type NewAlert, raiseAlerts } from "@/lib/alerts/raise";
import type { Approval } from "@/lib/approvals/schema";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import type { TestProject } from "./world";

const ASKED: Approval = {
  approval_id: "apr_8k2m4n6p",
  status: "pending",
  result: null,
  context: "Publish blog post: Q4 Earnings Report\n1,500 words",
  risk: "medium",
  action: "publish",
  args: { post: 17, amount: 82_000 },
  action_digest: "0".repeat(64),
  need: 1,
  votes: [],
  approvers: [],
  timeout_seconds: 300,
  timeout_action: "deny",
  requested_by: "key:writer",
  created_at: "2026-11-20T12:00:00.000Z",
  expires_at: "2026-11-20T12:05:00.000Z",
  claimed_at: null,
  limit_type: null,
  instance_id: null,
  workflow_id: null,
  stage_path: null,
  metadata: null,
};

const ANSWERED = {
  status: "approved",
  result: 1,
  notes: "Looks good, proceed!",
  decided_by: "ann@example.com",
  decided_at: "2026-11-20T12:02:00.000Z",
  votes: [
    {
      voter: "ann@example.com",
      decision: "approve",
      notes: "Looks good, proceed!",
      at: "2026-11-20T12:02:00.000Z",
    },
  ],
} satisfies Partial<Approval>;

const SEVERITIES = { low: "info", medium: "warning", high: "critical" } as const;

/** Both alerts of an approval: that it was requested, and that it was decided two minutes later. */
export function approvalAlerts(changes: Partial<Approval> = {}, projectId = "p1") {
  const asked = { ...ASKED, ...changes };
  const about = {
    projectId,
    subjectType: "approval",
    subjectId: asked.approval_id,
    subjectName: asked.context.split("\n")[0] ?? "",
  } as const;
  const requested: NewAlert = {
    ...about,
    type: "approval.requested",
    severity: SEVERITIES[asked.risk],
    message: `${asked.requested_by} asks for an approval.`,
    data: asked,
    dedupKey: `approval.requested:${asked.approval_id}`,
    occurredAt: Date.parse(asked.created_at),
    resolvedAt: null,
  };
  const decided: NewAlert = {
    ...about,
    type: "approval.decided",
    severity: "info",
    message: "Approved by ann@example.com.",
    data: { ...ASKED, ...ANSWERED, ...changes },
    dedupKey: `approval.decided:${asked.approval_id}`,
    occurredAt: Date.parse(ANSWERED.decided_at),
    resolvedAt: Date.parse(ANSWERED.decided_at),
  };
  return { requested, decided };
}

/** Keeps an approval of this id that waits for an answer. */
async function storeApproval(projectId: string, id: string): Promise<void> {
  await pool().query(
    `INSERT INTO approvals (project_id, id, context, risk, need, timeout_seconds, timeout_action, created_at, expires_at, due_at, requested_by, requester_name)
     VALUES ($1, $2, 'Publish', 'medium', 1, 300, 'deny', now(), now() + interval '5 minutes', now() + interval '5 minutes', 'key:x', 'writer')`,
    [projectId, id],
  );
}

export async function decideStored(id: string): Promise<void> {
  await pool().query("UPDATE approvals SET status = 'denied', due_at = NULL WHERE id = $1", [id]);
}

/** Raises an alert and sends these directly; gives the ids of their deliveries in this order. */
export async function raiseDirect(alert: NewAlert, ...directs: Pick<Direct, "kind" | "recipient" | "config">[]) {
  const { projectId, dedupKey } = alert;
  await transaction(async (tx) => {
    await raiseAlerts(tx, [alert]);
    await sendDirect(
      tx,
      directs.map((direct) => ({ ...direct, projectId, dedupKey })),
    );
  });
  const { rows } = await pool().query<{ id: string }>(
    `SELECT d.id FROM deliveries d JOIN alerts a ON a.id = d.alert_id
      WHERE a.dedup_key = $1 AND channel_id IS NULL ORDER BY seq`,
    [dedupKey],
  );
  return rows.map(({ id }) => id);
}

export const newApprovalId = () => `apr_${randomUUID().replaceAll("-", "").slice(0, 12)}`;

/** A stored approval of a project, which somebody is to be mailed about; gives the id of the delivery. */
export async function askByMail(project: TestProject, config: { to: string; approve: string; deny: string }) {
  const approvalId = newApprovalId();
  await storeApproval(project.id, approvalId);
  const { requested } = approvalAlerts({ approval_id: approvalId }, project.id);
  const [id = ""] = await raiseDirect(requested, { kind: "approver", recipient: config.to, config });
  return { id, approvalId };
}

/** The decision on an approval of a project, which is to be posted to `url`; gives the id of the delivery. */
export async function callBack(project: TestProject, url: string, approvalId = newApprovalId()): Promise<string> {
  const { decided } = approvalAlerts({ approval_id: approvalId }, project.id);
  const recipient = new URL(url).origin;
  const [id = ""] = await raiseDirect(decided, { kind: "callback", recipient, config: { url } });
  return id;
}

/** Every row of every table as text. */
export async function wholeDatabase(): Promise<string> {
  const tables = await pool().query<{ name: string }>(
    "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'",
  );
  const texts = tables.rows.map(({ name }) =>
    pool().query<{ text: string | null }>(`SELECT string_agg(t::text, E'\\n') AS text FROM ${name} t`),
  );
  return (await Promise.all(texts)).map(({ rows }) => rows[0]?.text ?? "").join("\n");
}
