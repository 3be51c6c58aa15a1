import { type Caller, impliedScopes } from "@/lib/auth/caller";
import { connect } from "@/lib/db/pool";
import { listInstanceRows } from "@/lib/workflows/queries";
import { AppServer } from "./app-server";
import { firstByte } from "./dashboard";
import type { Database } from "./databases";
import { median } from "./measure";
import type { Options } from "./options";
import type { Figure } from "./table";
import type { World } from "./world";

const INSTANCES = 100_000;
const STEPS_PER_INSTANCE = 5;
const WORKFLOW = "long-history";
const KEY = "key-for-the-benchmark-of-instances";
/** The first requests compile and fill caches. */
const WARM_UP = 5;

/**
 * One dynamic workflow with instances a minute apart, of five steps each: every tenth failed, the newest three run, all
 * others completed. Gives the project.
 */
async function fill({ pool }: Database): Promise<string> {
  const found = await pool.query<{ id: string }>("SELECT id FROM projects LIMIT 1");
  const project = found.rows[0]?.id ?? "";
  await pool.query(
    `WITH made AS (
       INSERT INTO workflows (project_id, id, kind, name, n_instances) VALUES ($1, $2, 'dynamic', 'Long history', $3::int) RETURNING project_id, id)
     INSERT INTO workflow_definitions (project_id, workflow_id, version, rules)
     SELECT project_id, id, 1, '{"kind":"dynamic","mode":"flexible","strictAgents":false,"graceSeconds":null,"instanceTimeoutSeconds":null,"stages":[]}' FROM made`,
    [project, WORKFLOW, INSTANCES],
  );
  await pool.query(
    `INSERT INTO instances (project_id, workflow_id, id, seq, version, status, started_at, ended_at, failure_reason, agent_code, n_steps, top,
                            last_signal_at, progress_at)
     SELECT $1, $2, 'd' || left(md5(n::text), 16), n, 1, s.status::instance_status, s.at, CASE WHEN s.status <> 'running' THEN s.at END,
            CASE WHEN s.status = 'failed' THEN 'Stage 3 failed' END, 'agent-' || n % 7, $4::int, $4::int, s.at, s.at
       FROM generate_series(1, $3::int) AS n,
            LATERAL (SELECT now() - ($3 - n) * interval '1 minute' AS at,
                            CASE WHEN n > $3 - 3 THEN 'running' WHEN n % 10 = 0 THEN 'failed' ELSE 'completed' END AS status) AS s`,
    [project, WORKFLOW, INSTANCES, STEPS_PER_INSTANCE],
  );
  await pool.query(
    `INSERT INTO stage_executions (project_id, instance_id, ordinal, path, status, stage_name, agent, at)
     SELECT project_id, id, n - 1, n::text, 'success', 'Stage ' || n, 'agent-' || n, started_at + n * interval '1 second'
       FROM instances, generate_series(1, $1::int) AS n`,
    [STEPS_PER_INSTANCE],
  );
  await pool.query("VACUUM ANALYZE instances, stage_executions");
  return project;
}

/** Milliseconds that the rows of the workflow's page take, with the database, the median of some requests. */
async function rowsMs(caller: Caller, filter: Partial<Parameters<typeof listInstanceRows>[2]>, requests: number) {
  const took: number[] = [];
  for (let count = 0; count < requests + WARM_UP; count += 1) {
    const began = performance.now();
    const { items } = await listInstanceRows(caller, WORKFLOW, { limit: 50, ...filter });
    if (count >= WARM_UP) took.push(performance.now() - began);
    if (items.length !== 50) throw new Error(`${items.length} instances of 50`);
  }
  return median(took);
}

/** How quickly the instances of a workflow are listed that has had 100,000. */
export async function instances(world: World, { rounds }: Options): Promise<Figure[]> {
  const database = await world.workflows();
  const server = await AppServer.start(database.url, { ADMIN_API_KEY: KEY });
  const pool = connect(database.url);
  try {
    const project = await fill(database);
    const caller: Caller = { kind: "key", projectId: project, actor: "bench", scopes: impliedScopes(["read"]) };
    const facts = { origin: `http://localhost:${server.port}`, cookie: "" };
    const figures: Figure[] = [];
    const figure = (name: string, value: number): void => {
      figures.push({ name: `${name}, of ${INSTANCES}`, value, unit: "ms", target: { kind: "at most", value: 150 } });
    };
    for (const [name, search] of [
      ["instances as the API lists them: first byte", ""],
      ["the same, a hundred that failed", "&status=failed&limit=100"],
    ] as const)
      figure(name, await firstByte(facts, `/api/workflows/${WORKFLOW}/instances?key=${KEY}${search}`, rounds * 5));
    for (const [name, filter] of [
      ["rows of the workflow's page", {}],
      ["the same, those that failed", { status: "failed" }],
      ["the same, of one agent, a month before the newest", { agent: "agent-3", to: monthAgo() }],
    ] as const)
      figure(name, await rowsMs(caller, filter, rounds * 5));
    return figures;
  } finally {
    await pool.end();
    await server.stop();
  }
}

const monthAgo = (): string => new Date(Date.now() - 30 * 86_400_000).toISOString();
