import { NO_BASELINE } from "@/lib/costs/anomaly";
import { readState } from "@/lib/costs/breaker-state";
import { readBudget } from "@/lib/costs/read-budget";
import { askAhead, NO_SPENDING, placeSpending, type Spending } from "@/lib/costs/store/spending";
import { plainArray, textArray } from "@/lib/db/columns";
import type { Db } from "@/lib/db/pool";
import type { Kind } from "@/lib/workflows/definition";
import type { LoadedInstance, LoadedWorkflow } from "@/lib/workflows/loaded";
import type { Status } from "@/lib/workflows/state";
import { placeApprovers } from "./approvers";
import { loadDefinitions } from "./definitions";

/** A workflow by its name, and how many of its instances may be needed. */
export type Wanted = {
  projectId: string;
  id: string;
  /** So many of the newest that run: one, and another for each that may end before it. */
  open: number;
  /** So many more where a limit may stop instances. */
  openIfLimited?: number;
  /** So many of the newest that lack their first stage. */
  lackingFirst: number;
  /** Instances that are named. */
  named: string[];
};

export type LockedWorkflows = {
  /** By `workflowKey`. */
  workflows: Map<string, LoadedWorkflow>;
  /** The database's clock after all locks were granted, and never before the newest signal of these instances. */
  now: number;
  /** The project of each instance that was found, by its id: whoever names one may name another's. */
  owners: Map<string, string>;
};

type WorkflowRow = {
  project_id: string;
  id: string;
  kind: Kind;
  name: string;
  made_at: number;
  version: number;
  n_instances: number;
  budget: unknown;
  now: number;
};

export type InstanceRow = {
  project_id: string;
  workflow_id: string;
  id: string;
  seq: number;
  version: number;
  status: Status;
  started_at: number;
  ended_at: number | null;
  failure_reason: string | null;
  agent_code: string | null;
  last_agent: string | null;
  last_agent_at: number | null;
  n_steps: number;
  cost_micros: number;
  reached: number[];
  top: number | null;
  last_signal_at: number;
  progress_at: number;
  due_at: number | null;
  credit_ms: number;
  paused_at: number | null;
  copied_cost_micros: number;
  n_copied: number;
  breakers: unknown;
  has_overrides: boolean;
};

export const workflowKey = (projectId: string, id: string): string => `${projectId}/${id}`;

const MS = (column: string): string => `date_part('epoch', ${column}) * 1000`;

/** The columns of `InstanceRow`, of instances called `i`. */
export const INSTANCE = `i.project_id, i.workflow_id, i.id, i.seq, i.version, i.status, i.failure_reason, i.agent_code, i.last_agent, i.n_steps,
  i.cost_micros, i.copied_cost_micros, i.n_copied, i.breakers, i.reached, i.top, i.credit_ms, ${MS("i.paused_at")} AS paused_at, i.payload_overrides IS NOT NULL AS has_overrides, ${MS("i.started_at")} AS started_at, ${MS("i.ended_at")} AS ended_at,
  ${MS("i.last_agent_at")} AS last_agent_at, ${MS("i.last_signal_at")} AS last_signal_at, ${MS("i.progress_at")} AS progress_at,
  ${MS("i.due_at")} AS due_at`;

const whole = (ms: number | null): number | null => (ms === null ? null : Math.round(ms));

function toInstance(row: InstanceRow): LoadedInstance {
  return {
    id: row.id,
    seq: row.seq,
    version: row.version,
    status: row.status,
    startedAt: Math.round(row.started_at),
    endedAt: whole(row.ended_at),
    failureReason: row.failure_reason,
    agentCode: row.agent_code,
    lastAgent: row.last_agent,
    lastAgentAt: whole(row.last_agent_at),
    lastSignalAt: Math.round(row.last_signal_at),
    nSteps: row.n_steps,
    costMicros: row.cost_micros,
    copiedCostMicros: row.copied_cost_micros,
    nCopied: row.n_copied,
    breakers: readState(row.breakers),
    reached: row.reached,
    top: row.top,
    progressAt: Math.round(row.progress_at),
    dueAt: whole(row.due_at),
    creditMs: row.credit_ms,
    pausedAt: whole(row.paused_at),
    overrides: row.has_overrides ? {} : null,
  };
}

const toWorkflow = (row: WorkflowRow): LoadedWorkflow => ({
  projectId: row.project_id,
  id: row.id,
  kind: row.kind,
  name: row.name,
  madeAt: row.made_at,
  version: row.version,
  nInstances: row.n_instances,
  budget: readBudget(row.budget),
  today: null,
  baseline: NO_BASELINE,
  approvers: [],
  instances: [],
  definitions: new Map(),
});

// The clock is read outside of what locks, so that it is read after the lock was granted.
const LOCKED = `SELECT *, ${MS("clock_timestamp()")} AS now FROM locked`;
const WORKFLOW = `w.project_id, w.id, w.kind, w.name, w.version, w.n_instances, w.budget,
  (date_part('epoch', w.created_at) * 1000000)::bigint AS made_at`;

/** Locks workflows in the order of their names; `projects` and `ids` are array literals. */
export function lockNamed(tx: Db, projects: string, ids: string) {
  return tx.query<WorkflowRow>({
    name: "lock-workflows",
    text: `WITH locked AS MATERIALIZED (
             SELECT ${WORKFLOW} FROM workflows w JOIN unnest($1::uuid[], $2::text[]) AS a (project_id, id) USING (project_id, id)
              ORDER BY w.project_id, w.id FOR NO KEY UPDATE OF w)
           ${LOCKED}`,
    values: [projects, ids],
  });
}

/** Locks workflows in the order of their names, with the instances that signals may be for. Missing ones are absent. */
export async function lockWorkflows(tx: Db, wanted: Wanted[]): Promise<LockedWorkflows> {
  if (wanted.length === 0) return { workflows: new Map(), now: 0, owners: new Map() };
  const projects = plainArray(wanted.map(({ projectId }) => projectId));
  const ids = textArray(wanted.map(({ id }) => id));
  const locked = lockNamed(tx, projects, ids);
  const few = (column: string, condition: string): string =>
    `(SELECT ${INSTANCE} FROM instances i WHERE i.project_id = w.project_id AND i.workflow_id = w.workflow_id AND ${condition}
       ORDER BY i.seq DESC LIMIT w.${column})`;
  const runsNone = `NOT EXISTS (SELECT FROM instances o
       WHERE o.project_id = w.project_id AND o.workflow_id = w.workflow_id AND o.status = 'running')`;
  // Of the budget as it is once the lock is held: who counted the signals did not know it yet.
  const mayStop = `EXISTS (SELECT FROM workflows b
       WHERE b.project_id = a.project_id AND b.id = a.workflow_id AND b.budget @> '{"enabled": true}' AND b.budget ->> 'action' <> 'alert')`;
  // Leaves with the first statement and begins when all locks are held, with a snapshot of its own.
  const instances = tx.query<InstanceRow>({
    name: "load-instances",
    text: `SELECT i.* FROM (
              SELECT a.project_id, a.workflow_id, a.lacking, a.open + CASE WHEN a.if_limited > 0 AND ${mayStop} THEN a.if_limited ELSE 0 END AS open
                FROM unnest($1::uuid[], $2::text[], $3::int[], $4::int[], $5::int[]) AS a (project_id, workflow_id, open, lacking, if_limited)) AS w
            CROSS JOIN LATERAL (
              ${few("open", "i.status = 'running'")}
              UNION ALL ${few("lacking", "i.lacks_first")}
              UNION ALL (SELECT ${INSTANCE} FROM instances i
                          WHERE i.project_id = w.project_id AND i.workflow_id = w.workflow_id
                            AND (w.open > 1 OR ${runsNone})
                          ORDER BY i.started_at DESC, i.seq DESC LIMIT 1)) AS i
           UNION ALL SELECT ${INSTANCE} FROM instances i WHERE i.id = ANY ($6::text[])`,
    values: [
      projects,
      ids,
      plainArray(wanted.map(({ open }) => open)),
      plainArray(wanted.map(({ lackingFirst }) => lackingFirst)),
      plainArray(wanted.map(({ openIfLimited }) => openIfLimited ?? 0)),
      textArray(wanted.flatMap(({ named }) => named)),
    ],
  });
  const [{ rows }, found, spending] = await Promise.all([locked, instances, askAhead(tx, wanted)]);
  return collect(tx, rows, { instances: found.rows, spending });
}

/** Workflows that are locked with instances of theirs; those of others are left out. */
export async function collect(
  tx: Db,
  rows: WorkflowRow[],
  { instances, spending }: { instances: InstanceRow[]; spending: Spending },
): Promise<LockedWorkflows> {
  const workflows = new Map(rows.map((row) => [workflowKey(row.project_id, row.id), toWorkflow(row)]));
  const owners = new Map<string, string>();
  let now = Math.max(0, ...rows.map((row) => Math.round(row.now)));
  for (const row of instances) {
    if (owners.has(row.id)) continue;
    const workflow = workflows.get(workflowKey(row.project_id, row.workflow_id));
    owners.set(row.id, row.project_id);
    workflow?.instances.push(toInstance(row));
    now = Math.max(now, Math.round(row.last_signal_at));
  }
  await Promise.all([
    loadDefinitions(tx, workflows.values()),
    placeSpending(tx, workflows.values(), spending),
    placeApprovers(tx, workflows.values()),
  ]);
  return { workflows, now, owners };
}

const lockingDue = (due: string, waiting: string): string => `WITH due AS MATERIALIZED (
    SELECT DISTINCT project_id, workflow_id FROM (SELECT project_id, workflow_id FROM instances WHERE watch_at <= ${due} ORDER BY watch_at LIMIT $1) AS first),
  locked AS MATERIALIZED (
    SELECT ${WORKFLOW} FROM workflows w JOIN due ON due.project_id = w.project_id AND due.workflow_id = w.id FOR NO KEY UPDATE OF w ${waiting})
  ${LOCKED}`;

/** A workflow whose signals never let go of it is waited for by then. */
const PATIENCE = "now() - interval '5 seconds'";

async function lockDue(tx: Db, limit: number): Promise<WorkflowRow[]> {
  const free = await tx.query<WorkflowRow>({
    name: "lock-due-workflows",
    text: lockingDue("now()", "SKIP LOCKED"),
    values: [limit],
  });
  if (free.rows.length > 0) return free.rows;
  // One alone, because whoever waits must hold no other lock.
  const busy = await tx.query<WorkflowRow>({ name: "wait-for-workflow", text: lockingDue(PATIENCE, ""), values: [1] });
  return busy.rows;
}

/**
 * Locks the workflows of up to `limit` instances that are to be looked at because a deadline of theirs may have passed,
 * with those instances alone. Those that someone else holds are left, but not for longer than five seconds.
 */
export async function lockDueWorkflows(tx: Db, limit: number): Promise<LockedWorkflows> {
  const rows = await lockDue(tx, limit);
  if (rows.length === 0) return { workflows: new Map(), now: 0, owners: new Map() };
  const found = await tx.query<InstanceRow>({
    name: "load-due-instances",
    text: `SELECT ${INSTANCE} FROM instances i JOIN unnest($1::uuid[], $2::text[]) AS w (project_id, workflow_id) USING (project_id, workflow_id)
            WHERE i.watch_at <= now() ORDER BY i.watch_at LIMIT $3`,
    values: [rows.map((row) => row.project_id), rows.map((row) => row.id), limit],
  });
  return collect(tx, rows, { instances: found.rows, spending: NO_SPENDING });
}

/** Which of the given paths an instance has reached before, as `instance path`. */
export async function findRepeats(
  tx: Db,
  asked: { projectId: string; instanceId: string; path: string }[],
): Promise<Set<string>> {
  if (asked.length === 0) return new Set();
  const found = await tx.query<{ instance_id: string; path: string }>({
    name: "find-repeats",
    text: `SELECT a.instance_id, a.path FROM unnest($1::uuid[], $2::text[], $3::text[]) AS a (project_id, instance_id, path)
            WHERE EXISTS (SELECT FROM stage_executions e
                           WHERE e.project_id = a.project_id AND e.instance_id = a.instance_id AND e.path = a.path)`,
    values: [
      asked.map(({ projectId }) => projectId),
      asked.map(({ instanceId }) => instanceId),
      asked.map(({ path }) => path),
    ],
  });
  return new Set(found.rows.map((row) => `${row.instance_id} ${row.path}`));
}
