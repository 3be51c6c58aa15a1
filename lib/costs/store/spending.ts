import { Memory } from "@/lib/core/memory";
import { type Baseline, MEASURES, NO_BASELINE } from "@/lib/costs/anomaly";
import { plainArray, textArray } from "@/lib/db/columns";
import type { Db } from "@/lib/db/pool";
import type { LoadedWorkflow, Today } from "@/lib/workflows/loaded";

const MAX_REMEMBERED = 2000;

type Place = Pick<LoadedWorkflow, "projectId" | "id">;

const keyOf = ({ projectId, id }: Place): string => `${projectId}/${id}`;
const keyOfRow = (row: { project_id: string; workflow_id: string }): string => `${row.project_id}/${row.workflow_id}`;

const columnsOf = (workflows: Place[]): string[] => [
  plainArray(workflows.map(({ projectId }) => projectId)),
  textArray(workflows.map(({ id }) => id)),
];

/** What a workflow has cost today. */
type DayRow = { project_id: string; workflow_id: string; day: string; began_at: number; cost_micros: number };
/** What its earlier instances cost. */
type BaselineRow = { project_id: string; workflow_id: string; costs: number[]; steps: number[]; seconds: number[] };

/** What was asked of workflows before they were known. */
export type Spending = { days: DayRow[]; baselines: BaselineRow[] };

/** Where nothing was asked ahead. */
export const NO_SPENDING: Spending = { days: [], baselines: [] };

// What had to be asked when a workflow was last locked. Guesses: they only spare a flight of their own.
const limited = new Memory<true>(MAX_REMEMBERED);
const measuredAnew = new Memory<true>(MAX_REMEMBERED);

/** Asks what will be needed of workflows, as far as that can be guessed, in the flight that locks them. */
export async function askAhead(tx: Db, places: Place[]): Promise<Spending> {
  const guessedBy = (memory: Memory<true>) => places.filter((place) => memory.get(keyOf(place)) !== undefined);
  const [days, baselines] = await Promise.all([
    askDays(tx, guessedBy(limited)),
    askBaselines(tx, guessedBy(measuredAnew)),
  ]);
  return { days, baselines };
}

/** Asks what locked workflows have cost today, by the calendar of their project. */
async function askDays(tx: Db, places: Place[]): Promise<DayRow[]> {
  if (places.length === 0) return [];
  const { rows } = await tx.query<DayRow>({
    name: "load-cost-days",
    text: `SELECT t.project_id, t.workflow_id, to_char(t.day, 'YYYY-MM-DD') AS day,
                  date_part('epoch', t.day::timestamp AT TIME ZONE t.time_zone) * 1000 AS began_at, 
                  (SELECT coalesce(sum(r.cost_micros), 0)::int8 FROM cost_rollups r
                    WHERE r.project_id = t.project_id AND r.workflow_id = t.workflow_id AND r.day = t.day) AS cost_micros
             FROM (SELECT a.project_id, a.id AS workflow_id, p.time_zone, (clock_timestamp() AT TIME ZONE p.time_zone)::date AS day
                     FROM unnest($1::uuid[], $2::text[]) AS a (project_id, id)
                     JOIN projects p ON p.id = a.project_id) AS t`,
    values: columnsOf(places),
  });
  return rows;
}

/** Adds what workflows have cost today where they have a daily limit, and asks for what was not known to be needed. */
async function placeDays(tx: Db, workflows: LoadedWorkflow[], known: DayRow[]): Promise<void> {
  const bounded = workflows.filter(({ budget }) => budget.enabled && budget.dailyLimitMicros !== null);
  if (bounded.length === 0) return;
  const asked = new Set(known.map(keyOfRow));
  const missing = bounded.filter((workflow) => !asked.has(keyOf(workflow)));
  for (const workflow of missing) limited.set(keyOf(workflow), true);
  const rows = [...known, ...(await askDays(tx, missing))];
  const days = new Map(
    rows.map((row): [string, Today] => [
      keyOfRow(row),
      { day: row.day, beganAt: Math.round(row.began_at), costMicros: row.cost_micros },
    ]),
  );
  for (const workflow of bounded) workflow.today = days.get(keyOf(workflow)) ?? null;
}

/** From so many on, those that complete while no other begins make no difference. */
const ENOUGH = 20;

/** What earlier instances of a workflow cost, as it was when its newest instance began: it need not be newer than that. */
type Remembered = Memory<{ nInstances: number; madeAt: number; baseline: Baseline }>;

// Signals and requests come through bundles of their own: what one of them forgets is forgotten.
const shared = globalThis as typeof globalThis & { pulsetrailBaselines?: Remembered };
shared.pulsetrailBaselines ??= new Memory(MAX_REMEMBERED);
const remembered = shared.pulsetrailBaselines;

/** Has this process ask anew what instances of a workflow cost; others notice with its next instance. */
export function forgetBaseline(place: Place): void {
  remembered.delete(keyOf(place));
}

async function askBaselines(tx: Db, places: Place[]): Promise<BaselineRow[]> {
  if (places.length === 0) return [];
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
    values: columnsOf(places),
  });
  return rows;
}

/** What is remembered of a workflow, unless another instance has begun since. */
function recall(workflow: LoadedWorkflow): Baseline | null {
  const known = remembered.get(keyOf(workflow));
  const isSame = known?.nInstances === workflow.nInstances && known.madeAt === workflow.madeAt;
  return isSame ? known.baseline : null;
}

/** Of few instances each one counts, so that they are asked for every time. */
function remember(workflow: LoadedWorkflow): void {
  const { nInstances, madeAt, baseline } = workflow;
  const key = keyOf(workflow);
  if (baseline.costs.length < ENOUGH) {
    measuredAnew.set(key, true);
    return;
  }
  remembered.set(key, { nInstances, madeAt, baseline });
  measuredAnew.delete(key);
}

/** Adds what earlier instances cost, and asks for what is neither remembered nor asked ahead. */
async function placeBaselines(tx: Db, workflows: LoadedWorkflow[], ahead: BaselineRow[]): Promise<void> {
  const found = new Map(ahead.map((row) => [keyOfRow(row), row]));
  const missing = workflows.filter((workflow) => !found.has(keyOf(workflow)) && recall(workflow) === null);
  for (const row of await askBaselines(tx, missing)) found.set(keyOfRow(row), row);
  for (const workflow of workflows) {
    const asked = found.get(keyOf(workflow));
    if (asked === undefined) workflow.baseline = recall(workflow) ?? NO_BASELINE;
    else {
      workflow.baseline = { costs: asked.costs, steps: asked.steps, seconds: asked.seconds };
      remember(workflow);
    }
  }
}

/**
 * Adds to locked workflows what their budgets ask for: what they cost today, and what earlier instances cost, which is asked
 * of the database where no instance was known before.
 */
export async function placeSpending(tx: Db, workflows: Iterable<LoadedWorkflow>, ahead: Spending): Promise<void> {
  const all = [...workflows];
  const measured = all.filter(({ budget }) => budget.anomalyDetection);
  await Promise.all([placeDays(tx, all, ahead.days), placeBaselines(tx, measured, ahead.baselines)]);
}
