import type { Caller } from "@/lib/auth/caller";
import { notFound } from "@/lib/core/errors";
import { dollars } from "@/lib/core/money";
import { type DayCost, monthEnd } from "@/lib/costs/forecast";
import { getBudget, getCostSummary } from "@/lib/costs/queries";
import type { BudgetView } from "@/lib/costs/schema";
import type { CostSummary } from "@/lib/costs/view-schema";
import { type Db, pool } from "@/lib/db/pool";
import { type DayModels, dayModels, daysUntil, type ModelDay } from "./day-models";

/** What the tab of costs shows of a workflow beside its alerts. Dollars. */
export type CostTab = {
  /** Today by the calendar of the project. */
  today: string;
  /** Of the last 30 days. */
  summary: CostSummary;
  weekUsd: number;
  /** What this month will have cost at its end; null while too little is known. */
  forecastUsd: number | null;
  chart: DayModels;
  budget: BudgetView;
};

const WEEK = 7;
const MONTH = 30;
/** What a forecast looks at: the month so far, and 14 days before today. */
const FORECAST_DAYS = 45;

// One row at least, for the day that it is.
const DAYS = `
  SELECT to_char(t.today, 'YYYY-MM-DD') AS today, to_char(r.day, 'YYYY-MM-DD') AS day, r.model_id AS model, r.cost
    FROM (SELECT id, (now() AT TIME ZONE time_zone)::date AS today FROM projects WHERE id = $1) AS t
    LEFT JOIN LATERAL (SELECT day, model_id, sum(cost_micros)::int8 AS cost FROM cost_rollups
                        WHERE project_id = t.id AND workflow_id = $2 AND day > t.today - $3::int GROUP BY day, model_id) AS r ON true`;

type Row = { today: string; day: string | null; model: string; cost: number };

async function loadDays(db: Db, place: [project: string, workflow: string], days: number) {
  const { rows } = await db.query<Row>({ name: "cost-tab-days", text: DAYS, values: [...place, days] });
  const [first] = rows;
  if (first === undefined) throw notFound("workflow");
  const found = rows.flatMap(({ day, model, cost }): ModelDay[] =>
    day === null ? [] : [{ day, model, costMicros: cost }],
  );
  return { today: first.today, rows: found };
}

function daily(rows: readonly ModelDay[]): DayCost[] {
  const sums = new Map<string, number>();
  for (const { day, costMicros } of rows) sums.set(day, (sums.get(day) ?? 0) + costMicros);
  return [...sums].map(([day, costMicros]) => ({ day, costMicros }));
}

/** The costs of a workflow, with a chart of so many days. Throws `not_found` and `forbidden`. */
export async function getCostTab(caller: Caller, workflowId: string, { days }: { days: number }): Promise<CostTab> {
  const place: [string, string] = [caller.projectId, workflowId];
  // The first of these refuses whoever may not look.
  const [summary, budget] = await Promise.all([
    getCostSummary(caller, workflowId, { days: MONTH }),
    getBudget(caller, workflowId),
  ]);
  const { today, rows } = await loadDays(pool(), place, Math.max(days, FORECAST_DAYS));
  const sums = daily(rows);
  const week = new Set(daysUntil(today, WEEK));
  const forecast = monthEnd(sums, today);
  return {
    today,
    summary,
    weekUsd: dollars(sums.filter(({ day }) => week.has(day)).reduce((sum, { costMicros }) => sum + costMicros, 0)),
    forecastUsd: forecast === null ? null : dollars(forecast),
    chart: dayModels(rows, daysUntil(today, days)),
    budget,
  };
}
