import { iso } from "@/lib/core/time";
import type { Db } from "@/lib/db/pool";
import { KINDS_TOLD_OF_APPROVALS, NOT_BY_DEFAULT, TO_PROGRAMS } from "./events";

type SubjectType = "check" | "workflow" | "approval";

/** Something people should know. Times are epoch milliseconds; `dedupKey` makes a second one of the same kind vanish. */
export type NewAlert = {
  projectId: string;
  type: string;
  severity: "info" | "warning" | "critical";
  subjectType: SubjectType;
  subjectId: string;
  subjectName: string;
  message: string;
  data: object;
  dedupKey: string;
  occurredAt: number;
  /** Set for news that need no further action. */
  resolvedAt: number | null;
};

const IS_HEARD = (subject: string): string => `${subject}.muted_until IS NULL OR ${subject}.muted_until <= now()`;

/** Who is told of an alert, by what it is about: the channels of a check, those of a workflow, which may be all, or the project's. */
const AUDIENCES: Record<SubjectType, string> = {
  check: `JOIN check_channels ON check_channels.project_id = raised.project_id AND check_channels.check_id = raised.subject_id::uuid
          JOIN channels ON channels.project_id = raised.project_id AND channels.id = check_channels.channel_id
          JOIN checks ON checks.project_id = raised.project_id AND checks.id = raised.subject_id::uuid AND (${IS_HEARD("checks")})`,
  workflow: `JOIN workflows ON workflows.project_id = raised.project_id AND workflows.id = raised.subject_id AND (${IS_HEARD("workflows")})
             JOIN channels ON channels.project_id = raised.project_id
              AND (workflows.all_channels OR EXISTS (
                     SELECT FROM workflow_channels chosen
                      WHERE chosen.project_id = raised.project_id AND chosen.workflow_id = workflows.id AND chosen.channel_id = channels.id))`,
  approval: `JOIN channels ON channels.project_id = raised.project_id
              AND (channels.events <> '{}' OR channels.kind IN (${KINDS_TOLD_OF_APPROVALS.map((kind) => `'${kind}'`).join(", ")}))`,
};

/**
 * Writes alerts and one delivery for each subscribed channel in a single statement for each kind of subject. Call it in
 * the transaction of the change that the alerts tell of, so that neither exists without the other.
 */
export async function raiseAlerts(tx: Db, alerts: NewAlert[]): Promise<void> {
  const subjects = [...new Set(alerts.map(({ subjectType }) => subjectType))];
  await Promise.all(
    subjects.map((subject) =>
      raise(
        tx,
        subject,
        alerts.filter(({ subjectType }) => subjectType === subject),
      ),
    ),
  );
}

async function raise(tx: Db, subject: SubjectType, alerts: NewAlert[]): Promise<void> {
  await tx.query({
    name: `raise-alerts-${subject}`,
    text: `WITH raised AS (
             INSERT INTO alerts (project_id, type, severity, subject_type, subject_id, subject_name, message, data, dedup_key, occurred_at, resolved_at)
             SELECT project_id, type, severity::severity, subject_type, subject_id, subject_name, message, data, dedup_key, occurred_at, resolved_at
               FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[], $9::text[], $10::timestamptz[], $11::timestamptz[])
                 WITH ORDINALITY AS a (project_id, type, severity, subject_type, subject_id, subject_name, message, data, dedup_key, occurred_at, resolved_at, position)
              -- What nobody gets without asking is not even noted while nobody asks.
              WHERE type <> ALL ($12) OR EXISTS (SELECT FROM channels c WHERE c.project_id = a.project_id AND c.enabled AND a.type = ANY (c.events))
              ORDER BY position
             ON CONFLICT (dedup_key) DO NOTHING
             RETURNING id, project_id, type, subject_id)
           INSERT INTO deliveries (project_id, alert_id, channel_id, event, subject_id)
           SELECT raised.project_id, raised.id, channels.id, raised.type, raised.subject_id
             FROM raised
             ${AUDIENCES[subject]}
            WHERE channels.enabled
              AND CASE WHEN channels.events = '{}'
                       THEN raised.type <> ALL ($12) AND (raised.type <> ALL ($13) OR channels.kind = 'webhook')
                       ELSE raised.type = ANY (channels.events) END
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
      TO_PROGRAMS,
    ],
  });
}
