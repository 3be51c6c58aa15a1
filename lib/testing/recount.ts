import { pool } from "@/lib/db/pool";

const IS_COSTLY = "(s.cost_micros IS NOT NULL OR s.input_tokens IS NOT NULL OR s.output_tokens IS NOT NULL)";

/** What the sums of a workflow should be, counted from steps and instances. */
const MODELS = `
  SELECT (s.at AT TIME ZONE p.time_zone)::date::text AS day, coalesce(s.model_id, '') AS model_id, coalesce(s.agent, '') AS agent, count(*)::int AS n_steps,
         (count(*) FILTER (WHERE s.cost_micros IS NULL))::int AS n_unpriced, coalesce(sum(s.cost_micros), 0)::int8 AS cost_micros,
         coalesce(sum(s.input_tokens), 0)::int8 AS input_tokens, coalesce(sum(s.output_tokens), 0)::int8 AS output_tokens
    FROM stage_executions s
    JOIN instances i ON i.project_id = s.project_id AND i.id = s.instance_id AND s.ordinal >= i.n_copied
    JOIN projects p ON p.id = s.project_id
   WHERE i.workflow_id = $1 AND ${IS_COSTLY}
   GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
const TAGS = `
  SELECT (s.at AT TIME ZONE p.time_zone)::date::text AS day, t.tag, count(*)::int AS n_steps, coalesce(sum(s.cost_micros), 0)::int8 AS cost_micros
    FROM stage_executions s
    JOIN instances i ON i.project_id = s.project_id AND i.id = s.instance_id AND s.ordinal >= i.n_copied
    JOIN projects p ON p.id = s.project_id
   CROSS JOIN unnest(s.tags) AS t (tag)
   WHERE i.workflow_id = $1 AND ${IS_COSTLY} GROUP BY 1, 2 ORDER BY 1, 2`;
const DAYS = `
  SELECT (i.started_at AT TIME ZONE p.time_zone)::date::text AS day, count(*)::int AS n_instances,
         coalesce(max(i.cost_micros - i.copied_cost_micros) FILTER (WHERE i.status NOT IN ('running', 'paused')), 0)::int8 AS top_cost_micros
    FROM instances i JOIN projects p ON p.id = i.project_id WHERE i.workflow_id = $1 GROUP BY 1`;
const INSTANCES = `
  SELECT i.id, coalesce(sum(s.cost_micros), 0)::int8 AS cost_micros,
         coalesce(sum(s.cost_micros) FILTER (WHERE s.ordinal < i.n_copied), 0)::int8 AS copied_cost_micros
    FROM instances i LEFT JOIN stage_executions s ON s.project_id = i.project_id AND s.instance_id = i.id
   WHERE i.workflow_id = $1 GROUP BY i.id ORDER BY i.id`;

const rows = async (text: string, workflow: string) => (await pool().query(text, [workflow])).rows;

/** The sums that are kept of a workflow, and what a recount of its steps and instances finds: both should be the same. */
export async function recount(workflow: string): Promise<{ kept: unknown; counted: unknown }> {
  return {
    kept: {
      models: await rows(
        `SELECT day::text, model_id, agent, n_steps, n_unpriced, cost_micros, input_tokens, output_tokens FROM cost_rollups
          WHERE workflow_id = $1 ORDER BY day, model_id, agent`,
        workflow,
      ),
      tags: await rows(
        "SELECT day::text, tag, n_steps, cost_micros FROM cost_tags WHERE workflow_id = $1 ORDER BY day, tag",
        workflow,
      ),
      days: await rows(
        "SELECT day::text, n_instances, top_cost_micros FROM cost_days WHERE workflow_id = $1",
        workflow,
      ),
      instances: await rows(
        "SELECT id, cost_micros, copied_cost_micros FROM instances WHERE workflow_id = $1 ORDER BY id",
        workflow,
      ),
    },
    counted: {
      models: await rows(MODELS, workflow),
      tags: await rows(TAGS, workflow),
      days: await rows(DAYS, workflow),
      instances: await rows(INSTANCES, workflow),
    },
  };
}
