import { type Caller, requireScope } from "@/lib/auth/caller";
import { pool } from "@/lib/db/pool";
import type { Delivery } from "./schema";

/** How an alert fared on one channel, whose name is null once it is deleted, or with one recipient. */
export type AlertDelivery = Pick<
  Delivery,
  "id" | "alert_id" | "channel_id" | "recipient" | "status" | "response_status" | "error"
> & {
  channel_name: string | null;
};

/** The newest delivery of a channel. */
export type LastDelivery = Pick<Delivery, "channel_id" | "status" | "response_status" | "created_at">;

/** Deliveries shown for one alert; who has more channels reads on in their logs. */
const EACH = 20;

export const OF_ALERTS = `
  SELECT d.id, d.alert_id, d.channel_id, d.recipient, c.name AS channel_name, d.status, d.response_status, d.error
    FROM unnest($2::int[]) AS wanted (alert_id)
   CROSS JOIN LATERAL (
         SELECT id, alert_id, channel_id, recipient, status, response_status, error FROM deliveries
          WHERE deliveries.alert_id = wanted.alert_id AND project_id = $1 AND event NOT LIKE '%.resolved' ORDER BY channel_id LIMIT ${EACH}) d
    LEFT JOIN channels c ON c.project_id = $1 AND c.id = d.channel_id
   ORDER BY d.alert_id, c.name, d.recipient, d.id`;

export const LAST = `
  SELECT d.channel_id, d.status, d.response_status, d.created_at
    FROM unnest($2::uuid[]) AS wanted (channel_id)
   CROSS JOIN LATERAL (
         SELECT channel_id, status, response_status, created_at FROM deliveries
          WHERE project_id = $1 AND deliveries.channel_id = wanted.channel_id ORDER BY seq DESC LIMIT 1) d`;

/** The deliveries of these alerts of the caller's project, with the names of their channels. */
export async function listDeliveriesOf(caller: Caller, alertIds: number[]): Promise<AlertDelivery[]> {
  requireScope(caller, "read");
  if (alertIds.length === 0) return [];
  return (await pool().query<AlertDelivery>(OF_ALERTS, [caller.projectId, alertIds])).rows;
}

/** The newest delivery of each of these channels of the caller's project that has one. */
export async function listLastDeliveries(caller: Caller, channelIds: string[]): Promise<LastDelivery[]> {
  requireScope(caller, "read");
  if (channelIds.length === 0) return [];
  type Row = Omit<LastDelivery, "created_at"> & { created_at: Date };
  const { rows } = await pool().query<Row>(LAST, [caller.projectId, channelIds]);
  return rows.map((row) => ({ ...row, created_at: row.created_at.toISOString() }));
}
