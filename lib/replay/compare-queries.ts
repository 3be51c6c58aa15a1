import type { Caller } from "@/lib/auth/caller";
import { AppError, notFound } from "@/lib/core/errors";
import { type Db, pool } from "@/lib/db/pool";
import { requireInstance } from "@/lib/workflows/read/own";
import type { InstanceStatus } from "@/lib/workflows/schema";
import { compare, type Step } from "./compare";
import { type RowColumns, toRowColumns } from "./compare-rows";
import { beyondBytes, megabytes } from "./payload-bounds";
import type { Aggregates, Comparison } from "./schema";

type Row = Omit<Step, "at" | "ordinal"> & { id: string; at: Date; ordinal: number | null };

// Both by one statement, so that an instance that runs is the same beside itself; one without steps has a row as well.
const STEPS = `
  SELECT i.id, s.ordinal, s.path, s.stage_name AS "stageName", s.status, s.status_text AS "statusText", s.agent,
         s.model_id AS "modelId", s.input_tokens AS "inputTokens", s.output_tokens AS "outputTokens", s.cost_micros AS "costMicros",
         s.context_size_bytes AS "contextSizeBytes", s.handoff_reason AS "handoffReason", s.response_time_ms AS "responseTimeMs",
         s.at, s.tool_calls AS "toolCalls", s.payload, s.span_id IS NOT NULL AS "isSpan"
    FROM instances i LEFT JOIN stage_executions s ON s.project_id = i.project_id AND s.instance_id = i.id
   WHERE i.project_id = $1 AND i.id = ANY ($2) ORDER BY i.id, s.ordinal`;

/** The steps of some instances at one moment, by their ids; those that are gone are absent. */
async function loadSteps(db: Db, projectId: string, ids: string[]): Promise<Map<string, Step[]>> {
  const { rows } = await db.query<Row>({ name: "compared-steps", text: STEPS, values: [projectId, ids] });
  const found = new Map<string, Step[]>();
  for (const { id, at, ordinal, ...step } of rows) {
    const steps = found.get(id) ?? [];
    found.set(id, steps);
    if (ordinal !== null) steps.push({ ...step, ordinal, at: at.getTime() });
  }
  return found;
}

type Compared = { comparison: Comparison; a: Step[]; b: Step[] };

/** Bytes of payloads, as text, of two instances that can be compared. */
const MAX_BYTES = 48 * 1024 * 1024;

async function requireComparable(projectId: string, ids: string[]): Promise<void> {
  const all = { projectId, ids, after: -1, end: 2 ** 31 - 1, limit: null };
  const beyond = await beyondBytes(pool(), all, MAX_BYTES);
  if (beyond === null) return;
  const detail = `The payloads of these instances take ${megabytes(beyond.bytes)}; up to ${megabytes(MAX_BYTES)} can be compared.`;
  throw new AppError("payload_too_large", detail);
}

/**
 * Two instances of the caller's project as they are now, aligned; keeps nothing. Throws `not_found`, `forbidden` and
 * `payload_too_large`.
 */
export async function readComparison(caller: Caller, a: string, b: string): Promise<Compared> {
  for (const id of [a, b]) await requireInstance(caller, id, pool());
  await requireComparable(caller.projectId, [a, b]);
  const found = await loadSteps(pool(), caller.projectId, [a, b]);
  const [stepsA, stepsB] = [found.get(a), found.get(b)];
  if (stepsA === undefined || stepsB === undefined) throw notFound("instance");
  return { comparison: compare({ id: a, steps: stepsA }, { id: b, steps: stepsB }), a: stepsA, b: stepsB };
}

/** An instance as the pages about two of them name it. */
export type NamedInstance = {
  id: string;
  /** Which one of its workflow it is: 1, 2, 3 … */
  seq: number;
  workflow: { id: string; name: string };
  status: InstanceStatus;
  startedAt: string;
  steps: number;
  originId: string | null;
};

type NamedRow = Omit<NamedInstance, "workflow" | "startedAt"> & { at: Date; workflowId: string; workflowName: string };

const NAMED = `
  SELECT i.id, i.seq, i.status, i.started_at AS at, i.n_steps AS steps, i.origin_id AS "originId",
         w.id AS "workflowId", w.name AS "workflowName"
    FROM instances i JOIN workflows w ON w.project_id = i.project_id AND w.id = i.workflow_id`;

const toNamed = ({ at, workflowId, workflowName, ...row }: NamedRow): NamedInstance => ({
  ...row,
  startedAt: at.toISOString(),
  workflow: { id: workflowId, name: workflowName },
});

/** An instance of the caller's project by its name. Throws `not_found` and `forbidden`. */
async function getNamed(caller: Caller, id: string): Promise<NamedInstance> {
  await requireInstance(caller, id, pool());
  const { rows } = await pool().query<NamedRow>(`${NAMED} WHERE i.project_id = $1 AND i.id = $2`, [
    caller.projectId,
    id,
  ]);
  if (rows[0] === undefined) throw notFound("instance");
  return toNamed(rows[0]);
}

/** Two instances beside each other, without their payloads. `divergence` is the place of the first row that differs. */
export type ComparisonView = {
  a: NamedInstance & { totals: Aggregates };
  b: NamedInstance & { totals: Aggregates };
  divergence: number | null;
  rows: RowColumns;
};

/** What the page that compares two instances of the caller's project shows. Throws `not_found`, `forbidden` and `payload_too_large`. */
export async function getComparisonView(caller: Caller, a: string, b: string): Promise<ComparisonView> {
  const [named, { comparison, ...steps }] = await Promise.all([
    Promise.all([getNamed(caller, a), getNamed(caller, b)]),
    readComparison(caller, a, b),
  ]);
  return {
    a: { ...named[0], totals: comparison.instance_a.aggregates },
    b: { ...named[1], totals: comparison.instance_b.aggregates },
    divergence: comparison.divergence_step,
    rows: toRowColumns(comparison.steps, steps),
  };
}

const MAX_RELATED = 20;
const MAX_RECENT = 10;

/** Instances that one may be compared with: those made from one another with it, and the newest of its workflow. */
export type Comparable = { one: NamedInstance; related: NamedInstance[]; recent: NamedInstance[] };

const RELATED = `${NAMED}
   WHERE i.project_id = $1 AND i.id <> $2
     AND (i.origin_id = $2 OR i.id = $3 OR i.origin_id = $3) ORDER BY i.started_at, i.seq LIMIT ${MAX_RELATED}`;
const RECENT = `${NAMED}
   WHERE i.project_id = $1 AND i.workflow_id = $2 AND i.id <> ALL ($3::text[]) ORDER BY i.started_at DESC, i.seq DESC LIMIT ${MAX_RECENT}`;

/** What an instance of the caller's project may be compared with. Throws `not_found` and `forbidden`. */
export async function listComparable(caller: Caller, id: string): Promise<Comparable> {
  const one = await getNamed(caller, id);
  const related = await pool().query<NamedRow>(RELATED, [caller.projectId, id, one.originId]);
  const known = [id, ...related.rows.map((row) => row.id)];
  const recent = await pool().query<NamedRow>(RECENT, [caller.projectId, one.workflow.id, known]);
  return { one, related: related.rows.map(toNamed), recent: recent.rows.map(toNamed) };
}
