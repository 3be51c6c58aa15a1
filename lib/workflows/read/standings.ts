import type { Db } from "@/lib/db/pool";
import { Definition } from "@/lib/workflows/definition";
import type { EndedInstance, OpenInstance, Standing } from "@/lib/workflows/present";

/** More running instances are not counted. */
const MAX_COUNTED = 10_000;

type Row = {
  id: string;
  running: number;
  open_status: OpenInstance["status"] | null;
  rules: unknown;
  n_reached: number;
  path: string | null;
  stage_name: string | null;
  at: Date | null;
  ended_as: EndedInstance["status"] | null;
  failure_reason: string | null;
  started_at: Date;
  ended_at: Date;
};

const OF_IT = "i.project_id = w.project_id AND i.workflow_id = w.id";

/** The newest of those with one status, read from the end of an index. */
const newest = (status: string, columns: string): string =>
  `SELECT ${columns} FROM instances i WHERE ${OF_IT} AND i.status = ${status} ORDER BY i.started_at DESC, i.seq DESC LIMIT 1`;

/** The one that ended last, as far as the newest of each outcome tells. */
export const LAST_ENDED = `SELECT e.* FROM unnest('{completed,failed,terminated}'::instance_status[]) AS s (status)
  CROSS JOIN LATERAL (${newest("s.status", "i.status, i.failure_reason, i.started_at, i.ended_at")}) e
  ORDER BY e.ended_at DESC NULLS LAST LIMIT 1`;

/** The newest that runs; one that is paused only where none does. */
const NEWEST_OPEN = `SELECT o.* FROM unnest('{running,paused}'::instance_status[]) AS s (status)
  CROSS JOIN LATERAL (${newest("s.status", "i.id, i.status, i.version, i.reached")}) o
  ORDER BY o.status LIMIT 1`;

const STANDINGS = `
  SELECT w.id, d.rules, o.status AS open_status, coalesce(cardinality(o.reached), 0) AS n_reached,
         l.path, l.stage_name, l.at, e.status AS ended_as, e.failure_reason, e.started_at, e.ended_at,
         (SELECT count(*) FROM (SELECT FROM instances i WHERE ${OF_IT} AND i.status = 'running' LIMIT ${MAX_COUNTED}) r) AS running
    FROM workflows w
    LEFT JOIN LATERAL (${NEWEST_OPEN}) o ON true
    LEFT JOIN workflow_definitions d ON d.project_id = w.project_id AND d.workflow_id = w.id AND d.version = o.version
    LEFT JOIN LATERAL (SELECT s.path, s.stage_name, s.at FROM stage_executions s
                        WHERE s.project_id = w.project_id AND s.instance_id = o.id ORDER BY s.ordinal DESC LIMIT 1) l ON true
    LEFT JOIN LATERAL (${LAST_ENDED}) e ON true
   WHERE w.project_id = $1 AND w.id = ANY ($2::text[])`;

function openOf(row: Row): OpenInstance | null {
  if (row.open_status === null) return null;
  const { kind, mode, stages } = Definition.parse(row.rules);
  const declared = kind === "static" ? stages[Number(row.path) - 1]?.name : undefined;
  const last =
    row.path === null || row.at === null
      ? null
      : { path: row.path, name: row.stage_name ?? declared ?? null, at: row.at.getTime() };
  return {
    status: row.open_status,
    mode,
    declared: kind === "static" ? { reached: row.n_reached, total: stages.length } : null,
    last,
  };
}

function endedOf({ ended_as: status, failure_reason: reason, started_at, ended_at }: Row): EndedInstance | null {
  if (status === null) return null;
  return { status, reason, startedAt: started_at.getTime(), endedAt: ended_at.getTime() };
}

/** What runs of these workflows of a project, and how the last run of each ended, by their ids. */
export async function loadStandings(db: Db, projectId: string, ids: string[]): Promise<Map<string, Standing>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<Row>(STANDINGS, [projectId, ids]);
  return new Map(rows.map((row) => [row.id, { running: row.running, open: openOf(row), ended: endedOf(row) }]));
}
