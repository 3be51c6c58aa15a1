import { randomLower } from "@/lib/core/ids";
import { pool } from "@/lib/db/pool";
import { DEFAULT_DYNAMIC, type Definition } from "@/lib/workflows/definition";
import type { InstanceStatus } from "@/lib/workflows/schema";

const random = (): string => randomLower(16);

/** What a static workflow asks that declares so many stages, called `Stage 1` and so on. */
export function staticRules(stages: number, rules: Partial<Definition> = {}): Definition {
  const declared = Array.from({ length: stages }, (_, at) => ({ name: `Stage ${at + 1}`, timeoutSeconds: null }));
  return { ...DEFAULT_DYNAMIC, kind: "static", stages: declared, ...rules };
}

type NewWorkflow = { id?: string; name?: string; rules?: Partial<Definition> };

/** Stores a workflow and returns its id; a dynamic one unless its rules say something else. */
export async function makeWorkflow(projectId: string, { id, name = "Pipeline", rules }: NewWorkflow = {}) {
  const definition: Definition = { ...DEFAULT_DYNAMIC, ...rules };
  const own = id ?? `${definition.kind === "static" ? "swf" : "dwf_"}${random()}`;
  const values = [projectId, own, definition.kind, name];
  await pool().query("INSERT INTO workflows (project_id, id, kind, name) VALUES ($1, $2, $3, $4)", values);
  await storeVersion(projectId, own, definition);
  return own;
}

async function storeVersion(projectId: string, id: string, rules: Definition): Promise<void> {
  await pool().query(
    "INSERT INTO workflow_definitions (project_id, workflow_id, version, rules) VALUES ($1, $2, 1, $3)",
    [projectId, id, JSON.stringify(rules)],
  );
}

export type NewStep = {
  path: string;
  status?: "success" | "failed";
  stageName?: string;
  agent?: string;
  handoffReason?: string;
};

export type NewInstance = {
  id?: string;
  status?: InstanceStatus;
  /** Epoch milliseconds; now. */
  startedAt?: number;
  /** Epoch milliseconds; a minute after the start of one that has ended. */
  endedAt?: number;
  failureReason?: string;
  steps?: NewStep[];
};

/** Stores an instance with its steps, a second apart, straight in the database, and returns its id. */
export async function makeInstance(projectId: string, workflowId: string, made: NewInstance = {}): Promise<string> {
  const { id = `d${random()}`, status = "running", startedAt = Date.now(), steps = [] } = made;
  const isEnded = status !== "running" && status !== "paused";
  const agents = steps.flatMap(({ agent }) => agent ?? []);
  const reached = [...new Set(steps.map(({ path }) => Number.parseInt(path, 10)))].sort((a, b) => a - b);
  await pool().query(
    `WITH w AS (UPDATE workflows SET n_instances = n_instances + 1 WHERE project_id = $1 AND id = $2 RETURNING n_instances, version, kind)
     INSERT INTO instances (project_id, workflow_id, id, seq, version, status, started_at, ended_at, failure_reason, agent_code,
                            last_agent, n_steps, reached, top, last_signal_at, progress_at)
     SELECT $1, $2, $3, n_instances, version, $4, $5, $6, $7, $8, $9, $10,
            CASE WHEN kind = 'static' THEN $11::int[] ELSE '{}' END, CASE WHEN kind = 'dynamic' THEN $12::int END, $5, $5 FROM w`,
    [
      projectId,
      workflowId,
      id,
      status,
      new Date(startedAt),
      isEnded ? new Date(made.endedAt ?? startedAt + 60_000) : null,
      made.failureReason ?? null,
      agents[0] ?? null,
      agents.at(-1) ?? null,
      steps.length,
      reached,
      reached.at(-1) ?? null,
    ],
  );
  await storeSteps(projectId, { id, startedAt }, steps);
  return id;
}

async function storeSteps(
  projectId: string,
  { id, startedAt }: { id: string; startedAt: number },
  steps: NewStep[],
): Promise<void> {
  await pool().query(
    `INSERT INTO stage_executions (project_id, instance_id, ordinal, path, status, stage_name, agent, handoff_reason, at)
     SELECT $1, $2, n - 1, path, status::step_status, name, agent, reason, $3::timestamptz + (n - 1) * interval '1 second'
       FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) WITH ORDINALITY AS s (path, status, name, agent, reason, n)`,
    [
      projectId,
      id,
      new Date(startedAt),
      steps.map(({ path }) => path),
      steps.map(({ status = "success" }) => status),
      steps.map(({ stageName }) => stageName ?? null),
      steps.map(({ agent }) => agent ?? null),
      steps.map(({ handoffReason }) => handoffReason ?? null),
    ],
  );
}

/** Stores so many instances at once, a minute apart: every hundredth still runs, every tenth failed, the others completed. */
export async function storeInstances(projectId: string, workflowId: string, count: number): Promise<void> {
  await pool().query(
    `INSERT INTO instances (project_id, workflow_id, id, seq, version, status, started_at, ended_at, agent_code, n_steps, last_signal_at, progress_at)
     SELECT $1, $2, 'd' || md5($2 || n), n, 1, s.status::instance_status, s.at, CASE WHEN s.status <> 'running' THEN s.at END,
            'agent-' || n % 7, 0, s.at, s.at
       FROM generate_series(1, $3::int) AS n,
            LATERAL (SELECT now() - ($3 - n) * interval '1 minute' AS at,
                            CASE WHEN n % 100 = 0 THEN 'running' WHEN n % 10 = 0 THEN 'failed' ELSE 'completed' END AS status) s`,
    [projectId, workflowId, count],
  );
  await pool().query("UPDATE workflows SET n_instances = $3 WHERE project_id = $1 AND id = $2", [
    projectId,
    workflowId,
    count,
  ]);
}
