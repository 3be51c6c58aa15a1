import { type Database, makeProject } from "./databases";
import type { Audited } from "./fleet";
import type { PlannedRequest } from "./load-plan";

/** Dynamic workflows that one workload reports to and no other touches, each with an instance that runs. */
export type Pipelines = { database: Database; pingKey: string; ids: string[] };

/** Limits that are asked about at every step and never reached. */
const BUDGET = {
  enabled: true,
  limitMicros: 1e12,
  alertThresholdMicros: 1e12,
  dailyLimitMicros: 1e12,
  action: "pause",
  anomalyDetection: true,
  anomalyMultiplier: 1000,
  version: 1,
};

const WORKFLOWS = 1000;
/** So many stages come of each instance, then the first of them again. */
const PATHS = 20;

/** Makes them in the project's own way: by an id that the customer chose, flexible, without bounds. */
export async function makePipelines(database: Database, hasBudget = false): Promise<Pipelines> {
  const { id, pingKey } = await makeProject(database);
  const { pool } = database;
  await pool.query(
    `WITH made AS (
       INSERT INTO workflows (project_id, id, kind, name, n_instances, budget)
       SELECT $1, 'pipeline-' || i, 'dynamic', 'Pipeline ' || i, 1, $3::jsonb FROM generate_series(1, $2::int) AS i RETURNING project_id, id)
     INSERT INTO workflow_definitions (project_id, workflow_id, version, rules)
     SELECT project_id, id, 1, '{"kind":"dynamic","mode":"flexible","strictAgents":false,"graceSeconds":null,"instanceTimeoutSeconds":null,"stages":[]}' FROM made`,
    [id, WORKFLOWS, hasBudget ? JSON.stringify(BUDGET) : null],
  );
  const begun = await pool.query<{ id: string }>(
    `INSERT INTO instances (project_id, workflow_id, id, seq, version, started_at, last_signal_at, progress_at)
     SELECT project_id, id, 'd' || left(md5(project_id || id), 16), 1, 1, now(), now(), now() FROM workflows WHERE project_id = $1
     RETURNING workflow_id AS id`,
    [id],
  );
  await pool.query("ANALYZE workflows, workflow_definitions, instances");
  return { database, pingKey, ids: begun.rows.map((row) => row.id) };
}

/** The next stage of each instance, then the one after it of each, and so on. */
export function stagesOf({ ids, pingKey }: Pipelines, more: Omit<PlannedRequest, "target"> = {}): PlannedRequest[][] {
  const paths = Array.from({ length: PATHS }, (_, index) => index + 1);
  return paths.flatMap((path) => ids.map((id) => [{ target: `/dhk/${id}?stagePath=${path}&key=${pingKey}`, ...more }]));
}

const STEP = {
  response_time_ms: 1840,
  tool_calls: [{ tool_name: "web_search", latency_ms: 250, success: true }],
  payload: { task: "Summarise the findings of the stage before", records: 1000, text: "lorem ipsum ".repeat(18) },
};

/** What an agent tells of a step: about 500 bytes. */
export const TOLD = JSON.stringify({
  model_id: "claude-3-opus",
  usage: { input_tokens: 1500, output_tokens: 500, total_tokens: 2000 },
  cost_usd: 0.045,
  ...STEP,
});

/** The same without anything that costs something, and as long. */
export const TOLD_FREE = JSON.stringify({ note: "x".repeat(102), ...STEP });

/** The steps that instances have counted, and those whose steps are not numbered 0, 1, 2 … up to that count. */
export function auditedPipelines({ database, ids, pingKey }: Pipelines): Audited {
  const ask = async (sql: string): Promise<number> => {
    const found = await database.pool.query<{ n: number }>(
      `SELECT ${sql} AS n FROM instances i
         LEFT JOIN LATERAL (SELECT count(*) AS stored, min(ordinal) AS first, max(ordinal) AS last FROM stage_executions e
                             WHERE e.project_id = i.project_id AND e.instance_id = i.id) AS steps ON true
        WHERE i.project_id = (SELECT id FROM projects WHERE ping_key = $1) AND i.workflow_id = ANY ($2::text[])`,
      [pingKey, ids],
    );
    return found.rows[0]?.n ?? Number.NaN;
  };
  return {
    database,
    counted: () => ask("sum(i.n_steps)::float8"),
    broken: () =>
      ask(
        "(count(*) FILTER (WHERE stored <> n_steps OR (stored > 0 AND (first <> 0 OR last <> n_steps - 1))))::float8",
      ),
  };
}
