import { iso } from "@/lib/core/time";
import type { Db } from "@/lib/db/pool";
import { RESOLVED } from "./events";

/** Kinds of channels that hold an incident open until they are told that it is over. */
const CLOSING_KINDS = "('pagerduty')";

/** Tells of the alerts in `over` that they are over, once, whoever was told of them and holds them open. */
const TELL = `INSERT INTO deliveries (project_id, alert_id, channel_id, event, subject_id)
  SELECT d.project_id, d.alert_id, d.channel_id, d.event || '${RESOLVED}', d.subject_id
    FROM over
    JOIN deliveries d ON d.project_id = over.project_id AND d.alert_id = over.id AND d.event = over.type
    JOIN channels ON channels.project_id = d.project_id AND channels.id = d.channel_id
   WHERE channels.enabled AND channels.kind IN ${CLOSING_KINDS}
   ORDER BY d.seq
  ON CONFLICT (alert_id, channel_id, event) DO NOTHING`;

/** Marks open alerts of this type as resolved for the given subjects, whose own good news tells of it. */
export async function resolveAlerts(
  tx: Db,
  type: string,
  resolved: { subjectId: string; at: number }[],
): Promise<void> {
  if (resolved.length === 0) return;
  await tx.query({
    name: "resolve-alerts",
    text: `UPDATE alerts SET resolved_at = r.at
             FROM unnest($2::text[], $3::timestamptz[]) AS r (subject_id, at)
            WHERE alerts.subject_id = r.subject_id AND type = $1 AND resolved_at IS NULL`,
    values: [type, resolved.map((one) => one.subjectId), resolved.map((one) => iso(one.at))],
  });
}

/** Marks all open alerts of these types and subjects as resolved, and tells of it. */
export async function settleAlerts(
  tx: Db,
  settled: { projectId: string; type: string; subjectId: string; at: number }[],
): Promise<void> {
  if (settled.length === 0) return;
  await tx.query({
    name: "settle-alerts",
    text: `WITH over AS (
             UPDATE alerts SET resolved_at = r.at
               FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::uuid[]) AS r (type, subject_id, at, project_id)
              WHERE alerts.subject_id = r.subject_id AND alerts.type = r.type AND alerts.project_id = r.project_id AND resolved_at IS NULL
             RETURNING alerts.project_id, alerts.id, alerts.type)
           ${TELL}`,
    values: [
      settled.map((one) => one.type),
      settled.map((one) => one.subjectId),
      settled.map((one) => iso(one.at)),
      settled.map((one) => one.projectId),
    ],
  });
}

/**
 * Marks the open alerts of these types as resolved, and tells of it, when an instance of their workflow has completed: those
 * of that instance and of earlier ones that do not run any more. `seq` counts the instances of a workflow.
 */
export async function settleWorkflowAlerts(
  tx: Db,
  types: string[],
  completed: { projectId: string; workflowId: string; seq: number; at: number }[],
): Promise<void> {
  if (completed.length === 0) return;
  await tx.query({
    name: "settle-workflow-alerts",
    text: `WITH over AS (
             UPDATE alerts SET resolved_at = r.at
               FROM unnest($1::uuid[], $2::text[], $3::int[], $4::timestamptz[]) AS r (project_id, workflow_id, seq, at)
              WHERE alerts.project_id = r.project_id AND alerts.subject_id = r.workflow_id AND alerts.type = ANY ($5)
                AND resolved_at IS NULL AND subject_type = 'workflow' AND (data ->> 'instance_seq')::int <= r.seq
                AND NOT EXISTS (SELECT FROM instances i
                                 WHERE i.project_id = r.project_id AND i.id = alerts.data ->> 'instance_id' AND i.status = 'running')
             RETURNING alerts.project_id, alerts.id, alerts.type)
           ${TELL}`,
    values: [
      completed.map((one) => one.projectId),
      completed.map((one) => one.workflowId),
      completed.map((one) => one.seq),
      completed.map((one) => iso(one.at)),
      types,
    ],
  });
}

/** Marks the open ones of the alerts with these keys as resolved, and tells of it. */
export async function settleAlertsByKey(tx: Db, settled: { key: string; at: number }[]): Promise<void> {
  if (settled.length === 0) return;
  await tx.query({
    name: "settle-alerts-by-key",
    text: `WITH over AS (
             UPDATE alerts SET resolved_at = r.at
               FROM unnest($1::text[], $2::timestamptz[]) AS r (key, at)
              WHERE alerts.dedup_key = r.key AND resolved_at IS NULL
             RETURNING alerts.project_id, alerts.id, alerts.type)
           ${TELL}`,
    values: [settled.map((one) => one.key), settled.map((one) => iso(one.at))],
  });
}

/** Tells of alerts that were over when they were raised, after they were. */
export async function tellSettled(tx: Db, keys: string[]): Promise<void> {
  if (keys.length === 0) return;
  await tx.query({
    name: "tell-settled",
    text: `WITH over AS (SELECT project_id, id, type FROM alerts WHERE dedup_key = ANY ($1) AND resolved_at IS NOT NULL) ${TELL}`,
    values: [keys],
  });
}

/** Marks one alert as resolved, and tells of it; false when it was already. */
export async function settleAlert(tx: Db, projectId: string, id: number): Promise<boolean> {
  const settled = await tx.query(
    `WITH over AS (
       UPDATE alerts SET resolved_at = now() WHERE project_id = $1 AND id = $2 AND resolved_at IS NULL
       RETURNING project_id, id, type),
     told AS (${TELL})
     SELECT FROM over`,
    [projectId, id],
  );
  return settled.rowCount === 1;
}
