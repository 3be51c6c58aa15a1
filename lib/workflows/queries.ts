import { type Caller, requireScope } from "@/lib/auth/caller";
import { type Page, toPage } from "@/lib/core/cursor";
import { notFound } from "@/lib/core/errors";
import { dollars } from "@/lib/core/money";
import { type Db, pool } from "@/lib/db/pool";
import { loadHandoffs } from "@/lib/workflows/read/handoff-rows";
import { findInstance, loadInstances, type StoredInstance } from "@/lib/workflows/read/instance-rows";
import { refuseWorkflow, requireInstance, requireWorkflow } from "@/lib/workflows/read/own";
import { MOMENT, momentCursor, numberCursor } from "@/lib/workflows/read/position";
import { loadRejected } from "@/lib/workflows/read/rejected-rows";
import { loadStages, type Place, plannedStages } from "@/lib/workflows/read/stages";
import { loadWorkflows } from "@/lib/workflows/read/workflow-rows";
import {
  type HandoffPair,
  type Instance,
  type InstanceDetail,
  type InstanceRow,
  type ListInstances,
  type ListWorkflows,
  type RejectedPing,
  type StageStatuses,
  type Step,
  WORKFLOW_ID,
  type Workflow,
} from "./schema";

const MAX_RUNNING = 100;
const MAX_STEPS = 10_000;
/** Of an instance in a list; by itself it shows all. */
const LISTED_STAGES = 1000;
/** Those that no signal moves any more, but for one that is resumed. */
const NOT_RUNNING = ["paused", "completed", "failed", "terminated"] as const;

const isWorkflowId = (id: string | number): id is string => typeof id === "string" && WORKFLOW_ID.test(id);
const positionOf = (row: StoredInstance): [number, number] => [row.position, row.seq];

/** Workflows of the caller's project, newest first; of those alone whose name or id holds `q`, whatever its case. */
export async function listWorkflows(
  caller: Caller,
  { limit, cursor, q = "" }: ListWorkflows,
  db: Db = pool(),
): Promise<Page<Workflow>> {
  requireScope(caller, "read");
  const values: unknown[] = [caller.projectId];
  const conditions = ["project_id = $1"];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const after = momentCursor(cursor, isWorkflowId);
  if (after !== null) conditions.push(`(created_at, id) < (${MOMENT(value(after[0]))}, ${value(after[1])})`);
  const text = q.replaceAll("\0", "").trim();
  if (text !== "") {
    const wanted = `lower(${value(text)})`;
    conditions.push(`(strpos(lower(name), ${wanted}) > 0 OR strpos(lower(id), ${wanted}) > 0)`);
  }
  const found = await loadWorkflows(db, { where: conditions.join(" AND "), values, limit: limit + 1 });
  const { items, nextCursor } = toPage(found, limit, ({ workflow, position }) => [position, workflow.id]);
  return { items: items.map(({ workflow }) => workflow), nextCursor };
}

/** One workflow of the caller's project. Throws `not_found` and `forbidden`. */
export async function getWorkflow(caller: Caller, id: string, db: Db = pool()): Promise<Workflow> {
  await requireWorkflow(caller, id, db);
  const values = [caller.projectId, id];
  const [found] = await loadWorkflows(db, { where: "project_id = $1 AND id = $2", values, limit: 1 });
  return found?.workflow ?? refuseWorkflow(caller, id, db);
}

async function placeOf(caller: Caller, id: string, db: Db): Promise<Place> {
  return { projectId: caller.projectId, workflowId: id, kind: await requireWorkflow(caller, id, db) };
}

function toInstance(row: StoredInstance, stages: Map<string, StageStatuses>): Instance {
  return {
    id: row.id,
    status: row.status,
    started_at: row.started_at.toISOString(),
    ...(row.ended_at !== null && { completed_at: row.ended_at.toISOString() }),
    ...(row.failure_reason !== null && { failure_reason: row.failure_reason }),
    ...(row.agent_code !== null && { agent_code: row.agent_code }),
    stage_statuses: stages.get(row.id) ?? {},
  };
}

export type InstanceHistory = {
  running_instance: Instance | null;
  running_instances: Instance[];
  recent_instances: Instance[];
  next_cursor: string | null;
};

/**
 * The newest running instances of a workflow, at most 100, and those that do not run, newest first by their start, or
 * those of the status that is asked for. Only the latter are filtered and paged.
 */
export async function listInstances(
  caller: Caller,
  id: string,
  { status, ...filter }: ListInstances,
): Promise<InstanceHistory> {
  const db = pool();
  const place = await placeOf(caller, id, db);
  const statuses = status === undefined ? NOT_RUNNING : [status];
  const rows = await loadInstances(db, place, { ...filter, statuses, limit: filter.limit + 1 });
  const recent = toPage(rows, filter.limit, positionOf);
  const running = await loadInstances(db, place, { statuses: ["running"], limit: MAX_RUNNING });
  const stages = await loadStages(db, { ...place, limit: LISTED_STAGES }, [...running, ...recent.items]);
  const shown = running.map((row) => toInstance(row, stages));
  return {
    running_instance: shown[0] ?? null,
    running_instances: shown,
    recent_instances: recent.items.map((row) => toInstance(row, stages)),
    next_cursor: recent.nextCursor,
  };
}

const TOTALS = `SELECT version, jsonb_array_length(rules -> 'stages') AS total FROM workflow_definitions
  WHERE project_id = $1 AND workflow_id = $2 AND version = ANY ($3::int[])`;

/** Instances of a workflow of whatever status, newest first, without what became of their stages. */
export async function listInstanceRows(
  caller: Caller,
  id: string,
  { status, ...filter }: ListInstances,
): Promise<Page<InstanceRow>> {
  const db = pool();
  const place = await placeOf(caller, id, db);
  const statuses = status === undefined ? {} : { statuses: [status] };
  const rows = await loadInstances(db, place, { ...filter, ...statuses, limit: filter.limit + 1 });
  const { items, nextCursor } = toPage(rows, filter.limit, positionOf);
  const versions = [...new Set(items.map((row) => row.version))];
  const values = [place.projectId, place.workflowId, versions];
  const totals = new Map<number, number>();
  if (place.kind === "static") {
    const found = await db.query<{ version: number; total: number }>(TOTALS, values);
    for (const { version, total } of found.rows) totals.set(version, total);
  }
  return { items: items.map((row) => toInstanceRow(row, totals.get(row.version))), nextCursor };
}

function toInstanceRow(row: StoredInstance, total: number | undefined): InstanceRow {
  return {
    id: row.id,
    seq: row.seq,
    status: row.status,
    started_at: row.started_at.toISOString(),
    ended_at: row.ended_at?.toISOString() ?? null,
    failure_reason: row.failure_reason,
    agent_code: row.agent_code,
    n_steps: row.n_steps,
    progress: total === undefined ? null : { done: row.n_reached, total },
  };
}

/** The instance of that id in this workflow; without an id the newest one that runs, else the newest; null before the first. */
async function pickInstance(
  caller: Caller,
  place: Place,
  instanceId: string | undefined,
): Promise<StoredInstance | null> {
  const db = pool();
  if (instanceId !== undefined) {
    if ((await requireInstance(caller, instanceId, db)) !== place.workflowId) throw notFound("instance");
    return findInstance(db, place.projectId, instanceId);
  }
  const [running] = await loadInstances(db, place, { statuses: ["running"], limit: 1 });
  if (running !== undefined) return running;
  const [newest] = await loadInstances(db, place, { limit: 1 });
  return newest ?? null;
}

/**
 * What became of each stage, in the newest running instance of a workflow, else in the newest, or in the one that is
 * named. Throws `not_found` and `forbidden`, also for an instance of another workflow.
 */
export async function getTree(caller: Caller, id: string, instanceId?: string): Promise<StageStatuses> {
  const place = await placeOf(caller, id, pool());
  const instance = await pickInstance(caller, place, instanceId);
  if (instance === null) return plannedStages(pool(), place);
  return (await loadStages(pool(), place, [instance])).get(instance.id) ?? {};
}

/** One instance of the caller's project. Throws `not_found` and `forbidden`. */
export async function getInstance(caller: Caller, id: string): Promise<InstanceDetail> {
  const db = pool();
  const place = await placeOf(caller, await requireInstance(caller, id, db), db);
  const row = await findInstance(db, caller.projectId, id);
  if (row === null) throw notFound("instance");
  return {
    id: row.id,
    workflow_id: row.workflow_id,
    kind: place.kind,
    status: row.status,
    started_at: row.started_at.toISOString(),
    completed_at: row.ended_at?.toISOString() ?? null,
    failure_reason: row.failure_reason,
    agent_code: row.agent_code,
    total_steps: row.n_steps,
    total_cost_usd: dollars(row.cost_micros),
    copied_cost_usd: dollars(row.copied_cost_micros),
    origin_instance_id: row.origin_id,
    fork_from_stage: row.fork_from_stage,
    session_id: row.session_id,
    payload_overrides: row.payload_overrides,
    stage_statuses: (await loadStages(db, place, [row])).get(row.id) ?? {},
  };
}

type StepRow = Omit<Step, "executed_at"> & { at: Date };

/** Steps of an instance in their order: those after step `after` (null: from the first), at most 10,000. */
export async function listSteps(
  caller: Caller,
  instanceId: string,
  { after, limit }: { after: number | null; limit: number },
): Promise<Step[]> {
  await requireInstance(caller, instanceId, pool());
  const { rows } = await pool().query<StepRow>(
    `SELECT ordinal AS step, path AS stage_path, stage_name, status, agent AS agent_code, at, response_time_ms, is_final, handoff_reason
       FROM stage_executions WHERE project_id = $1 AND instance_id = $2 AND ordinal > $3 ORDER BY ordinal LIMIT $4`,
    [caller.projectId, instanceId, after ?? -1, Math.min(limit, MAX_STEPS)],
  );
  return rows.map(({ at, ...step }) => ({ ...step, executed_at: at.toISOString() }));
}

/** Stage signals that a workflow refused, newest first. */
export async function listRejected(
  caller: Caller,
  id: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<RejectedPing>> {
  const place = await placeOf(caller, id, pool());
  const asked = { ...place, below: numberCursor(cursor), limit: limit + 1 };
  return toPage(await loadRejected(pool(), asked), limit, (rejected) => [rejected.id]);
}

/** Who handed to whom in a workflow within the last `days`, the most frequent 200 pairs, most frequent first. */
export async function listHandoffs(caller: Caller, id: string, { days }: { days: number }): Promise<HandoffPair[]> {
  await requireWorkflow(caller, id, pool());
  return loadHandoffs(pool(), { projectId: caller.projectId, workflowId: id, days });
}
