import { type Caller, requireScope } from "@/lib/auth/caller";
import { decodeCursor, type Page, toPage } from "@/lib/core/cursor";
import { invalid } from "@/lib/core/errors";
import { SINCE_MADE } from "@/lib/costs/queries";
import { pool } from "@/lib/db/pool";
import { EVENT_OF } from "@/lib/workflows/cost-alert";
import { requireWorkflow } from "@/lib/workflows/read/own";
import type { InstanceStatus } from "@/lib/workflows/schema";

/** An alert about costs as its line shows it, with how its instance stands by now; null for one that is gone. */
export type CostAlertLine = {
  id: number;
  /** The event, such as `cost.exceeded`. */
  type: string;
  severity: string;
  message: string;
  createdAt: string;
  resolvedAt: string | null;
  instance: { id: string; seq: number; status: InstanceStatus; isExpected: boolean } | null;
};

type Row = {
  id: number;
  message: string;
  type: string;
  severity: string;
  created_at: Date;
  resolved_at: Date | null;
  instance_id: string | null;
  seq: number;
  status: InstanceStatus;
  is_expected: boolean;
};

const IS_OVER = "(resolved_at IS NOT NULL)::int";
const LINES = `
  SELECT a.id, a.message, a.type, a.severity, a.created_at, a.resolved_at, i.id AS instance_id, i.seq, i.status, i.is_expected
    FROM (SELECT id, type, severity, message, data, created_at, resolved_at FROM alerts
           WHERE project_id = $1 AND subject_id = $2 AND type = ANY ($3) AND ${SINCE_MADE} AND ($4 OR resolved_at IS NULL)
             AND ($5::int IS NULL OR ${IS_OVER} > $5 OR (${IS_OVER} = $5 AND id < $6::int))
           ORDER BY ${IS_OVER}, id DESC LIMIT $7) AS a
    LEFT JOIN instances i ON i.project_id = $1 AND i.id = a.data ->> 'instance_id'
   ORDER BY (a.resolved_at IS NOT NULL)::int, a.id DESC`;

const MAX_ID = 2 ** 31 - 1;

function positionOf(cursor: string | undefined): (number | null)[] {
  const found = decodeCursor(cursor, 2);
  if (found === null) return [null, null];
  const [over, id] = found.map(Number);
  if ((over !== 0 && over !== 1) || id === undefined || !(Number.isInteger(id) && id >= 0 && id <= MAX_ID))
    throw invalid("cursor", "is not a cursor of this list");
  return [over, id];
}

const toLine = (row: Row): CostAlertLine => ({
  id: row.id,
  type: row.type,
  severity: row.severity,
  message: row.message,
  createdAt: row.created_at.toISOString(),
  resolvedAt: row.resolved_at?.toISOString() ?? null,
  instance:
    row.instance_id === null
      ? null
      : { id: row.instance_id, seq: row.seq, status: row.status, isExpected: row.is_expected },
});

type Query = { limit: number; cursor?: string | undefined; isAll: boolean };

/** Alerts about the costs of a workflow: those that are open, newest first, and then the others if asked for all. */
export async function listCostAlertLines(
  caller: Caller,
  workflowId: string,
  { limit, cursor, isAll }: Query,
): Promise<Page<CostAlertLine>> {
  requireScope(caller, "read");
  await requireWorkflow(caller, workflowId, pool());
  const { rows } = await pool().query<Row>({
    name: "cost-alert-lines",
    text: LINES,
    values: [caller.projectId, workflowId, Object.values(EVENT_OF), isAll, ...positionOf(cursor), limit + 1],
  });
  const { items, nextCursor } = toPage(rows, limit, ({ resolved_at: resolved, id }) => [resolved === null ? 0 : 1, id]);
  return { items: items.map(toLine), nextCursor };
}
