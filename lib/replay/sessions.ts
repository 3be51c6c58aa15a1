import { z } from "zod";
import { type Caller, callerName } from "@/lib/auth/caller";
import { type Page, toPage } from "@/lib/core/cursor";
import { type Db, pool } from "@/lib/db/pool";
import { requireInstance } from "@/lib/workflows/read/own";
import { MICROS, MOMENT, momentCursor } from "@/lib/workflows/read/position";
import type { ListSessions, ReplaySession } from "./schema";

/** What somebody does with instances, as it is kept. */
export type NewSession = {
  kind: "fork" | "rerun" | "compare";
  /** That of the new instance. */
  workflowId: string | null;
  instanceId: string;
  otherId: string;
  reason: string | null;
  inputs: object;
  result: object;
};

/** Keeps what somebody did with instances, and gives its id and when that was. */
export async function storeSession(
  db: Db,
  caller: Caller,
  session: NewSession,
): Promise<{ id: string; createdAt: Date }> {
  const { rows } = await db.query<{ id: string; createdAt: Date }>(
    `INSERT INTO replay_sessions (project_id, kind, workflow_id, instance_id, other_id, actor, actor_name, reason, inputs, result)
     VALUES ($1, $2::replay_kind, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id, created_at AS "createdAt"`,
    [
      caller.projectId,
      session.kind,
      session.workflowId,
      session.instanceId,
      session.otherId,
      caller.actor,
      callerName(caller),
      session.reason,
      session.inputs,
      session.result,
    ],
  );
  const [stored] = rows;
  if (stored === undefined) throw new Error("a session was not stored");
  return stored;
}

type Row = {
  id: string;
  kind: ReplaySession["kind"];
  instance_id: string;
  other_id: string;
  actor_name: string;
  reason: string | null;
  inputs: { fork_from_stage?: string; payload_modifications?: Record<string, unknown> };
  divergence_step: number | null;
  created_at: Date;
  claimed_by: string | null;
  position: number;
};

const toSession = (row: Row): ReplaySession => ({
  id: row.id,
  kind: row.kind,
  instance_id: row.instance_id,
  other_instance_id: row.other_id,
  actor: row.actor_name,
  reason: row.reason,
  fork_from_stage: row.inputs.fork_from_stage ?? null,
  payload_modifications: row.inputs.payload_modifications ?? null,
  divergence_step: row.divergence_step,
  claimed_by: row.claimed_by,
  created_at: row.created_at.toISOString(),
});

const COLUMNS =
  "id, kind, instance_id, other_id, actor_name, reason, inputs, result -> 'divergence_step' AS divergence_step, created_at, claimed_by";
/** Whether a cursor's second part is the id of a session. */
export const isSessionId = (id: string | number): id is string => z.uuid().safeParse(id).success;

type Wanted = { projectId: string; id: string; limit: number; cursor?: string | undefined };

/** Rows of what was done with an instance, from both sides, newest first, at most `limit`. Throws `invalid_input` for a foreign cursor. */
export async function loadSessions(db: Db, { projectId, id, limit, cursor }: Wanted): Promise<Row[]> {
  const after = momentCursor(cursor, isSessionId);
  const values: unknown[] = [projectId, id, limit];
  const below = after === null ? "" : `AND (created_at, id) < (${MOMENT("$4")}, $5::uuid)`;
  if (after !== null) values.push(...after);
  // Each side from the end of an index of its own.
  const side = (column: string): string =>
    `(SELECT ${COLUMNS}, ${MICROS("created_at")} AS position FROM replay_sessions
       WHERE project_id = $1 AND ${column} = $2 ${below} ORDER BY created_at DESC, id DESC LIMIT $3)`;
  const { rows } = await db.query<Row>(
    `SELECT DISTINCT ON (created_at, id) * FROM (${side("instance_id")} UNION ALL ${side("other_id")}) AS s
      ORDER BY created_at DESC, id DESC LIMIT $3`,
    values,
  );
  return rows;
}

/** What was done with an instance of the caller's project, newest first. Throws `not_found`, `forbidden` and `invalid_input`. */
export async function listSessions(caller: Caller, id: string, query: ListSessions): Promise<Page<ReplaySession>> {
  await requireInstance(caller, id, pool());
  const rows = await loadSessions(pool(), { ...query, projectId: caller.projectId, id, limit: query.limit + 1 });
  const { items, nextCursor } = toPage(rows, query.limit, (row) => [row.position, row.id]);
  return { items: items.map(toSession), nextCursor };
}
