import type { Db } from "@/lib/db/pool";
import type { InstanceStatus } from "@/lib/workflows/schema";
import { MICROS, MOMENT, momentCursor } from "./position";

/** An instance as it is stored, as far as lists tell of it. */
export type StoredInstance = {
  id: string;
  workflow_id: string;
  seq: number;
  version: number;
  status: InstanceStatus;
  started_at: Date;
  ended_at: Date | null;
  failure_reason: string | null;
  agent_code: string | null;
  n_steps: number;
  cost_micros: number;
  n_reached: number;
  /** Microseconds since 1970 at which it began. */
  position: number;
};

/** One by itself: with what it was made from, how, and what that brought along; null and 0 for most. */
export type InstanceWithLineage = StoredInstance & {
  origin_id: string | null;
  fork_from_stage: string | null;
  session_id: string | null;
  payload_overrides: Record<string, unknown> | null;
  n_copied: number;
  copied_cost_micros: number;
};

const COLUMNS = `id, workflow_id, seq, version, status, started_at, ended_at, failure_reason, agent_code, n_steps, cost_micros,
  cardinality(reached) AS n_reached, ${MICROS("started_at")} AS position`;

const LINEAGE = "origin_id, fork_from_stage, session_id, payload_overrides, n_copied, copied_cost_micros";

type Place = { projectId: string; workflowId: string };
export type InstanceFilter = {
  /** Without any: whatever the status. */
  statuses?: readonly InstanceStatus[];
  agent?: string | undefined;
  /** When it began: not before `from`, before `to`. */
  from?: string | undefined;
  to?: string | undefined;
  cursor?: string | undefined;
  limit: number;
};

const isSeq = (seq: string | number): seq is number => Number.isSafeInteger(seq);

/** Which rows, but for their status. */
function conditions({ projectId, workflowId }: Place, filter: InstanceFilter) {
  const values: unknown[] = [projectId, workflowId];
  const texts = ["project_id = $1", "workflow_id = $2"];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const moment = (text: string): string => MOMENT(value(Date.parse(text) * 1000));
  const after = momentCursor(filter.cursor, isSeq);
  if (filter.agent !== undefined) texts.push(`agent_code = ${value(filter.agent)}`);
  if (filter.from !== undefined) texts.push(`started_at >= ${moment(filter.from)}`);
  if (filter.to !== undefined) texts.push(`started_at < ${moment(filter.to)}`);
  if (after !== null) texts.push(`(started_at, seq) < (${MOMENT(value(after[0]))}, ${value(after[1])}::int8)`);
  return { text: texts.join(" AND "), values };
}

/** Instances of a workflow, newest first, at most `limit`. Throws `invalid_input` for a foreign cursor. */
export async function loadInstances(db: Db, place: Place, filter: InstanceFilter): Promise<StoredInstance[]> {
  // PostgreSQL refuses NUL even to compare with.
  if (filter.agent?.includes("\0") === true) return [];
  const { text, values } = conditions(place, filter);
  const newest = `ORDER BY started_at DESC, seq DESC LIMIT ${filter.limit}`;
  const select = (where: string): string => `SELECT ${COLUMNS} FROM instances WHERE ${where} ${newest}`;
  // One branch for each status, so that each is read from its end of an index, however many there are of others.
  const branches = filter.statuses?.map((status) => select(`${text} AND status = '${status}'`)) ?? [select(text)];
  const [only = ""] = branches;
  const all = branches.length === 1 ? only : `SELECT * FROM ((${branches.join(") UNION ALL (")})) u ${newest}`;
  return (await db.query<StoredInstance>(all, values)).rows;
}

/** One instance of a project; null when it has none of that id. */
export async function findInstance(db: Db, projectId: string, id: string): Promise<InstanceWithLineage | null> {
  const { rows } = await db.query<InstanceWithLineage>(
    `SELECT ${COLUMNS}, ${LINEAGE} FROM instances WHERE project_id = $1 AND id = $2`,
    [projectId, id],
  );
  return rows[0] ?? null;
}
