import { type Caller, requireOwn, requireScope } from "@/lib/auth/caller";
import { type Page, toPage } from "@/lib/core/cursor";
import { invalid, notFound } from "@/lib/core/errors";
import { dollars } from "@/lib/core/money";
import { type Db, pool } from "@/lib/db/pool";
import { EVENT_OF } from "@/lib/workflows/cost-alert";
import { requireInstance, requireWorkflow } from "@/lib/workflows/read/own";
import { numberCursor } from "@/lib/workflows/read/position";
import { learning, MEASURES, NO_BASELINE } from "./anomaly";
import { type Budget, showBudget } from "./budget";
import { isFarOff } from "./price";
import { readBudget } from "./read-budget";
import type { BudgetView } from "./schema";
import type { BreakdownQuery, CostAlert, CostAlertsQuery, CostBreakdown, CostSummary, StepCost } from "./view-schema";

/** What is stored of the budget of a workflow. */
export async function loadBudget(db: Db, projectId: string, workflowId: string): Promise<Budget> {
  const { rows } = await db.query<{ budget: unknown }>(
    "SELECT budget FROM workflows WHERE project_id = $1 AND id = $2",
    [projectId, workflowId],
  );
  return readBudget(rows[0]?.budget ?? null);
}

/** What instances of a workflow may cost. Throws `not_found` and `forbidden`. */
export async function getBudget(caller: Caller, workflowId: string): Promise<BudgetView> {
  await requireWorkflow(caller, workflowId, pool());
  return showBudget(await loadBudget(pool(), caller.projectId, workflowId));
}

const { needed: NEEDED } = learning(NO_BASELINE);

type Sums = {
  total: number;
  today: number;
  instances: number;
  top_id: string | null;
  top: number | null;
  unpriced: number;
  completed: number;
};

const SINCE = "day > (now() AT TIME ZONE p.time_zone)::date - $3::int";

// What goes on may cost more than all that has ended.
export const SUMMARY = `
  SELECT coalesce(r.total, 0)::int8 AS total, coalesce(r.today, 0)::int8 AS today, coalesce(d.instances, 0)::int8 AS instances,
         t.id AS top_id, t.cost AS top, coalesce(r.unpriced, 0)::int8 AS unpriced, c.completed
    FROM projects p
   CROSS JOIN LATERAL (SELECT sum(cost_micros) AS total, sum(n_unpriced) AS unpriced,
                              sum(cost_micros) FILTER (WHERE day = (now() AT TIME ZONE p.time_zone)::date) AS today
                         FROM cost_rollups WHERE project_id = p.id AND workflow_id = $2 AND ${SINCE}) AS r
   CROSS JOIN LATERAL (SELECT sum(n_instances) AS instances FROM cost_days
                        WHERE project_id = p.id AND workflow_id = $2 AND ${SINCE}) AS d
    LEFT JOIN LATERAL (SELECT id, cost
                         FROM (SELECT top_instance_id AS id, top_cost_micros AS cost, day FROM cost_days
                                WHERE project_id = p.id AND workflow_id = $2 AND top_instance_id IS NOT NULL
                                UNION ALL
                               SELECT id, cost_micros - copied_cost_micros, (started_at AT TIME ZONE p.time_zone)::date FROM instances
                                WHERE project_id = p.id AND workflow_id = $2 AND status IN ('running', 'paused')) AS each
                        WHERE ${SINCE} AND cost > 0 ORDER BY cost DESC, day DESC LIMIT 1) AS t ON true
   CROSS JOIN LATERAL (SELECT count(*)::int AS completed
                         FROM (SELECT FROM instances
                                WHERE project_id = p.id AND workflow_id = $2 AND status = 'completed'
                                  AND started_at > now() - interval '30 days' AND NOT is_expected LIMIT ${MEASURES}) AS newest) AS c
   WHERE p.id = $1`;

/** What a workflow has cost today and in the days before, from sums that are kept. Throws `not_found` and `forbidden`. */
export async function getCostSummary(
  caller: Caller,
  workflowId: string,
  { days }: { days: number },
): Promise<CostSummary> {
  await requireWorkflow(caller, workflowId, pool());
  const [{ rows }, budget] = await Promise.all([
    pool().query<Sums>({ name: "cost-summary", text: SUMMARY, values: [caller.projectId, workflowId, days] }),
    loadBudget(pool(), caller.projectId, workflowId),
  ]);
  const [sums] = rows;
  if (sums === undefined) throw notFound("workflow");
  const { total, today, instances, top_id: id, top, unpriced, completed } = sums;
  const status = completed >= NEEDED ? "active" : "learning";
  return {
    total_cost_usd: dollars(total),
    today_cost_usd: dollars(today),
    average_cost_per_instance_usd: instances === 0 ? 0 : dollars(Math.round(total / instances)),
    instance_count: instances,
    most_expensive_instance: id === null || top === null ? null : { id, cost_usd: dollars(top) },
    period_days: days,
    unpriced_steps: unpriced,
    anomaly_status: budget.anomalyDetection ? status : "off",
    completed_instances: completed,
  };
}

/** Numbers of steps and alerts are integers of PostgreSQL. */
function integerCursor(cursor: string | undefined): number | null {
  const after = numberCursor(cursor);
  if (after !== null && Math.abs(after) >= 2 ** 31) throw invalid("cursor", "is not a cursor of this list");
  return after;
}

type StepRow = {
  step: number;
  stage_path: string;
  agent_code: string | null;
  model_id: string | null;
  input_tokens: number | null;
  output_tokens: number | null;
  cost_micros: number | null;
  computed_micros: number | null;
  tags: string[] | null;
  at: Date;
};

export const STEPS = `SELECT ordinal AS step, path AS stage_path, agent AS agent_code, model_id, input_tokens, output_tokens, cost_micros, computed_micros, tags, at
    FROM stage_executions
   WHERE project_id = $1 AND instance_id = $2 AND ordinal > $3 AND (cost_micros IS NOT NULL OR input_tokens IS NOT NULL OR output_tokens IS NOT NULL)
   ORDER BY ordinal LIMIT $4`;

function toStepCost(
  { cost_micros: cost, computed_micros: computed, at, tags, ...row }: StepRow,
  nCopied: number,
): StepCost {
  return {
    ...row,
    cost_usd: cost === null ? null : dollars(cost),
    priced: cost !== null,
    computed_cost_usd: computed === null ? null : dollars(computed),
    differs: cost !== null && computed !== null && isFarOff(cost, computed),
    tags: tags ?? [],
    copied: row.step < nCopied,
    executed_at: at.toISOString(),
  };
}

/** What the steps of an instance cost that tell tokens or a cost. Throws `not_found` and `forbidden`. */
export async function getCostBreakdown(
  caller: Caller,
  id: string,
  { limit, cursor }: BreakdownQuery,
): Promise<CostBreakdown> {
  await requireInstance(caller, id, pool());
  const [found, steps] = await Promise.all([
    pool().query<{ cost_micros: number; copied_cost_micros: number; n_copied: number; is_expected: boolean }>(
      "SELECT cost_micros, copied_cost_micros, n_copied, is_expected FROM instances WHERE project_id = $1 AND id = $2",
      [caller.projectId, id],
    ),
    pool().query<StepRow>({
      name: "cost-breakdown",
      text: STEPS,
      values: [caller.projectId, id, integerCursor(cursor) ?? -1, limit + 1],
    }),
  ]);
  const [instance] = found.rows;
  if (instance === undefined) throw notFound("instance");
  const { items, nextCursor } = toPage(steps.rows, limit, ({ step }) => [step]);
  return {
    instance_id: id,
    total_cost_usd: dollars(instance.cost_micros),
    copied_cost_usd: dollars(instance.copied_cost_micros),
    expected: instance.is_expected,
    breakdown: items.map((row) => toStepCost(row, instance.n_copied)),
    next_cursor: nextCursor,
  };
}

const EVENTS = Object.values(EVENT_OF);

type AlertRow = { id: number; message: string; data: CostAlert; created_at: Date; resolved_at: Date | null };

/** Alerts stay in the log when their workflow is deleted; another one of its id has nothing to do with them. */
export const SINCE_MADE = "created_at >= (SELECT w.created_at FROM workflows w WHERE w.project_id = $1 AND w.id = $2)";

export const ALERTS = `SELECT id, message, data, created_at, resolved_at FROM alerts
   WHERE project_id = $1 AND subject_id = $2 AND type = ANY ($3) AND ${SINCE_MADE} AND ($4 OR resolved_at IS NULL) AND ($5::int IS NULL OR id < $5)
   ORDER BY id DESC LIMIT $6`;

/** Alerts about the costs of a workflow, newest first; those that are over only when they are asked for. */
export async function listCostAlerts(
  caller: Caller,
  workflowId: string,
  { limit, cursor, include_resolved: all }: CostAlertsQuery,
): Promise<Page<CostAlert>> {
  requireScope(caller, "read");
  await requireWorkflow(caller, workflowId, pool());
  const { rows } = await pool().query<AlertRow>({
    name: "cost-alerts",
    text: ALERTS,
    values: [caller.projectId, workflowId, EVENTS, all, integerCursor(cursor), limit + 1],
  });
  const { items, nextCursor } = toPage(rows, limit, ({ id }) => [id]);
  return { items: items.map(toCostAlert), nextCursor };
}

/** One alert about costs. Throws `not_found`, also for an alert about something else, and `forbidden`. */
export async function getCostAlert(caller: Caller, id: number): Promise<CostAlert> {
  requireScope(caller, "read");
  const { rows } = await pool().query<AlertRow & { project_id: string; type: string }>(
    "SELECT id, project_id, type, message, data, created_at, resolved_at FROM alerts WHERE id = $1",
    [id],
  );
  const [row] = rows;
  requireOwn(caller, row?.project_id, "alert");
  if (row === undefined || !EVENTS.includes(row.type)) throw notFound("cost alert");
  return toCostAlert(row);
}

function toCostAlert({ id, message, data, created_at: at, resolved_at: resolved }: AlertRow): CostAlert {
  return {
    id,
    alert_type: data.alert_type,
    instance_id: data.instance_id,
    current_cost_usd: data.current_cost_usd,
    threshold_usd: data.threshold_usd,
    action_taken: data.action_taken,
    message,
    created_at: at.toISOString(),
    resolved_at: resolved?.toISOString() ?? null,
  };
}
