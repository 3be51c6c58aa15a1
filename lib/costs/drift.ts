import { raiseAlerts } from "@/lib/alerts/raise";
import { dollars } from "@/lib/core/money";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { alertOf, type WorkflowAlert } from "@/lib/workflows/alert";
import type { Kind } from "@/lib/workflows/definition";
import { type DayCost, DRIFT_TIMES, type Drift, driftOf } from "./forecast";
import { driftWords } from "./words";

const WORKFLOWS_AT_ONCE = 200;
const NIL = "00000000-0000-0000-0000-000000000000";
/** Full days that are looked at, and today. */
const DAYS = 36;
/** What a workflow must have become dearer by, in micro-dollars a day, to be worth telling. */
const FLOOR_MICROS = 250_000;

type Row = {
  project_id: string;
  id: string;
  name: string;
  kind: Kind;
  n_instances: number;
  made_at: number;
  now: number;
  today: string;
  /** The Monday of today's week. */
  week: string;
  days: string[];
  costs: number[];
};

// Workflows first, so that sums are only read of those whose budget asks for it.
const DAILY = `
  SELECT w.project_id, w.id, w.name, w.kind, w.n_instances, (date_part('epoch', w.created_at) * 1000000)::bigint AS made_at,
         round(date_part('epoch', now()) * 1000) AS now, to_char(t.today, 'YYYY-MM-DD') AS today,
         to_char(date_trunc('week', t.today), 'YYYY-MM-DD') AS week,
         coalesce(array_agg(to_char(r.day, 'YYYY-MM-DD')) FILTER (WHERE r.day IS NOT NULL), '{}') AS days,
         coalesce(array_agg(r.micros::float8) FILTER (WHERE r.day IS NOT NULL), '{}') AS costs
    FROM (SELECT * FROM workflows
           WHERE (project_id, id) > ($1::uuid, $2) AND (budget ->> 'anomalyDetection')::boolean
           ORDER BY project_id, id LIMIT ${WORKFLOWS_AT_ONCE}) AS w
    JOIN projects p ON p.id = w.project_id
   CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE p.time_zone)::date AS today) AS t
    LEFT JOIN LATERAL (SELECT day, sum(cost_micros) AS micros FROM cost_rollups
                        WHERE project_id = w.project_id AND workflow_id = w.id AND day >= t.today - ${DAYS} GROUP BY day) AS r ON true
   GROUP BY w.project_id, w.id, w.name, w.kind, w.n_instances, w.created_at, t.today
   ORDER BY w.project_id, w.id`;

const dailyOf = ({ days, costs }: Row): DayCost[] =>
  days.map((day, index) => ({ day, costMicros: costs[index] ?? Number.NaN }));

/** What people are told of a workflow that has become dearer; once in a week of its project's calendar. */
function driftAlert(row: Row, { recentMicros, earlierMicros }: Drift): WorkflowAlert {
  const workflow = {
    projectId: row.project_id,
    id: row.id,
    name: row.name,
    kind: row.kind,
    madeAt: row.made_at,
    nInstances: row.n_instances,
  };
  return alertOf(
    { workflow, instance: null, at: row.now },
    {
      type: "cost.anomaly",
      severity: "warning",
      message: driftWords({ recentMicros, earlierMicros }),
      more: {
        alert_type: "cost_anomaly",
        current_cost_usd: dollars(Math.round(recentMicros)),
        threshold_usd: dollars(Math.round(DRIFT_TIMES * earlierMicros)),
        action_taken: "alert",
      },
      key: `cost.anomaly:${row.project_id}:${row.id}:${row.made_at}:drift:${row.week}`,
    },
  );
}

function alertsOf(rows: Row[]): WorkflowAlert[] {
  return rows.flatMap((row) => {
    const drift = driftOf(dailyOf(row), row.today);
    return drift === null || drift.recentMicros - drift.earlierMicros < FLOOR_MICROS ? [] : [driftAlert(row, drift)];
  });
}

/**
 * Tells of workflows with anomaly detection that have become dearer without any instance that stands out: the last week
 * against the four before, each at most once a week. `deadline` is a `performance.now()` value; what was told is not told
 * again, so it may be cut off and run beside others. Returns how many have drifted.
 */
export async function tellDrifts(deadline: number): Promise<number> {
  let drifted = 0;
  let after = [NIL, ""];
  while (performance.now() <= deadline) {
    const { rows } = await pool().query<Row>({ name: "daily-costs", text: DAILY, values: after });
    const alerts = alertsOf(rows);
    if (alerts.length > 0) await transaction((tx) => raiseAlerts(tx, alerts));
    drifted += alerts.length;
    const last = rows.at(-1);
    if (last === undefined || rows.length < WORKFLOWS_AT_ONCE) break;
    after = [last.project_id, last.id];
  }
  return drifted;
}
