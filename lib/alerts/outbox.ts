import type { AlertFacts } from "@/lib/channels/kind";
import { type Db, pool } from "@/lib/db/pool";

/** A delivery that this process may send until its lease ends. */
export type Claimed = {
  id: string;
  projectId: string;
  /** Whoever claims a delivery after the lease gets another one, and this one no longer counts. */
  token: string;
  event: string;
  /** As the first attempt stored it; null before that. */
  message: object | null;
  alert: AlertFacts;
  /** Null for what goes directly to somebody. */
  channelId: string | null;
  /** Null when it has been deleted. */
  channel: ClaimedChannel | null;
  /** Null for what goes to a channel. */
  direct: ClaimedDirect | null;
  projectName: string;
  projectSecret: string;
};

export type ClaimedChannel = {
  kind: string;
  name: string;
  config: Uint8Array;
  enabled: boolean;
  disabledReason: string | null;
};

/** `config` is sealed. */
export type ClaimedDirect = { kind: string; recipient: string; config: Uint8Array | null };

type Row = {
  id: string;
  project_id: string;
  lease_token: string;
  event: string;
  message: object | null;
  alert_id: number;
  severity: AlertFacts["severity"];
  subject_type: string;
  subject_id: string;
  subject_name: string;
  alert_message: string;
  data: unknown;
  occurred_at: Date;
  channel_id: string | null;
  direct_kind: string | null;
  recipient: string | null;
  direct_config: Buffer | null;
  kind: string | null;
  channel_name: string;
  config: Buffer;
  enabled: boolean;
  disabled_reason: string | null;
  project_name: string;
  webhook_secret: string;
};

/** Longer than any attempt takes, so that only a dead process loses its lease. */
const LEASE_SECONDS = 60;

/** Whether a recipient of the same project has last let something fail that is still to be sent. */
const RECIPIENT_FAILS = `EXISTS (
           SELECT FROM deliveries failing
            WHERE failing.project_id = d.project_id AND failing.recipient = d.recipient
              AND failing.channel_id IS NULL AND failing.status = 'pending' AND failing.error IS NOT NULL)`;

/**
 * Due, not being sent, and nothing older under way for the same subject and channel or recipient. A channel or recipient
 * that fails is served apart ($2), so that receivers which hang never hold up the others.
 */
export const DUE = `
  SELECT d.project_id, d.id
    FROM deliveries d
    LEFT JOIN channels c ON c.project_id = d.project_id AND c.id = d.channel_id
   WHERE d.status = 'pending' AND d.next_attempt_at <= now() AND (d.lease_until IS NULL OR d.lease_until < now())
     AND CASE WHEN d.channel_id IS NULL THEN ${RECIPIENT_FAILS} ELSE c.failing_since IS NOT NULL END = $2
     AND NOT EXISTS (
           SELECT FROM deliveries earlier
            WHERE earlier.project_id = d.project_id AND earlier.channel_id = d.channel_id
              AND earlier.subject_id = d.subject_id AND earlier.seq < d.seq AND earlier.status = 'pending')
     AND (d.channel_id IS NOT NULL OR NOT EXISTS (
           SELECT FROM deliveries earlier
            WHERE earlier.project_id = d.project_id AND earlier.channel_id IS NULL AND earlier.recipient = d.recipient
              AND earlier.subject_id = d.subject_id AND earlier.seq < d.seq AND earlier.status = 'pending'))
   ORDER BY d.next_attempt_at
   LIMIT $1
     FOR NO KEY UPDATE OF d SKIP LOCKED`;

const WITH_FACTS = `
  SELECT d.id, d.project_id, d.lease_token, d.event, d.message, d.channel_id, d.direct_kind, d.recipient, d.direct_config, d.alert_id, a.severity, a.subject_type, a.subject_id,
         a.subject_name, a.message AS alert_message, a.data, a.occurred_at, c.kind, c.name AS channel_name, c.config, c.enabled,
         c.disabled_reason, p.name AS project_name, p.webhook_secret
    FROM claimed d
    JOIN alerts a ON a.project_id = d.project_id AND a.id = d.alert_id
    JOIN projects p ON p.id = d.project_id
    LEFT JOIN channels c ON c.project_id = d.project_id AND c.id = d.channel_id
   ORDER BY d.seq`;

const CLAIM = `
  WITH due AS MATERIALIZED (${DUE}),
  claimed AS (
    UPDATE deliveries d SET lease_token = gen_random_uuid(), lease_until = now() + interval '${LEASE_SECONDS} seconds'
      FROM due WHERE d.project_id = due.project_id AND d.id = due.id
    RETURNING d.*)
  ${WITH_FACTS}`;

/** Takes up to `limit` due deliveries. Any number of processes may do so at once; none gets what another holds. */
export async function claim(limit: number, failing: boolean): Promise<Claimed[]> {
  const { rows } = await pool().query<Row>({ name: "claim-deliveries", text: CLAIM, values: [limit, failing] });
  return rows.map(claimedOf);
}

/** Writes a delivery of this alert that is already claimed by the caller. */
export async function insertClaimed(
  tx: Db,
  alert: { projectId: string; alertId: number },
  channelId: string,
): Promise<Claimed> {
  const { rows } = await tx.query<Row>(
    `WITH claimed AS (
       INSERT INTO deliveries (project_id, alert_id, channel_id, event, subject_id, lease_token, lease_until)
       SELECT project_id, id, $3, type, subject_id, gen_random_uuid(), now() + interval '${LEASE_SECONDS} seconds'
         FROM alerts WHERE project_id = $1 AND id = $2
       RETURNING *)
     ${WITH_FACTS}`,
    [alert.projectId, alert.alertId, channelId],
  );
  const [row] = rows;
  if (row === undefined) throw new Error("the alert of a delivery must exist");
  return claimedOf(row);
}

function claimedOf(row: Row): Claimed {
  return {
    id: row.id,
    projectId: row.project_id,
    token: row.lease_token,
    event: row.event,
    message: row.message,
    alert: {
      id: row.alert_id,
      projectId: row.project_id,
      type: row.event,
      severity: row.severity,
      subject: { type: row.subject_type, id: row.subject_id, name: row.subject_name },
      message: row.alert_message,
      data: row.data,
      occurredAt: row.occurred_at,
    },
    channelId: row.channel_id,
    channel: channelOf(row),
    direct: directOf(row),
    projectName: row.project_name,
    projectSecret: row.webhook_secret,
  };
}

function channelOf({
  kind,
  channel_name: name,
  config,
  enabled,
  disabled_reason: disabledReason,
}: Row): ClaimedChannel | null {
  return kind === null ? null : { kind, name, config, enabled, disabledReason };
}

function directOf({ direct_kind: kind, recipient, direct_config: config }: Row): ClaimedDirect | null {
  return kind === null ? null : { kind, recipient: recipient ?? "", config };
}

/** One attempt as it begins: the message that was rendered first, whenever that was, and the database's time. */
export type Begun = { message: unknown; attempts: number; at: Date };

/** Counts an attempt and keeps its message for all that follow; null when the delivery is no longer ours to send. */
export async function begin(delivery: Claimed, message: object | null): Promise<Begun | null> {
  const { rows } = await pool().query<Begun>({
    name: "begin-delivery",
    text: `UPDATE deliveries
              SET attempts = attempts + 1, message = $4, lease_until = now() + interval '${LEASE_SECONDS} seconds'
            WHERE project_id = $1 AND id = $2 AND lease_token = $3 AND status = 'pending'
           RETURNING message, attempts, now() AS at`,
    values: [delivery.projectId, delivery.id, delivery.token, message && JSON.stringify(message)],
  });
  return rows[0] ?? null;
}
