import { randomUUID } from "node:crypto";
import { createChannel } from "@/lib/channels/commands";
import type { CreateChannel } from "@/lib/channels/schema";
import { pool } from "@/lib/db/pool";
import type { TestProject } from "./world";

export async function makeWebhook(
  project: TestProject,
  url: string,
  config: { secret?: string; headers?: Record<string, string> } = {},
): Promise<string> {
  return makeChannel(project, { kind: "webhook", name: "Hook", events: [], config: { url, ...config } });
}

export async function makeChannel(project: TestProject, input: CreateChannel): Promise<string> {
  return (await createChannel(project.caller, input)).id;
}

export type Queued = { type?: string; subjectId?: string; name?: string; severity?: string; data?: object };

/** Raises one alert with a delivery to each channel, as a change of a check does; gives the ids of the deliveries. */
export async function queue(project: TestProject, channelIds: string[], alert: Queued = {}): Promise<string[]> {
  const {
    type = "check.down",
    subjectId = randomUUID(),
    name = "Nightly backup",
    severity = "critical",
    data = {},
  } = alert;
  const raised = await pool().query<{ id: string }>(
    `WITH raised AS (
       INSERT INTO alerts (project_id, type, severity, subject_type, subject_id, subject_name, message, data, dedup_key, occurred_at)
       VALUES ($1, $2, $3::severity, 'check', $4, $5, $6, $7, $8, now()) RETURNING id)
     INSERT INTO deliveries (project_id, alert_id, channel_id, event, subject_id)
     SELECT $1::uuid, raised.id, channel, $2::text, $4::text FROM raised, unnest($9::uuid[]) AS channel
     RETURNING id`,
    [project.id, type, severity, subjectId, name, `"${name}" is down: no signal came.`, data, randomUUID(), channelIds],
  );
  return raised.rows.map((row) => row.id);
}

export type StoredDelivery = {
  status: string;
  attempts: number;
  wait_ms: number | null;
  response_status: number | null;
  error: string | null;
  sent_at: Date | null;
  message: Record<string, string> | null;
};

/** A delivery as it is stored; `wait_ms` is how long until its next attempt. */
export async function stored(id: string | undefined): Promise<StoredDelivery> {
  const { rows } = await pool().query<StoredDelivery>(
    `SELECT status, attempts, (extract(epoch FROM next_attempt_at - now()) * 1000)::float8 AS wait_ms, response_status, error, sent_at, message
       FROM deliveries WHERE id = $1`,
    [id],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`no delivery ${id}`);
  return row;
}

/** Lets the waits of all deliveries pass: what is pending is due now. */
export async function skipWaits(): Promise<void> {
  await pool().query("UPDATE deliveries SET next_attempt_at = now() WHERE status = 'pending'");
}

/** Lets all leases run out, as they do a minute after their worker died. */
export async function expireLeases(): Promise<void> {
  await pool().query("UPDATE deliveries SET lease_until = now() - interval '1 second' WHERE lease_until IS NOT NULL");
}
