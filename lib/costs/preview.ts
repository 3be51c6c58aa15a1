import type { Caller } from "@/lib/auth/caller";
import { dollars } from "@/lib/core/money";
import { type Db, pool } from "@/lib/db/pool";
import { requireWorkflow } from "@/lib/workflows/read/own";
import {
  type BackTest,
  backTest,
  type Crossing,
  MAX_STEPS,
  type Past,
  type PastInstance,
  type Question,
  questionsOf,
  spreadOf,
  suggestedLimit,
} from "./back-test";
import { changeBudget } from "./budget";
import type { BudgetPreview } from "./preview-schema";
import { loadBudget } from "./queries";
import type { UpdateBudget } from "./schema";

const DAYS = 30;
const MAX_INSTANCES = 10_000;

const TODAY = "(now() AT TIME ZONE p.time_zone)::date";

const INSTANCES = `
  SELECT i.id, date_part('epoch', i.started_at) * 1000 AS started_at, to_char(i.started_at AT TIME ZONE p.time_zone, 'YYYY-MM-DD') AS day,
         i.cost_micros - i.copied_cost_micros AS cost, i.n_steps - i.n_copied AS steps, i.n_copied, i.status = 'completed' AS is_completed,
         CASE WHEN i.status IN ('completed', 'failed') THEN (extract(epoch FROM i.ended_at) * 1000)::int8 END AS ended_itself_at,
         i.is_expected, date_part('epoch', coalesce(i.ended_at, now()) - i.started_at) * 1000 AS elapsed
    FROM projects p
   CROSS JOIN LATERAL (SELECT * FROM instances
                        WHERE project_id = p.id AND workflow_id = $2
                          AND started_at >= (${TODAY} - ${DAYS - 1})::timestamp AT TIME ZONE p.time_zone
                        ORDER BY started_at DESC, seq DESC LIMIT ${MAX_INSTANCES}) AS i
   WHERE p.id = $1
   ORDER BY i.started_at, i.seq`;

const SUMS = `
  SELECT to_char(r.day, 'YYYY-MM-DD') AS day, sum(r.cost_micros)::int8 AS cost
    FROM projects p
    JOIN cost_rollups r ON r.project_id = p.id AND r.workflow_id = $2 AND r.day > ${TODAY} - ${DAYS}
   WHERE p.id = $1 AND r.project_id = $1
   GROUP BY r.day`;

// Read by the primary key, and no further than to the step that crosses. Where steps are gone it is not known which that was.
const CROSSINGS = `
  SELECT q.id, c.ordinal, c.at, c.spent
    FROM unnest($2::text[], $3::int4[], $4::int8[]) AS q (id, n_copied, allowed)
   CROSS JOIN LATERAL (
     SELECT ordinal, (extract(epoch FROM at) * 1000)::int8 AS at, spent::int8
       FROM (SELECT ordinal, at, coalesce(sum(cost_micros) OVER steps, 0) AS spent, row_number() OVER steps AS nth
               FROM stage_executions
              WHERE project_id = $1 AND instance_id = q.id AND ordinal >= q.n_copied AND ordinal < q.n_copied + ${MAX_STEPS}
             WINDOW steps AS (ORDER BY ordinal ROWS UNBOUNDED PRECEDING)) AS each
      WHERE spent > q.allowed AND nth = ordinal - q.n_copied + 1
      ORDER BY ordinal LIMIT 1) AS c`;

type Row = {
  id: string;
  started_at: number;
  day: string;
  cost: number;
  steps: number;
  n_copied: number;
  ended_itself_at: number | null;
  elapsed: number;
  is_completed: boolean;
  is_expected: boolean;
};

const toPast = (row: Row): PastInstance => ({
  id: row.id,
  startedAt: row.started_at,
  day: row.day,
  costMicros: row.cost,
  nSteps: row.steps,
  nCopied: row.n_copied,
  elapsedMs: row.elapsed,
  isCompleted: row.is_completed,
  endedItselfAt: row.ended_itself_at,
  isExpected: row.is_expected,
});

/** Instances of a workflow that began today or in the 29 days before, and what it cost on each of them. */
async function loadPast(db: Db, projectId: string, workflowId: string): Promise<Past> {
  const values = [projectId, workflowId];
  const [instances, days] = await Promise.all([
    db.query<Row>({ name: "past-instances", text: INSTANCES, values }),
    db.query<{ day: string; cost: number }>({ name: "past-days", text: SUMS, values }),
  ]);
  return {
    instances: instances.rows.map(toPast),
    days: days.rows.map(({ day, cost }) => ({ day, costMicros: cost })),
  };
}

/** The steps with which instances had spent more than they were allowed, by instance. */
async function loadCrossings(db: Db, projectId: string, asked: Question[]): Promise<Map<string, Crossing>> {
  if (asked.length === 0) return new Map();
  const { rows } = await db.query<{ id: string; ordinal: number; at: number; spent: number }>({
    name: "past-crossings",
    text: CROSSINGS,
    values: [
      projectId,
      asked.map(({ instance }) => instance.id),
      asked.map(({ instance }) => instance.nCopied),
      asked.map(({ allowedMicros }) => allowedMicros),
    ],
  });
  return new Map(rows.map(({ id, ordinal, at, spent }) => [id, { ordinal, at, spentMicros: spent }]));
}

function show({ instances }: Past, found: BackTest): BudgetPreview {
  const { highestMicros, medianMicros, p95Micros } = spreadOf(instances);
  const suggested = suggestedLimit(instances);
  return {
    period_days: DAYS,
    instances: instances.length,
    total_cost_usd: dollars(instances.reduce((sum, { costMicros }) => sum + costMicros, 0)),
    would_stop: found.nStopped,
    would_warn: found.nWarned,
    days_over_limit: found.daysOverLimit,
    saved_usd: dollars(found.savedMicros),
    examples: found.examples.map(({ instance: { id, costMicros, startedAt }, by }) => ({
      instance_id: id,
      cost_usd: dollars(costMicros),
      started_at: new Date(startedAt).toISOString(),
      by,
    })),
    highest_instance_usd: dollars(highestMicros),
    median_instance_usd: dollars(medianMicros),
    p95_instance_usd: dollars(p95Micros),
    suggested_limit_usd: suggested === null ? null : dollars(suggested),
  };
}

/**
 * What the budget of a workflow would have done in the last 30 days if it had been changed so before. Changes nothing.
 * Throws `invalid_input` for a budget that cannot be saved, `not_found` and `forbidden`.
 */
export async function previewBudget(
  caller: Caller,
  workflowId: string,
  { change, db = pool() }: { change: UpdateBudget; db?: Db },
): Promise<BudgetPreview> {
  await requireWorkflow(caller, workflowId, db);
  const budget = changeBudget(await loadBudget(db, caller.projectId, workflowId), change);
  const past = await loadPast(db, caller.projectId, workflowId);
  const crossings = await loadCrossings(db, caller.projectId, questionsOf(past, budget));
  return show(past, backTest(past, budget, crossings));
}
