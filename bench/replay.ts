import { AppServer } from "./app-server";
import type { Database } from "./databases";
import { median } from "./measure";
import type { Options } from "./options";
import { replayPage } from "./replay-page";
import type { Figure } from "./table";
import type { World } from "./world";

const KEY = "key-for-the-benchmark-of-replay";
const WORKFLOW = "replayed";
/** The first requests compile and fill caches. */
const WARM_UP = 3;
const LONG = 10_000;
const HALF = 5000;
const NEVER = 1_000_000;

/** Steps as an agent reports them: a loop over seven stages, tokens, costs, and payloads of some 350 bytes. */
async function fill({ pool }: Database): Promise<string> {
  const found = await pool.query<{ id: string }>("SELECT id FROM projects LIMIT 1");
  const project = found.rows[0]?.id ?? "";
  await pool.query(
    `WITH made AS (
       INSERT INTO workflows (project_id, id, kind, name, n_instances) VALUES ($1, $2, 'dynamic', 'Replayed', 3) RETURNING project_id, id)
     INSERT INTO workflow_definitions (project_id, workflow_id, version, rules)
     SELECT project_id, id, 1, '{"kind":"dynamic","mode":"flexible","strictAgents":false,"graceSeconds":null,"instanceTimeoutSeconds":null,"stages":[]}' FROM made`,
    [project, WORKFLOW],
  );
  // The second differs from the first all over: every third stage is another, every other payload too.
  for (const [id, seq, steps, turn] of [
    ["dlong", 1, LONG, NEVER],
    ["dhalfa", 2, HALF, NEVER],
    ["dhalfb", 3, HALF, 3],
  ] as const) {
    await pool.query(
      `INSERT INTO instances (project_id, workflow_id, id, seq, version, status, started_at, n_steps, cost_micros, top, last_signal_at, progress_at)
       VALUES ($1, $2, $3, $4, 1, 'running', now() - $5 * interval '1 second', $5, $5 * 700, 7, now(), now())`,
      [project, WORKFLOW, id, seq, steps],
    );
    await pool.query(
      `INSERT INTO stage_executions (project_id, instance_id, ordinal, path, status, stage_name, agent, at, response_time_ms, model_id,
                                     input_tokens, output_tokens, cost_micros, context_size_bytes, payload)
       SELECT $1, $2, n, CASE WHEN n % $4 = $4 - 1 THEN '9.' || n % 5 ELSE (1 + n % 7)::text END, 'success', 'Stage ' || n % 7, 'agent-' || n % 4,
              now() - ($3 - n) * interval '1 second', 500 + n % 300, 'model-' || n % 2, 1500, 500, 700, 4096,
              jsonb_build_object('input', jsonb_build_object('question', repeat('word ', 30), 'turn', CASE WHEN n % 2 = 0 THEN 0 ELSE $4 END), 'output', repeat('text ', 25), 'n', n)
         FROM generate_series(0, $3 - 1) AS n`,
      [project, id, steps, turn],
    );
  }
  await pool.query("VACUUM ANALYZE instances, stage_executions");
  return project;
}

type Asked = { path: string; body?: object; status: number };

/** Milliseconds from the question to the last byte of the answer, the median of some. */
async function wholeMs(origin: string, { path, body, status }: Asked, requests: number): Promise<number> {
  const took: number[] = [];
  for (let count = 0; count < requests + WARM_UP; count += 1) {
    const began = performance.now();
    const answer = await fetch(`${origin}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { "X-Api-Key": KEY, "Content-Type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    await answer.arrayBuffer();
    if (answer.status !== status) throw new Error(`${path}: ${answer.status}`);
    if (count >= WARM_UP) took.push(performance.now() - began);
  }
  return median(took);
}

/** How quickly long instances are told, compared and forked over HTTP, and replayed in the browser. */
export async function replay(world: World, { rounds }: Options): Promise<Figure[]> {
  const database = await world.replayed();
  const server = await AppServer.start(database.url, { ADMIN_API_KEY: KEY, RATE_LIMITS: "off" });
  try {
    const project = await fill(database);
    const origin = `http://localhost:${server.port}`;
    const figure = async (name: string, asked: Asked, atMost: number): Promise<Figure> => ({
      name,
      value: await wholeMs(origin, asked, rounds * 2),
      unit: "ms",
      target: { kind: "at most", value: atMost },
    });
    const compared = { instance_a: "dhalfa", instance_b: "dhalfb" };
    const changed = { "3": { input: { question: "another" } }, "8": { later: true } };
    const forked = { fork_from_stage: "2", payload_modifications: changed };
    return [
      await figure(`timeline of ${LONG} steps, whole`, { path: "/api/instances/dlong/timeline", status: 200 }, 300),
      await figure(
        `two instances of ${HALF} steps compared`,
        { path: "/api/instances/compare", body: compared, status: 200 },
        500,
      ),
      await figure(
        `${HALF} steps forked, a seventh of them patched`,
        { path: "/api/instances/dhalfa/fork", body: forked, status: 201 },
        300,
      ),
      ...(await replayPage({ origin, path: `/projects/${project}/instances/dlong/replay?step=5000`, rounds })),
    ];
  } finally {
    await server.stop();
  }
}
