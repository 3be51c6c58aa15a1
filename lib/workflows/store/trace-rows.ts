import { askAhead } from "@/lib/costs/store/spending";
import { plainArray, textArray } from "@/lib/db/columns";
import type { Db } from "@/lib/db/pool";
import { collect, INSTANCE, type InstanceRow, type LockedWorkflows, lockNamed, workflowKey } from "./rows";

/** Spans of one trace in a project, by the workflow they are thought to belong to. */
export type WantedTrace = {
  projectId: string;
  workflowId: string;
  traceId: string;
  spanIds: string[];
  /** Spans of which it has to be known what else cost something within their time, in epoch milliseconds. */
  costly: { spanId: string; startMs: number; endMs: number }[];
};

/** A step as far as it tells whose usage it is. Tokens are those that count. */
export type TraceStep = {
  spanId: string;
  parentSpanId: string | null;
  inputTokens: number | null;
  outputTokens: number | null;
  costMicros: number | null;
};

/** What is known of a trace: the spans of those asked for that are stored, its newest steps, and what cost something. */
export type KnownTrace = { stored: Set<string>; tail: TraceStep[]; costWithin: Map<string, number> };

export type LockedTraces = LockedWorkflows & {
  /** By `traceKey`; absent for a trace that has no instance yet. */
  traces: Map<string, KnownTrace>;
  /** The workflow of each trace that has an instance, by `traceKey`; it need not be locked. */
  homes: Map<string, string>;
};

/** So many of the newest steps are looked at to see whether usage is told twice. */
const TAIL = 20;

export const traceKey = (projectId: string, traceId: string): string => `${projectId}/${traceId}`;

type Key = { project_id: string; trace_id: string };
type TraceRow = InstanceRow & { trace_id: string };
type StoredRow = Key & { span_id: string };
type TailRow = Key & {
  span_id: string;
  parent_span_id: string | null;
  input_tokens: number | null;
  output_tokens: number | null;
  cost_micros: number | null;
};
type CostRow = Key & { span_id: string; micros: number };

const keyOf = ({ project_id, trace_id }: Key): string => traceKey(project_id, trace_id);

function askInstances(tx: Db, projects: string, traces: string) {
  return tx.query<TraceRow>({
    name: "load-traces",
    text: `SELECT ${INSTANCE}, i.trace_id FROM unnest($1::uuid[], $2::text[]) AS a (project_id, trace_id)
            CROSS JOIN LATERAL (SELECT * FROM instances x
                                 WHERE x.project_id = a.project_id AND x.trace_id = a.trace_id LIMIT 1) AS i`,
    values: [projects, traces],
  });
}

const INSTANCE_OF = `CROSS JOIN LATERAL (SELECT x.id, x.n_steps FROM instances x
         WHERE x.project_id = a.project_id AND x.trace_id = a.trace_id LIMIT 1) AS i`;

function askStored(tx: Db, wanted: WantedTrace[], { projects, traces }: { projects: string; traces: string }) {
  return tx.query<StoredRow>({
    name: "stored-spans",
    // A list in a text is only read where its trace has an instance.
    text: `SELECT a.project_id, a.trace_id, s.span_id
             FROM unnest($1::uuid[], $2::text[], $3::text[]) AS a (project_id, trace_id, spans)
             ${INSTANCE_OF}
            CROSS JOIN LATERAL unnest(a.spans::text[]) AS c (span_id)
            CROSS JOIN LATERAL (SELECT e.span_id FROM stage_executions e
                                 WHERE e.project_id = a.project_id AND e.instance_id = i.id AND e.span_id = c.span_id LIMIT 1) AS s`,
    values: [projects, traces, textArray(wanted.map(({ spanIds }) => plainArray(spanIds)))],
  });
}

function askTails(tx: Db, projects: string, traces: string) {
  return tx.query<TailRow>({
    name: "tails-of-traces",
    text: `SELECT a.project_id, a.trace_id, s.*
             FROM unnest($1::uuid[], $2::text[]) AS a (project_id, trace_id) ${INSTANCE_OF}
            CROSS JOIN LATERAL (SELECT e.span_id, e.parent_span_id, e.input_tokens, e.output_tokens, e.cost_micros
                                  FROM stage_executions e
                                 WHERE e.project_id = a.project_id AND e.instance_id = i.id AND e.ordinal >= i.n_steps - ${TAIL}
                                 ORDER BY e.ordinal) AS s
            WHERE s.span_id IS NOT NULL`,
    values: [projects, traces],
  });
}

async function askCosts(tx: Db, wanted: WantedTrace[]): Promise<CostRow[]> {
  const all = wanted.flatMap(({ projectId, traceId, costly }) => costly.map((one) => ({ projectId, traceId, ...one })));
  if (all.length === 0) return [];
  // Stored to the millisecond.
  const { rows } = await tx.query<CostRow>({
    name: "costs-within-spans",
    text: `SELECT a.project_id, a.trace_id, a.span_id, s.micros
             FROM unnest($1::uuid[], $2::text[], $3::text[], $4::float8[], $5::float8[]) AS a (project_id, trace_id, span_id, start_ms, end_ms)
             ${INSTANCE_OF}
            CROSS JOIN LATERAL (SELECT coalesce(sum(e.cost_micros), 0)::int8 AS micros FROM stage_executions e
                                 WHERE e.project_id = a.project_id AND e.instance_id = i.id
                                   AND e.at BETWEEN to_timestamp(a.start_ms / 1000) AND to_timestamp(a.end_ms / 1000)) AS s`,
    values: [
      plainArray(all.map(({ projectId }) => projectId)),
      plainArray(all.map(({ traceId }) => traceId)),
      plainArray(all.map(({ spanId }) => spanId)),
      plainArray(all.map(({ startMs }) => Math.floor(startMs))),
      plainArray(all.map(({ endMs }) => Math.ceil(endMs))),
    ],
  });
  return rows;
}

const toStep = (row: TailRow): TraceStep => ({
  spanId: row.span_id,
  parentSpanId: row.parent_span_id,
  inputTokens: row.input_tokens,
  outputTokens: row.output_tokens,
  costMicros: row.cost_micros,
});

/**
 * Locks the workflows that traces are thought to belong to, in the order of their names, and loads what is known of the
 * traces. All statements leave together; those that read begin when the locks are held, each with a snapshot of its own.
 */
export async function lockTraces(tx: Db, wanted: WantedTrace[]): Promise<LockedTraces> {
  const named = new Map(wanted.map((one) => [workflowKey(one.projectId, one.workflowId), one]));
  const projects = plainArray(wanted.map(({ projectId }) => projectId));
  const ids = plainArray(wanted.map(({ traceId }) => traceId));
  const workflows = [...named.values()].map(({ projectId, workflowId: id }) => ({ projectId, id }));
  const [locked, spending, instances, stored, tails, costs] = await Promise.all([
    lockNamed(tx, plainArray(workflows.map(({ projectId }) => projectId)), textArray(workflows.map(({ id }) => id))),
    askAhead(tx, workflows),
    askInstances(tx, projects, ids),
    askStored(tx, wanted, { projects, traces: ids }),
    askTails(tx, projects, ids),
    askCosts(tx, wanted),
  ]);
  const traces = new Map<string, KnownTrace>();
  for (const row of instances.rows) traces.set(keyOf(row), { stored: new Set(), tail: [], costWithin: new Map() });
  for (const row of stored.rows) traces.get(keyOf(row))?.stored.add(row.span_id);
  for (const row of tails.rows) traces.get(keyOf(row))?.tail.push(toStep(row));
  for (const row of costs) traces.get(keyOf(row))?.costWithin.set(row.span_id, row.micros);
  const homes = new Map(instances.rows.map((row) => [keyOf(row), row.workflow_id]));
  const found = await collect(tx, locked.rows, { instances: instances.rows, spending });
  const traceOf = new Map(instances.rows.map((row) => [row.id, row.trace_id]));
  for (const workflow of found.workflows.values()) {
    for (const instance of workflow.instances) instance.traceId = traceOf.get(instance.id) ?? "";
  }
  return { ...found, traces, homes };
}
