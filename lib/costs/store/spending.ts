import { Memory } from "@/lib/core/memory";
import { type Baseline, NO_BASELINE } from "@/lib/costs/anomaly";
import { plainArray, textArray } from "@/lib/db/columns";
import type { Db } from "@/lib/db/pool";
import type { LoadedWorkflow, Today } from "@/lib/workflows/loaded";

const keyOf = ({ projectId, id }: Pick<LoadedWorkflow, "projectId" | "id">): string => `${projectId}/${id}`;

const columnsOf = (workflows: LoadedWorkflow[]): string[] => [
  plainArray(workflows.map(({ projectId }) => projectId)),
  textArray(workflows.map(({ id }) => id)),
];

type DayRow = { project_id: string; workflow_id: string; day: string; began_at: number; cost_micros: number };

/** Reads what workflows have cost today, for those that a daily limit is set for. */
async function loadDays(tx: Db, workflows: LoadedWorkflow[], now: number): Promise<void> {
  if (workflows.length === 0) return;
  const { rows } = await tx.query<DayRow>({
    name: "load-cost-days",
    text: `SELECT t.project_id, t.workflow_id, to_char(t.day, 'YYYY-MM-DD') AS day,
                  date_part('epoch', t.day::timestamp AT TIME ZONE t.time_zone) * 1000 AS began_at, coalesce(d.cost_micros, 0)::int8 AS cost_micros
             FROM (SELECT a.*, p.time_zone, (to_timestamp($3::float8 / 1000) AT TIME ZONE p.time_zone)::date AS day
                     FROM unnest($1::uuid[], $2::text[]) AS a (project_id, workflow_id) JOIN projects p ON p.id = a.project_id) AS t
             LEFT JOIN cost_days d ON d.project_id = t.project_id AND d.workflow_id = t.workflow_id AND d.day = t.day`,
    values: [...columnsOf(workflows), now],
  });
  const days = new Map(
    rows.map((row): [string, Today] => [
      keyOf({ projectId: row.project_id, id: row.workflow_id }),
      { day: row.day, beganAt: Math.round(row.began_at), costMicros: row.cost_micros },
    ]),
  );
  for (const workflow of workflows) workflow.today = days.get(keyOf(workflow)) ?? null;
}

const MAX_REMEMBERED = 2000;
/** Instances that others are measured by. */
const MEASURES = 200;

/** What earlier instances of a workflow cost, as it was when its newest instance began: it need not be newer than that. */
const remembered = new Memory<{ nInstances: number; madeAt: number; baseline: Baseline }>(MAX_REMEMBERED);

type BaselineRow = { project_id: string; workflow_id: string; costs: number[]; steps: number[]; seconds: number[] };

async function loadBaselines(tx: Db, workflows: LoadedWorkflow[]): Promise<void> {
  const stale = workflows.filter((workflow) => {
    const known = remembered.get(keyOf(workflow));
    const isFresh = known?.nInstances === workflow.nInstances && known.madeAt === workflow.madeAt;
    if (isFresh) workflow.baseline = known.baseline;
    return !isFresh;
  });
  if (stale.length === 0) return;
  const { rows } = await tx.query<BaselineRow>({
    name: "load-cost-baselines",
    text: `SELECT a.project_id, a.workflow_id, b.* FROM unnest($1::uuid[], $2::text[]) AS a (project_id, workflow_id)
            CROSS JOIN LATERAL (
              SELECT coalesce(array_agg(i.cost::float8), '{}') AS costs, coalesce(array_agg(i.steps), '{}') AS steps,
                     coalesce(array_agg(i.seconds), '{}') AS seconds
                FROM (SELECT cost_micros - copied_cost_micros AS cost, n_steps - n_copied AS steps,
                             date_part('epoch', ended_at - started_at) AS seconds
                        FROM instances
                       WHERE project_id = a.project_id AND workflow_id = a.workflow_id AND status = 'completed'
                         AND started_at > now() - interval '30 days' AND NOT is_expected
                       ORDER BY started_at DESC, seq DESC LIMIT ${MEASURES}) AS i) AS b`,
    values: columnsOf(stale),
  });
  const found = new Map(
    rows.map(({ project_id: projectId, workflow_id: id, ...baseline }) => [keyOf({ projectId, id }), baseline]),
  );
  for (const workflow of stale) {
    const baseline = found.get(keyOf(workflow)) ?? NO_BASELINE;
    workflow.baseline = baseline;
    remembered.set(keyOf(workflow), { nInstances: workflow.nInstances, madeAt: workflow.madeAt, baseline });
  }
}

/**
 * Adds to locked workflows what their budgets ask for: what they cost today, and what earlier instances cost. `now` is the
 * database's clock, in epoch milliseconds. Sends nothing where no budget asks.
 */
export async function loadSpending(tx: Db, workflows: Iterable<LoadedWorkflow>, now: number): Promise<void> {
  const all = [...workflows];
  await Promise.all([
    loadDays(
      tx,
      all.filter(({ budget }) => budget.enabled && budget.dailyLimitMicros !== null),
      now,
    ),
    loadBaselines(
      tx,
      all.filter(({ budget }) => budget.anomalyDetection),
    ),
  ]);
}
