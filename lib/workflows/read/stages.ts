import type { Db } from "@/lib/db/pool";
import { DEFAULT_DYNAMIC, Definition, type Kind } from "@/lib/workflows/definition";
import type { InstanceStatus, StageStatuses } from "@/lib/workflows/schema";
import { type Reached, stageStatuses } from "@/lib/workflows/stage-statuses";

export type Place = { projectId: string; workflowId: string; kind: Kind };
type Subject = { id: string; status: InstanceStatus; version: number };

/** Backwards on both columns, which is the order of an index. */
const NEWEST_BY_PATH = `SELECT i.id, s.* FROM unnest($2::text[]) AS i (id)
  CROSS JOIN LATERAL (SELECT DISTINCT ON (path) path, status, stage_name, agent FROM stage_executions
                       WHERE project_id = $1 AND instance_id = i.id ORDER BY path DESC, ordinal DESC LIMIT $3) s`;

/** No instance has as many. */
const ALL = 2_147_483_647;

type Asked = { projectId: string; ids: string[]; limit: number };

async function reachedBy(db: Db, { projectId, ids, limit }: Asked): Promise<Map<string, Reached[]>> {
  const reached = new Map<string, Reached[]>(ids.map((id) => [id, []]));
  const { rows } = await db.query<Reached & { id: string }>(NEWEST_BY_PATH, [projectId, [...reached.keys()], limit]);
  for (const { id, ...stage } of rows) reached.get(id)?.push(stage);
  return reached;
}

async function lastCompleted(db: Db, { projectId, workflowId, kind }: Place): Promise<string[]> {
  if (kind === "static") return [];
  const { rows } = await db.query<{ id: string }>(
    `SELECT id FROM instances WHERE project_id = $1 AND workflow_id = $2 AND status = 'completed'
      ORDER BY started_at DESC, seq DESC LIMIT 1`,
    [projectId, workflowId],
  );
  return rows.map((row) => row.id);
}

/** The definitions of these versions of a workflow, or of its present one. */
async function definitionsOf(db: Db, { projectId, workflowId }: Place, versions: number[] | null) {
  const { rows } = await db.query<{ version: number; rules: unknown }>(
    `SELECT version, rules FROM workflow_definitions WHERE project_id = $1 AND workflow_id = $2
        AND version = ANY (coalesce($3::int[], ARRAY(SELECT version FROM workflows WHERE project_id = $1 AND id = $2)))`,
    [projectId, workflowId, versions],
  );
  return new Map(rows.map(({ version, rules }) => [version, Definition.parse(rules)]));
}

/** What became of the stages of each of these instances of one workflow, at most `limit` each, by their id. */
export async function loadStages(
  db: Db,
  { limit = ALL, ...place }: Place & { limit?: number },
  subjects: Subject[],
): Promise<Map<string, StageStatuses>> {
  if (subjects.length === 0) return new Map();
  const definitions = await definitionsOf(db, place, [...new Set(subjects.map(({ version }) => version))]);
  const completed = await lastCompleted(db, place);
  const ids = [...subjects.map(({ id }) => id), ...completed];
  const reached = await reachedBy(db, { projectId: place.projectId, ids, limit });
  const model = reached.get(completed[0] ?? "") ?? [];
  return new Map(
    subjects.map(({ id, status, version }) => {
      const rules = definitions.get(version) ?? DEFAULT_DYNAMIC;
      return [id, stageStatuses({ rules, status, reached: reached.get(id) ?? [], model })];
    }),
  );
}

/** The stages of a workflow that has had no instance: all are still to come. */
export async function plannedStages(db: Db, place: Place): Promise<StageStatuses> {
  const [rules = DEFAULT_DYNAMIC] = (await definitionsOf(db, place, null)).values();
  return stageStatuses({ rules, status: null, reached: [], model: [] });
}
