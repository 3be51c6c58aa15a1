import { plainArray, textArray } from "@/lib/db/columns";
import { type Db, pool } from "@/lib/db/pool";

/** Steps that wait for a price, word for word as their index says it. */
const WAITING =
  "cost_micros IS NULL AND model_id IS NOT NULL AND (input_tokens IS NOT NULL OR output_tokens IS NOT NULL)";

const NIL = "00000000-0000-0000-0000-000000000000";

/** The next project, in the order of their ids, that has steps that wait for a price; null when there is none. */
export async function projectAfter(projectId: string | null): Promise<string | null> {
  const { rows } = await pool().query<{ project_id: string }>({
    name: "unpriced-project",
    text: `SELECT project_id FROM stage_executions WHERE project_id > $1 AND ${WAITING} ORDER BY project_id, model_id LIMIT 1`,
    values: [projectId ?? NIL],
  });
  return rows[0]?.project_id ?? null;
}

const MODELS_AT_ONCE = 500;

/** Up to 500 models in the order of their names. Jumps from name to name in the index. */
async function modelsAfter(projectId: string, model: string): Promise<string[]> {
  const next = (after: string): string =>
    `SELECT model_id FROM stage_executions WHERE project_id = $1 AND model_id > ${after} AND ${WAITING} ORDER BY model_id LIMIT 1`;
  const { rows } = await pool().query<{ model_id: string }>({
    name: "unpriced-names",
    text: `WITH RECURSIVE named AS ((${next("$2")}) UNION ALL SELECT (${next("named.model_id")}) FROM named WHERE named.model_id IS NOT NULL)
           SELECT model_id FROM named WHERE model_id IS NOT NULL LIMIT ${MODELS_AT_ONCE}`,
    values: [projectId, model],
  });
  return rows.map(({ model_id }) => model_id);
}

/** Models of which steps wait for a price. */
export async function* waitingModels(projectId: string): AsyncGenerator<string> {
  let models = await modelsAfter(projectId, "");
  while (models.length > 0) {
    yield* models;
    if (models.length < MODELS_AT_ONCE) return;
    models = await modelsAfter(projectId, models.at(-1) ?? "");
  }
}

export type OfModel = { projectId: string; modelId: string };

/** Where a step is; `workflowId` is null for one whose instance is being removed. */
export type StepKey = { workflowId: string | null; instanceId: string; ordinal: number };

export const FIND_WAITING = `
  SELECT i.workflow_id AS "workflowId", s.instance_id AS "instanceId", s.ordinal
    FROM (SELECT project_id, instance_id, ordinal FROM stage_executions
           WHERE project_id = $1 AND model_id = $2 AND ${WAITING} OFFSET $3 LIMIT $4) AS s
    LEFT JOIN instances i ON i.project_id = s.project_id AND i.id = s.instance_id`;

/** Some steps of a model that wait for a price; `skip`: so many that were found before have none. */
export async function findWaiting(
  { projectId, modelId }: OfModel,
  { skip, limit }: { skip: number; limit: number },
): Promise<StepKey[]> {
  const values = [projectId, modelId, skip, limit];
  return (await pool().query<StepKey>({ name: "unpriced-steps", text: FIND_WAITING, values })).rows;
}

/** A step that waits for a price. */
export type WaitingStep = {
  instanceId: string;
  ordinal: number;
  agent: string;
  /** Epoch milliseconds, and the same by the calendar of the project. */
  at: number;
  day: string;
  tags: string[];
  inputTokens: number | null;
  outputTokens: number | null;
  /** As it was told, or as a span is stored; null where it would be too long. */
  usage: Record<string, unknown> | null;
  isSpan: boolean;
  parentSpanId: string | null;
};

/** Nobody tells what was used in more characters. */
const MAX_USAGE = 20_000;

/** Those of the named steps that still wait, their workflow locked. */
export async function loadWaiting(tx: Db, projectId: string, keys: readonly StepKey[]): Promise<WaitingStep[]> {
  const { rows } = await tx.query<WaitingStep>({
    name: "load-unpriced",
    text: `SELECT s.instance_id AS "instanceId", s.ordinal, coalesce(s.agent, '') AS agent, date_part('epoch', s.at) * 1000 AS at,
                  to_char(s.at AT TIME ZONE p.time_zone, 'YYYY-MM-DD') AS day, coalesce(s.tags, '{}') AS tags,
                  s.input_tokens AS "inputTokens", s.output_tokens AS "outputTokens", s.span_id IS NOT NULL AS "isSpan", s.parent_span_id AS "parentSpanId",
                  CASE WHEN length((s.usage - 'reported')::text) <= ${MAX_USAGE} THEN s.usage - 'reported' END AS usage
             FROM unnest($2::text[], $3::int[]) AS a (instance_id, ordinal)
             JOIN stage_executions s ON s.project_id = $1 AND s.instance_id = a.instance_id AND s.ordinal = a.ordinal
             JOIN projects p ON p.id = s.project_id
            WHERE ${WAITING}
            ORDER BY s.at, s.instance_id, s.ordinal`,
    values: [
      projectId,
      textArray(keys.map(({ instanceId }) => instanceId)),
      plainArray(keys.map(({ ordinal }) => ordinal)),
    ],
  });
  return rows;
}

/** Spans that hold others and told what all of them cost, of one instance. */
export type Wholes = { hasOutermost: boolean; spanIds: string[] };

/** The same of several instances, by their ids; none where there are none. */
export async function findWholes(tx: Db, projectId: string, instanceIds: string[]): Promise<Map<string, Wholes>> {
  if (instanceIds.length === 0) return new Map();
  const { rows } = await tx.query<Wholes & { id: string }>({
    name: "told-whole",
    text: `SELECT s.instance_id AS id, bool_or(s.parent_span_id IS NULL) AS "hasOutermost", array_agg(s.span_id) AS "spanIds"
             FROM unnest($2::text[]) AS a (id)
             JOIN stage_executions s ON s.project_id = $1 AND s.instance_id = a.id
            WHERE s.span_id IS NOT NULL AND s.usage @> '{"whole": true}'
            GROUP BY s.instance_id`,
    values: [projectId, textArray(instanceIds)],
  });
  return new Map(rows.map(({ id, ...wholes }) => [id, wholes]));
}

/** How many steps of these models are counted as without a price. */
export async function countWaiting(projectId: string, models: string[]): Promise<number> {
  const { rows } = await pool().query<{ steps: number }>({
    name: "count-unpriced",
    text: "SELECT coalesce(sum(n_unpriced), 0)::int8 AS steps FROM cost_rollups WHERE project_id = $1 AND model_id = ANY ($2) AND n_unpriced > 0",
    values: [projectId, models],
  });
  return rows[0]?.steps ?? 0;
}
