import pg from "pg";
import { DEFAULT_DYNAMIC, type Definition } from "@/lib/workflows/definition";

type Step = {
  path: string;
  /** Milliseconds after the instance began. */
  at: number;
  status?: "success" | "failed";
  name?: string;
  agent?: string;
  reason?: string;
  payload?: unknown;
  /** Millionths of a dollar. */
  cost?: number;
  tokens?: { input: number; output: number };
};

type Instance = {
  id: string;
  workflow: string;
  status: string;
  startedAgoMs: number;
  tookMs?: number;
  dueInMs?: number;
  failureReason?: string;
  steps: Step[];
};

/** Puts workflows and their instances into a database, for pasts that no test can wait for. */
export class InstanceMaker {
  readonly #db: pg.Client;
  readonly #projectId: string;

  private constructor(db: pg.Client, projectId: string) {
    this.#db = db;
    this.#projectId = projectId;
  }

  static async open(databaseUrl: string, projectId: string): Promise<InstanceMaker> {
    const db = new pg.Client({ connectionString: databaseUrl });
    await db.connect();
    return new InstanceMaker(db, projectId);
  }

  close(): Promise<void> {
    return this.#db.end();
  }

  async workflow(id: string, name: string, rules: Partial<Definition> = {}): Promise<void> {
    const definition: Definition = { ...DEFAULT_DYNAMIC, ...rules };
    const values = [this.#projectId, id, definition.kind, name];
    await this.#db.query("INSERT INTO workflows (project_id, id, kind, name) VALUES ($1, $2, $3, $4)", values);
    await this.#db.query(
      "INSERT INTO workflow_definitions (project_id, workflow_id, version, rules) VALUES ($1, $2, 1, $3)",
      [this.#projectId, id, JSON.stringify(definition)],
    );
  }

  async instance({
    id,
    workflow,
    status,
    startedAgoMs,
    tookMs,
    dueInMs,
    failureReason,
    steps,
  }: Instance): Promise<void> {
    await this.#db.query(
      `WITH w AS (UPDATE workflows SET n_instances = n_instances + 1 WHERE project_id = $1 AND id = $2 RETURNING n_instances, kind),
            t AS (SELECT now() - $5 * interval '1 millisecond' AS began)
       INSERT INTO instances (project_id, workflow_id, id, seq, version, status, started_at, ended_at, due_at, failure_reason, agent_code,
                              n_steps, reached, top, last_signal_at, progress_at)
       SELECT $1, $2, $3, n_instances, 1, $4, began, began + $6 * interval '1 millisecond', now() + $7 * interval '1 millisecond', $8, $9, 0,
              CASE WHEN kind = 'static' THEN $10::int[] ELSE '{}' END, CASE WHEN kind = 'dynamic' THEN 1 END, began, began FROM w, t`,
      [
        this.#projectId,
        workflow,
        id,
        status,
        startedAgoMs,
        tookMs ?? null,
        dueInMs ?? null,
        failureReason ?? null,
        steps[0]?.agent ?? null,
        [...new Set(steps.map(({ path }) => Number.parseInt(path, 10)))],
      ],
    );
    await this.steps(id, steps);
  }

  /** Lets further steps arrive, as signals would: with the row of their instance, in one statement. */
  async steps(id: string, steps: Step[], change: { status?: string } = {}): Promise<void> {
    await this.#db.query(
      `WITH i AS (UPDATE instances SET n_steps = n_steps + $2, status = coalesce($3::instance_status, status),
                         ended_at = CASE WHEN $3 IS NULL THEN ended_at ELSE started_at + (SELECT max(at) FROM unnest($5::int8[]) m (at)) * interval '1 millisecond' END,
                         due_at = CASE WHEN $3 IS NULL THEN due_at END
                   WHERE id = $1 RETURNING project_id, started_at, n_steps - $2 AS first)
       INSERT INTO stage_executions (project_id, instance_id, ordinal, path, at, status, stage_name, agent, handoff_reason, payload,
                                     cost_micros, input_tokens, output_tokens)
       SELECT project_id, $1, first + n - 1, path, started_at + at * interval '1 millisecond', status::step_status, name, agent, reason,
              payload::jsonb, cost, input, output
         FROM i, unnest($4::text[], $5::int8[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::int8[], $12::int8[],
                        $13::int8[]) WITH ORDINALITY AS s (path, at, status, name, agent, reason, payload, cost, input, output, n)`,
      [
        id,
        steps.length,
        change.status ?? null,
        steps.map(({ path }) => path),
        steps.map(({ at }) => at),
        steps.map(({ status = "success" }) => status),
        steps.map(({ name }) => name ?? null),
        steps.map(({ agent }) => agent ?? null),
        steps.map(({ reason }) => reason ?? null),
        steps.map(({ payload }) => (payload === undefined ? null : JSON.stringify(payload))),
        steps.map(({ cost }) => cost ?? null),
        steps.map(({ tokens }) => tokens?.input ?? null),
        steps.map(({ tokens }) => tokens?.output ?? null),
      ],
    );
  }

  /** Says that the first steps of an instance were copied from another. */
  async markCopied(id: string, copied: number): Promise<void> {
    await this.#db.query("UPDATE instances SET n_copied = $2 WHERE id = $1", [id, copied]);
  }

  /** Everything else that one step may have. */
  async describe(id: string, step: number): Promise<void> {
    await this.#db.query(
      `UPDATE stage_executions SET status_text = 'converged', response_time_ms = 1250, model_id = 'large-model-2', input_tokens = 15200,
              output_tokens = 830, cost_micros = 45001, context_size_bytes = 40960, usage = '{"total_tokens": 16030, "cached_tokens": 9000}',
              tool_calls = '[{"tool_name": "web_search", "latency_ms": 250, "success": true}]'
        WHERE instance_id = $1 AND ordinal = $2`,
      [id, step],
    );
    await this.#db.query("UPDATE instances SET cost_micros = 45001 WHERE id = $1", [id]);
  }
}

const STAGES = ["Load", "Clean the rows that came twice", "Train", "Evaluate", "Report"];

type Made = { running: string; branched: string; failed: string; forked: string; long: string };
const IDS: Made = {
  running: "s000000000000000r",
  branched: "d000000000000000c",
  failed: "d000000000000000f",
  forked: "d000000000000000k",
  long: "d000000000000000l",
};
const STATIC = "swf0000000000000001";
const DYNAMIC = "ml_pipeline";

const BRANCHED: Step[] = [
  {
    path: "1",
    at: 200,
    name: "Ingest",
    agent: "orchestrator",
    payload: { source: "s3://bucket/rows.parquet", rows: 48_211 },
  },
  { path: "2.3.1", at: 60_000, name: "Shard one", agent: "trainer-c" },
  {
    path: "2.1",
    at: 95_000,
    name: "Train on GPU A",
    agent: "trainer-a",
    reason: "rows are ready",
    payload: { epoch: 12, loss: 0.0312, shards: ["a", "b"], note: "stopped early: the loss did not fall any more" },
  },
  { path: "2.3.2", at: 118_000, name: "Shard two", agent: "trainer-c" },
  { path: "2.2", at: 142_000, name: "Train on GPU B", agent: "trainer-b", reason: "rows are ready" },
  { path: "2.1", at: 171_000, name: "Train on GPU A", agent: "trainer-a", reason: "loss was too high" },
  { path: "3", at: 240_000, name: "Evaluate", agent: "judge", reason: "all shards are done" },
  { path: "4", at: 330_000, name: "Publish", agent: "orchestrator" },
];

/** A fork: what it was forked from happened hours before it. */
const FORKED: Step[] = [
  {
    path: "1",
    at: -9_000_000,
    name: "Plan",
    agent: "planner",
    payload: { task: "write a report", depth: 1 },
    cost: 12_000,
  },
  {
    path: "2.1",
    at: -8_997_000,
    name: "Search",
    agent: "searcher",
    payload: { task: "write a report", depth: 2, found: ["a.pdf", "b.pdf"] },
    cost: 30_500,
    tokens: { input: 5200, output: 310 },
  },
  {
    path: "2.2",
    at: -8_990_500,
    name: "Read",
    agent: "reader",
    payload: { task: "write a report", depth: 2, found: ["a.pdf"] },
    tokens: { input: 900, output: 40 },
  },
  {
    path: "3",
    at: 1000,
    name: "Draft",
    agent: "writer",
    status: "failed",
    reason: "sources are read",
    payload: { task: "write a report", error: "context is too long" },
    cost: 250_000,
    tokens: { input: 120_000, output: 12 },
  },
  {
    path: "3",
    at: 62_000,
    name: "Draft",
    agent: "writer",
    reason: "with fewer sources",
    payload: { task: "write a report", words: 1500, found: ["a.pdf"] },
    cost: 98_250,
    tokens: { input: 40_000, output: 2100 },
  },
  {
    path: "4",
    at: 64_500,
    name: "Review",
    agent: "editor",
    payload: { task: "write a report", words: 1480 },
    cost: 9000,
  },
];

/** So many steps, thirty stages over and over with branches among them; a few failed. */
const manySteps = (count: number): Step[] =>
  Array.from({ length: count }, (_, step) => ({
    path: step % 50 < 30 ? String((step % 30) + 1) : `${step % 30}.${(step % 7) + 1}`,
    at: step * 700 + (step % 11) * 60,
    name: `Page ${step}`,
    agent: `worker-${step % 5}`,
    ...(step % 997 === 0 && { status: "failed" as const }),
    cost: 100 + (step % 13) * 30,
    tokens: { input: 200 + (step % 7), output: 20 },
  }));

/** A workflow that declares stages and one that does not, with an instance in each state that people see. */
export async function fillInstances(maker: InstanceMaker): Promise<Made> {
  const stages = STAGES.map((name) => ({ name, timeoutSeconds: 900 }));
  await maker.workflow(STATIC, "Nightly training", { kind: "static", mode: "strict", stages });
  await maker.workflow(DYNAMIC, "Model pipeline with a name that is rather long for a heading of a page");
  await maker.instance({
    id: IDS.running,
    workflow: STATIC,
    status: "running",
    startedAgoMs: 240_000,
    dueInMs: 600_000,
    steps: [
      { path: "1", at: 0, agent: "worker-3" },
      { path: "2", at: 95_000, agent: "worker-3" },
      { path: "3", at: 215_000, agent: "trainer" },
    ],
  });
  const past = { workflow: DYNAMIC, status: "completed" };
  await maker.instance({ ...past, id: IDS.branched, startedAgoMs: 7_200_000, tookMs: 330_000, steps: BRANCHED });
  await maker.describe(IDS.branched, 2);
  await maker.instance({
    id: IDS.failed,
    workflow: DYNAMIC,
    status: "failed",
    startedAgoMs: 3_600_000,
    tookMs: 200_000,
    failureReason: "Stage 2.2 failed",
    steps: [
      { path: "1", at: 100, name: "Ingest", agent: "orchestrator" },
      { path: "2.1", at: 90_000, name: "Train on GPU A", agent: "trainer-a" },
      {
        path: "2.2",
        at: 200_000,
        name: "Train on GPU B",
        agent: "trainer-b",
        status: "failed",
        payload: { error: "out of memory" },
      },
    ],
  });
  await maker.instance({ ...past, id: IDS.forked, startedAgoMs: 8_000_000, tookMs: 64_500, steps: FORKED });
  await maker.markCopied(IDS.forked, 3);
  const steps = manySteps(10_000);
  await maker.instance({ ...past, id: IDS.long, startedAgoMs: 9_000_000, tookMs: 7_001_000, steps });
  return IDS;
}
