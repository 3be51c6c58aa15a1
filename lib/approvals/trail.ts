import type { Db } from "@/lib/db/pool";
import { requestedKey } from "./alert";
import { BUDGET } from "./limit-request";
import type { TrailEntry } from "./schema";
import type { ApprovalRowStored } from "./store/rows";

type Row = Omit<TrailEntry, "at"> & { at: Date };

/**
 * What was done, and which notices left: those come from the log of deliveries, so that neither is told twice. What no
 * receiver took was kept in that log, because no mail service is set up.
 */
const TRAIL = `
  SELECT * FROM (
    SELECT 0 AS part, e.id AS seq, e.kind, e.at, e.actor_name AS actor, e.via, e.details
      FROM approval_events e WHERE e.project_id = $1 AND e.approval_id = $2
    UNION ALL
    SELECT 1, d.seq, 'notified', coalesce(d.sent_at, d.created_at), coalesce(d.recipient, c.name, 'a deleted channel'),
           coalesce(CASE d.direct_kind WHEN 'approver' THEN 'email' ELSE d.direct_kind END, c.kind, 'channel'),
           jsonb_strip_nulls(jsonb_build_object('status', CASE WHEN d.status = 'sent' AND d.response_status IS NULL THEN 'kept' ELSE d.status::text END, 'error', d.error))
      FROM alerts a
      JOIN deliveries d ON d.project_id = a.project_id AND d.alert_id = a.id
      LEFT JOIN channels c ON c.project_id = d.project_id AND c.id = d.channel_id
     WHERE a.project_id = $1 AND a.dedup_key = $3) AS trail
   ORDER BY at, part DESC, seq LIMIT 500`;

/** The audit trail of an approval, oldest first. */
export async function loadTrail(db: Db, approval: ApprovalRowStored): Promise<TrailEntry[]> {
  const { project_id, id, requester_name, requested_by, created_at } = approval;
  const { rows } = await db.query<Row>({
    name: "approval-trail",
    text: TRAIL,
    values: [project_id, id, requestedKey(id)],
  });
  const via = requested_by === BUDGET ? BUDGET : requested_by.startsWith("user:") ? "page" : "api";
  const requested = {
    kind: "requested",
    at: created_at.toISOString(),
    actor: requester_name,
    via,
    details: {},
  } as const;
  const later = rows.map(({ kind, at, actor, via: way, details }) => ({
    kind,
    at: at.toISOString(),
    actor,
    via: way,
    details,
  }));
  return [requested, ...later];
}
