import { AppServer } from "./app-server";
import { firstByte } from "./dashboard";
import type { Database } from "./databases";
import type { Options } from "./options";
import type { Figure } from "./table";
import type { World } from "./world";

const INSTANCES = 50_000;
const STEPS_PER_INSTANCE = 20;
const STEPS = INSTANCES * STEPS_PER_INSTANCE;
const WORKFLOW = "dear-agent";
const KEY = "key-for-the-benchmark-of-costs";

/** One dynamic workflow with instances of the last week, whose steps cost something, and the sums that go with them. */
async function fill({ pool }: Database): Promise<void> {
  const found = await pool.query<{ id: string }>("SELECT id FROM projects LIMIT 1");
  const project = found.rows[0]?.id ?? "";
  await pool.query(
    `WITH made AS (
       INSERT INTO workflows (project_id, id, kind, name, n_instances) VALUES ($1, $2, 'dynamic', 'Dear agent', $3::int) RETURNING project_id, id)
     INSERT INTO workflow_definitions (project_id, workflow_id, version, rules)
     SELECT project_id, id, 1, '{"kind":"dynamic","mode":"flexible","strictAgents":false,"graceSeconds":null,"instanceTimeoutSeconds":null,"stages":[]}' FROM made`,
    [project, WORKFLOW, INSTANCES],
  );
  await pool.query(
    `INSERT INTO instances (project_id, workflow_id, id, seq, version, status, started_at, ended_at, n_steps, cost_micros, top, last_signal_at, progress_at)
     SELECT $1, $2, 'd' || left(md5(n::text), 16), n, 1, 'completed', s.at, s.at, $4::int, $4 * n, $4::int, s.at, s.at
       FROM generate_series(1, $3::int) AS n, LATERAL (SELECT now() - ($3 - n) * interval '12 seconds' AS at) AS s`,
    [project, WORKFLOW, INSTANCES, STEPS_PER_INSTANCE],
  );
  await pool.query(
    `INSERT INTO stage_executions (project_id, instance_id, ordinal, path, status, agent, at, model_id, input_tokens, output_tokens, cost_micros)
     SELECT project_id, id, n - 1, n::text, 'success', 'agent-' || n % 5, started_at, 'model-' || seq % 7, 1500, 500, seq
       FROM instances, generate_series(1, $1::int) AS n`,
    [STEPS_PER_INSTANCE],
  );
  await pool.query(
    `INSERT INTO cost_rollups (project_id, workflow_id, day, model_id, agent, n_steps, n_unpriced, cost_micros, input_tokens, output_tokens)
     SELECT s.project_id, $1, (s.at AT TIME ZONE 'UTC')::date, s.model_id, s.agent, count(*), 0, sum(s.cost_micros), sum(s.input_tokens), sum(s.output_tokens)
       FROM stage_executions s GROUP BY 1, 3, 4, 5`,
    [WORKFLOW],
  );
  await pool.query(
    `INSERT INTO cost_days (project_id, workflow_id, day, n_instances, top_instance_id, top_cost_micros)
     SELECT project_id, workflow_id, (started_at AT TIME ZONE 'UTC')::date, count(*), (array_agg(id ORDER BY cost_micros DESC))[1], max(cost_micros)
       FROM instances GROUP BY 1, 2, 3`,
  );
  await pool.query("VACUUM ANALYZE instances, stage_executions, cost_rollups, cost_days");
}

/** How quickly it is told what a workflow has cost whose steps are a million. */
export async function costs(world: World, { rounds }: Options): Promise<Figure[]> {
  const database = await world.spent();
  const server = await AppServer.start(database.url, { ADMIN_API_KEY: KEY });
  try {
    await fill(database);
    const facts = { origin: `http://localhost:${server.port}`, cookie: "" };
    const value = await firstByte(facts, `/api/workflows/${WORKFLOW}/cost?days=30&key=${KEY}`, rounds * 10);
    return [
      {
        name: `what a workflow of ${STEPS} steps has cost in 30 days, as the API tells it`,
        value,
        unit: "ms",
        target: { kind: "at most", value: 50 },
      },
    ];
  } finally {
    await server.stop();
  }
}
