import { Memory } from "@/lib/core/memory";
import { type Baseline, MEASURES, NO_BASELINE } from "@/lib/costs/anomaly";
import { plainArray, textArray } from "@/lib/db/columns";
import type { Db } from "@/lib/db/pool";
import type { LoadedWorkflow, Today } from "@/lib/workflows/loaded";

const MAX_REMEMBERED = 2000;

const keyOf = ({ projectId, id }: Pick<LoadedWorkflow, "projectId" | "id">): string => `${projectId}/${id}`;

const columnsOf = (workflows: Pick<LoadedWorkflow, "projectId" | "id">[]): string[] => [
  plainArray(workflows.map(({ projectId }) => projectId)),
  textArray(workflows.map(({ id }) => id)),
];

/** What workflows have cost today, of those that a daily limit is set for. */
export type DayRow = { project_id: string; workflow_id: string; day: string; began_at: number; cost_micros: number };

type Place = Pick<LoadedWorkflow, "projectId" | "id">;

/** Workflows that had a daily limit when they were last locked. A guess: it only spares a flight of its own. */
const limited = new Memory<true>(MAX_REMEMBERED);

/** Asks what workflows have cost today that are known to have a daily limit, in the flight that locks them. */
export function askKnownDays(tx: Db, places: Place[]): Promise<DayRow[]> {
  return askDays(
    tx,
    places.filter((place) => limited.get(keyOf(place)) !== undefined),
  );
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
  const asked = new Set(known.map((row) => keyOf({ projectId: row.project_id, id: row.workflow_id })));
  const missing = bounded.filter((workflow) => !asked.has(keyOf(workflow)));
  for (const workflow of missing) limited.set(keyOf(workflow), true);
  const rows = [...known, ...(await askDays(tx, missing))];
  const days = new Map(
    rows.map((row): [string, Today] => [
      keyOf({ projectId: row.project_id, id: row.workflow_id }),
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

type BaselineRow = { project_id: string; workflow_id: string; costs: number[]; steps: number[]; seconds: number[] };

async function loadBaselines(tx: Db, workflows: LoadedWorkflow[]): Promise<void> {
  const stale = workflows.filter((workflow) => {
    const known = remembered.get(keyOf(workflow));
    const isSame = known?.nInstances === workflow.nInstances && known.madeAt === workflow.madeAt;
    // Of few each one counts.
    const isFresh = isSame && known.baseline.costs.length >= ENOUGH;
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
 * Adds to locked workflows what their budgets ask for: what they cost today, and what earlier instances cost, which is asked
 * of the database where no instance was known before.
 */
export async function placeSpending(tx: Db, workflows: Iterable<LoadedWorkflow>, days: DayRow[]): Promise<void> {
  const all = [...workflows];
  const measured = all.filter(({ budget }) => budget.anomalyDetection);
  await Promise.all([placeDays(tx, all, days), measured.length > 0 && loadBaselines(tx, measured)]);
}
