import { type Caller, requireOwn, requireScope } from "@/lib/auth/caller";
import { decodeCursor, type Page, toPage } from "@/lib/core/cursor";
import { invalid, notFound } from "@/lib/core/errors";
import { type Db, pool } from "@/lib/db/pool";
import type { Alert, Delivery, DeliveryDetail, ListAlerts, ListDeliveries } from "./schema";
import { subjectLine } from "./subject-line";

type AlertRow = {
  id: number;
  project_id: string;
  type: string;
  severity: Alert["severity"];
  subject_type: string;
  subject_id: string;
  subject_name: string;
  message: string;
  data: unknown;
  occurred_at: Date;
  acknowledged_at: Date | null;
  resolved_at: Date | null;
};

type DeliveryRow = Omit<Delivery, "next_attempt_at" | "sent_at" | "created_at" | "subject"> & {
  project_id: string;
  seq: number;
  subject_name: string;
  message: Record<string, unknown> | null;
  next_attempt_at: Date | null;
  sent_at: Date | null;
  created_at: Date;
};

const ALERT = `id, project_id, type, severity, subject_type, subject_id, subject_name, message, data, occurred_at, acknowledged_at, resolved_at`;
const DELIVERY = `d.id, d.project_id, d.seq, d.alert_id, d.channel_id, d.recipient, d.event, d.status, d.attempts, d.next_attempt_at, d.sent_at,
  d.response_status, d.error, d.created_at, a.subject_name`;
const OF_ALERT = "JOIN alerts a ON a.project_id = d.project_id AND a.id = d.alert_id";

// Written out, because a parameter would hide from the planner which partial index serves the list.
const ALERT_STATUS = {
  open: "resolved_at IS NULL AND acknowledged_at IS NULL",
  acknowledged: "resolved_at IS NULL AND acknowledged_at IS NOT NULL",
  resolved: "resolved_at IS NOT NULL",
};
const DELIVERY_STATUS = { pending: "d.status = 'pending'", sent: "d.status = 'sent'", failed: "d.status = 'failed'" };

function toAlert(row: AlertRow): Alert {
  return {
    id: row.id,
    type: row.type,
    severity: row.severity,
    subject: { type: row.subject_type, id: row.subject_id, name: row.subject_name },
    message: row.message,
    data: row.data,
    occurred_at: row.occurred_at.toISOString(),
    acknowledged_at: row.acknowledged_at?.toISOString() ?? null,
    resolved_at: row.resolved_at?.toISOString() ?? null,
  };
}

function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    alert_id: row.alert_id,
    channel_id: row.channel_id,
    recipient: row.recipient,
    event: row.event,
    status: row.status,
    attempts: row.attempts,
    next_attempt_at: row.next_attempt_at?.toISOString() ?? null,
    sent_at: row.sent_at?.toISOString() ?? null,
    response_status: row.response_status,
    error: row.error,
    subject: subjectLine(row.event, row.subject_name),
    created_at: row.created_at.toISOString(),
  };
}

/** The number a list goes on below; null at its beginning. Throws `invalid_input`. */
function position(cursor: string | undefined): number | null {
  const [at = null] = decodeCursor(cursor, 1) ?? [];
  if (at === null || (typeof at === "number" && Number.isSafeInteger(at))) return at;
  throw invalid("cursor", "is not a cursor of this list");
}

/** A WHERE clause of the given conditions; `?` stands for the value beside it, undefined drops the condition. */
function where(conditions: [string, ...unknown[]][]): { text: string; values: unknown[] } {
  const used = conditions.filter(([, value]) => value !== undefined && value !== null);
  const values: unknown[] = [];
  const parts = used.map(([text, value]) => (text.includes("?") ? text.replace("?", `$${values.push(value)}`) : text));
  return { text: parts.join(" AND "), values };
}

/** The statement of a page of alerts, newest first. */
export function alertsStatement(projectId: string, { status, type, subject_id, limit, cursor }: ListAlerts) {
  const { text, values } = where([
    ["project_id = ?", projectId],
    ["type = ?", type],
    ["subject_id = ?", subject_id],
    [status ? ALERT_STATUS[status] : "", status],
    ["id < ?::bigint", position(cursor)],
  ]);
  return { text: `SELECT ${ALERT} FROM alerts WHERE ${text} ORDER BY id DESC LIMIT ${limit + 1}`, values };
}

/** The statement of a page of deliveries, newest first. */
export function deliveriesStatement(
  projectId: string,
  { status, channel_id, alert_id, limit, cursor }: ListDeliveries,
) {
  const { text, values } = where([
    ["d.project_id = ?", projectId],
    ["d.channel_id = ?", channel_id],
    ["d.alert_id = ?", alert_id],
    [status ? DELIVERY_STATUS[status] : "", status],
    ["d.seq < ?::bigint", position(cursor)],
  ]);
  return {
    text: `SELECT ${DELIVERY} FROM deliveries d ${OF_ALERT} WHERE ${text} ORDER BY d.seq DESC LIMIT ${limit + 1}`,
    values,
  };
}

/** Alerts of the caller's project, newest first. */
export async function listAlerts(caller: Caller, query: ListAlerts): Promise<Page<Alert>> {
  requireScope(caller, "read");
  const { rows } = await pool().query<AlertRow>(alertsStatement(caller.projectId, query));
  return toPage(rows.map(toAlert), query.limit, (alert) => [alert.id]);
}

export async function getAlert(caller: Caller, id: number): Promise<Alert> {
  requireScope(caller, "read");
  return loadAlert(pool(), caller, id);
}

/** One alert of the caller's project as `db` sees it. Throws `not_found` and `forbidden`. */
export async function loadAlert(db: Db, caller: Caller, id: number): Promise<Alert> {
  const { rows } = await db.query<AlertRow>(`SELECT ${ALERT} FROM alerts WHERE id = $1`, [id]);
  const [row] = rows;
  requireOwn(caller, row?.project_id, "alert");
  if (row === undefined) throw notFound("alert");
  return toAlert(row);
}

/** Deliveries of the caller's project, newest first. */
export async function listDeliveries(caller: Caller, query: ListDeliveries): Promise<Page<Delivery>> {
  requireScope(caller, "read");
  const { rows } = await pool().query<DeliveryRow>(deliveriesStatement(caller.projectId, query));
  const page = toPage(rows, query.limit, (row) => [row.seq]);
  return { items: page.items.map(toDelivery), nextCursor: page.nextCursor };
}

/** One delivery with its message: for a mail that could not leave, this is where it can be read. */
export async function getDelivery(caller: Caller, id: string): Promise<DeliveryDetail> {
  requireScope(caller, "read");
  const { rows } = await pool().query<DeliveryRow>(
    `SELECT ${DELIVERY}, d.message FROM deliveries d ${OF_ALERT} WHERE d.id = $1`,
    [id],
  );
  const [row] = rows;
  requireOwn(caller, row?.project_id, "delivery");
  if (row === undefined) throw notFound("delivery");
  return { ...toDelivery(row), message: row.message };
}
