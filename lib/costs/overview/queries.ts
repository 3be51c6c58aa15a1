import { type Caller, requireScope } from "@/lib/auth/caller";
import { notFound } from "@/lib/core/errors";
import { type Db, pool } from "@/lib/db/pool";
import type { CostOverview, OverviewQuery } from "./schema";
import { daysNeeded, type Sums, toOverview } from "./shape";
import { CALENDAR, INSTANCES, NAMES, overviewOf } from "./statements";

/** The day it is in the time zone of a project, as `YYYY-MM-DD`. */
export type Calendar = { today: string; timeZone: string };

/** The calendar of a project, by the clock of the database. Throws `not_found`. */
export async function loadCalendar(db: Db, projectId: string): Promise<Calendar> {
  const { rows } = await db.query<{ today: string; time_zone: string }>({
    name: "cost-calendar",
    text: CALENDAR,
    values: [projectId],
  });
  const [row] = rows;
  if (row === undefined) throw notFound("project");
  return { today: row.today, timeZone: row.time_zone };
}

/** Sums as the database gives them. */
export type SumRow = {
  key: string | null;
  steps: number;
  cost: number;
  input: number | null;
  output: number | null;
  unpriced: number | null;
};

const toSums = ({ steps, cost, input, output, unpriced }: SumRow): Sums => ({
  steps,
  costMicros: cost,
  inputTokens: input,
  outputTokens: output,
  unpriced,
});

type Row = SumRow & { of: "day" | "group" | "cell"; day: string | null };

const rowsOf = (rows: readonly Row[], of: Row["of"]) =>
  rows.filter((row) => row.of === of).map((row) => ({ day: row.day ?? "", key: row.key, ...toSums(row) }));

/** What workflows are called, by id. */
export async function loadNames(db: Db, projectId: string, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<{ id: string; name: string }>(NAMES, [projectId, ids]);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** What the caller's project costs, from sums that are kept: no step is looked at. */
export async function getCostOverview(
  caller: Caller,
  { days, by }: OverviewQuery,
  db: Db = pool(),
): Promise<CostOverview> {
  requireScope(caller, "read");
  const { projectId } = caller;
  const calendar = await loadCalendar(db, projectId);
  const period = [projectId, calendar.today, days];
  const [sums, begun] = await Promise.all([
    db.query<Row>({ name: `cost-overview-${by}`, text: overviewOf(by), values: [...period, daysNeeded(days)] }),
    db.query<{ n: number }>({ name: "cost-instances", text: INSTANCES, values: period }),
  ]);
  const groups = rowsOf(sums.rows, "group");
  const ids = by === "workflow" ? groups.flatMap(({ key }) => key ?? []) : [];
  return toOverview({
    ...calendar,
    by,
    periodDays: days,
    daily: rowsOf(sums.rows, "day").map((row) => ({ ...row, unpriced: row.unpriced ?? 0 })),
    groups,
    cells: rowsOf(sums.rows, "cell"),
    instances: begun.rows[0]?.n ?? 0,
    names: await loadNames(db, projectId, ids),
  });
}
