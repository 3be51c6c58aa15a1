import { iso } from "@/lib/core/time";
import type { Db } from "@/lib/db/pool";
import { NOT_BY_DEFAULT } from "./events";

/** Something people should know. Times are epoch milliseconds; `dedupKey` makes a second one of the same kind vanish. */
export type NewAlert = {
  projectId: string;
  type: string;
  severity: "info" | "warning" | "critical";
  subjectType: "check";
  subjectId: string;
  subjectName: string;
  message: string;
  data: object;
  dedupKey: string;
  occurredAt: number;
  /** Set for news that need no further action. */
  resolvedAt: number | null;
};

/**
 * Writes alerts and one delivery for each subscribed channel in a single statement. Call it in the transaction of the
 * change that the alerts tell of, so that neither exists without the other.
 */
export async function raiseAlerts(tx: Db, alerts: NewAlert[]): Promise<void> {
  if (alerts.length === 0) return;
  await tx.query({
    name: "raise-alerts",
    text: `WITH raised AS (
             INSERT INTO alerts (project_id, type, severity, subject_type, subject_id, subject_name, message, data, dedup_key, occurred_at, resolved_at)
             SELECT project_id, type, severity::severity, subject_type, subject_id, subject_name, message, data, dedup_key, occurred_at, resolved_at
               FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[], $9::text[], $10::timestamptz[], $11::timestamptz[])
                 WITH ORDINALITY AS a (project_id, type, severity, subject_type, subject_id, subject_name, message, data, dedup_key, occurred_at, resolved_at, position)
              ORDER BY position
             ON CONFLICT (dedup_key) DO NOTHING
             RETURNING id, project_id, type, subject_id)
           INSERT INTO deliveries (project_id, alert_id, channel_id, event, subject_id)
           SELECT raised.project_id, raised.id, channels.id, raised.type, raised.subject_id
             FROM raised
             JOIN check_channels ON check_channels.project_id = raised.project_id AND check_channels.check_id = raised.subject_id::uuid
             JOIN channels ON channels.project_id = raised.project_id AND channels.id = check_channels.channel_id
             JOIN checks ON checks.project_id = raised.project_id AND checks.id = raised.subject_id::uuid
            WHERE channels.enabled AND (checks.muted_until IS NULL OR checks.muted_until <= now())
              AND CASE WHEN channels.events = '{}' THEN raised.type <> ALL ($12) ELSE raised.type = ANY (channels.events) END
            ORDER BY raised.id`,
    values: [
      alerts.map((alert) => alert.projectId),
      alerts.map((alert) => alert.type),
      alerts.map((alert) => alert.severity),
      alerts.map((alert) => alert.subjectType),
      alerts.map((alert) => alert.subjectId),
      alerts.map((alert) => alert.subjectName),
      alerts.map((alert) => alert.message),
      alerts.map((alert) => JSON.stringify(alert.data)),
      alerts.map((alert) => alert.dedupKey),
      alerts.map((alert) => iso(alert.occurredAt)),
      alerts.map((alert) => iso(alert.resolvedAt)),
      NOT_BY_DEFAULT,
    ],
  });
}
