import type { Caller } from "@/lib/auth/caller";
import { dollars } from "@/lib/core/money";
import { type Db, pool } from "@/lib/db/pool";
import { requireInstance } from "@/lib/workflows/read/own";
import type { InstanceStatus } from "@/lib/workflows/schema";
import type { Lineage, LineageNode } from "./schema";

/** How far up the first instance is looked for, and how many that came of it are told. */
const MAX_ANCESTORS = 100;
const MAX_NODES = 200;

type Row = {
  id: string;
  /** 1, 2, 3 … by how much it matters; the one too many comes last. */
  rank: number;
  /** Null when it is gone. */
  seq: number | null;
  status: InstanceStatus;
  started_at: Date;
  n_steps: number;
  cost_micros: number;
  origin_id: string | null;
  fork_from_stage: string | null;
  actor_name: string | null;
  reason: string | null;
};

// The first may be gone, and is known only as somebody's origin then. Those above the one that is asked for always count;
// the others level by level, so that none is without what it was made from.
const FAMILY = `
  WITH RECURSIVE up AS (
    SELECT $2::text AS id, 0 AS height
    UNION ALL
    SELECT i.origin_id, up.height + 1 FROM up JOIN instances i ON i.project_id = $1 AND i.id = up.id
     WHERE i.origin_id IS NOT NULL AND up.height < ${MAX_ANCESTORS}),
  family AS (
    SELECT id, 0 AS depth FROM (SELECT id FROM up ORDER BY height DESC LIMIT 1) AS first
    UNION ALL
    -- Behind OFFSET each is looked up by index, however many the planner thinks there are.
    SELECT own.id, family.depth + 1 FROM family
     CROSS JOIN LATERAL (SELECT i.id FROM instances i WHERE i.project_id = $1 AND i.origin_id = family.id OFFSET 0) AS own),
  told AS (
    SELECT id, row_number() OVER (ORDER BY min(depth), id) AS rank FROM (SELECT id, -1 AS depth FROM up UNION ALL (SELECT id, depth FROM family LIMIT ${2 * MAX_NODES})) AS one
     GROUP BY id ORDER BY rank LIMIT ${MAX_NODES + 1})
  SELECT told.id, told.rank, i.seq, i.status, i.started_at, i.n_steps, i.cost_micros, i.origin_id, i.fork_from_stage, s.actor_name, s.reason
    FROM told
    LEFT JOIN LATERAL (SELECT * FROM instances i WHERE i.project_id = $1 AND i.id = told.id LIMIT 1) AS i ON true
    LEFT JOIN replay_sessions s ON s.project_id = $1 AND s.id = i.session_id
   ORDER BY i.seq NULLS FIRST`;

/** How an instance was made from another, known also when the session is gone. */
function kindOf({ origin_id: origin, fork_from_stage: stage }: Row): LineageNode["kind"] {
  if (origin === null) return null;
  return stage === null ? "rerun" : "fork";
}

const toNode = (row: Row): LineageNode => ({
  id: row.id,
  instance:
    row.seq === null
      ? null
      : {
          seq: row.seq,
          status: row.status,
          started_at: row.started_at.toISOString(),
          total_steps: row.n_steps,
          total_cost_usd: dollars(row.cost_micros),
        },
  origin_instance_id: row.origin_id,
  kind: kindOf(row),
  fork_from_stage: row.fork_from_stage,
  actor: row.actor_name,
  reason: row.reason,
});

/** The rows of all instances that were made from the same first one, at most one more than are told. */
export async function loadFamily(db: Db, projectId: string, id: string): Promise<Row[]> {
  return (await db.query<Row>(FAMILY, [projectId, id])).rows;
}

/** All instances that were made from one another with one of the caller's project. Throws `not_found` and `forbidden`. */
export async function getLineage(caller: Caller, id: string): Promise<Lineage> {
  await requireInstance(caller, id, pool());
  const rows = await loadFamily(pool(), caller.projectId, id);
  const [first] = rows;
  const isWhole = rows.length <= MAX_NODES && (first?.origin_id ?? null) === null;
  return { nodes: rows.filter(({ rank }) => rank <= MAX_NODES).map(toNode), is_whole: isWhole };
}
