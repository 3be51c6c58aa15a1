import type { Db } from "@/lib/db/pool";

type Disabling = { projectId: string; channelId: string; deliveryId: string; reason: string };

/**
 * Disables a channel and tells the project by all its other channels, whatever events they want: a channel that is
 * silently dead is the worst failure of a watchman. Does nothing to a channel that is disabled already.
 */
export async function disableChannel(tx: Db, { projectId, channelId, deliveryId, reason }: Disabling): Promise<void> {
  const disabled = await tx.query<{ name: string }>(
    "UPDATE channels SET enabled = false, disabled_reason = $3 WHERE project_id = $1 AND id = $2 AND enabled RETURNING name",
    [projectId, channelId, reason],
  );
  const [channel] = disabled.rows;
  if (channel === undefined) return;
  const message = `The channel "${channel.name}" was disabled: ${reason}. Alerts no longer reach it.`;
  await tx.query(
    `WITH raised AS (
       INSERT INTO alerts (project_id, type, severity, subject_type, subject_id, subject_name, message, data, dedup_key, occurred_at)
       VALUES ($1, 'channel.disabled', 'critical', 'channel', $2, $3, $4, $5, $6, now())
       RETURNING id)
     INSERT INTO deliveries (project_id, alert_id, channel_id, event, subject_id)
     SELECT $1::uuid, raised.id, channels.id, 'channel.disabled', $2::text
       FROM raised, channels
      WHERE channels.project_id = $1::uuid AND channels.enabled`,
    [projectId, channelId, channel.name, message, { reason }, `channel.disabled:${channelId}:${deliveryId}`],
  );
  await tx.query(
    "INSERT INTO audit_entries (project_id, actor, action, subject_id) VALUES ($1, 'system', 'channel.disable', $2)",
    [projectId, channelId],
  );
}
