import { type Caller, requireScope } from "@/lib/auth/caller";
import { CSV_TYPE, csvCell } from "@/lib/core/csv";
import { dollars } from "@/lib/core/money";
import { dayBefore } from "@/lib/costs/forecast";
import { type Db, pool } from "@/lib/db/pool";
import { type Calendar, loadCalendar, loadNames, type SumRow } from "./queries";
import type { CostGrouping, OverviewQuery } from "./schema";
import { groupName } from "./shape";
import { linesOf } from "./statements";

/** Days that are read at once; what a download holds in memory. */
const PAGE_DAYS = 7;

const HEAD = "day,group,steps,input_tokens,output_tokens,unpriced_steps,cost_usd,name\r\n";

type Line = SumRow & { day: string; key: string };

/** What one group cost on one day. Sums that are not kept by tag are empty. */
function costLine({ day, key, ...sums }: Line, name: string): string {
  const numbers = [sums.steps, sums.input, sums.output, sums.unpriced, dollars(sums.cost)].map((value) => value ?? "");
  return `${day},${csvCell(key)},${numbers.join(",")},${csvCell(name)}\r\n`;
}

type Wanted = OverviewQuery & { projectId: string; today: string };

/** The lines of so many days up to `today`. */
async function linesUpTo(db: Db, { projectId, by, today, days }: Wanted): Promise<string> {
  const { rows } = await db.query<Line>(linesOf(by), [projectId, today, days]);
  const ids = by === "workflow" ? [...new Set(rows.map(({ key }) => key))] : [];
  const names = await loadNames(db, projectId, ids);
  return rows.map((row) => costLine(row, groupName(row.key, by, names))).join("");
}

/** The text of the file, oldest day first, some days at a time; no connection is held between two pieces. */
async function* costPieces(db: Db, wanted: Wanted): AsyncGenerator<string> {
  yield HEAD;
  for (let left = wanted.days; left > 0; left -= PAGE_DAYS) {
    const days = Math.min(PAGE_DAYS, left);
    const text = await linesUpTo(db, { ...wanted, days, today: dayBefore(wanted.today, left - days) });
    if (text !== "") yield text;
  }
}

/** What a file of costs is called: `costs-by-model-2026-01-01-to-2026-01-30.csv`. */
const fileName = (by: CostGrouping, { today }: Calendar, days: number): string =>
  `costs-by-${by}-${dayBefore(today, days - 1)}-to-${today}.csv`;

/** What the caller's project cost by day and group, all of them, as CSV. */
export async function exportCosts(
  caller: Caller,
  { days, by }: OverviewQuery,
  db: Db = pool(),
): Promise<{ type: string; name: string; pieces: AsyncGenerator<string> }> {
  requireScope(caller, "read");
  const { projectId } = caller;
  const calendar = await loadCalendar(db, projectId);
  const wanted = { projectId, days, by, today: calendar.today };
  return { type: CSV_TYPE, name: fileName(by, calendar, days), pieces: costPieces(db, wanted) };
}
