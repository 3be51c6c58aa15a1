import { listAlerts } from "@/lib/alerts/queries";
import type { Alert } from "@/lib/alerts/schema";
import { listSoonest } from "@/lib/approvals/page-queries";
import type { ApprovalRow } from "@/lib/approvals/schema";
import { type Caller, requireScope } from "@/lib/auth/caller";
import { type CheckSummary, loadSummaries } from "@/lib/checks/list/summary";
import { LATE_AT } from "@/lib/checks/store/view";
import { pool } from "@/lib/db/pool";
import {
  type FailedInstance,
  type FailingWorkflow,
  listFailedInstances,
  listFailing,
  WORKFLOW_COUNTS,
} from "@/lib/workflows/list/failing";

/** `now` is the database's clock in epoch milliseconds. */
export type Counts = {
  checks: number;
  down: number;
  workflows: number;
  failing: number;
  openAlerts: number;
  /** That wait for a decision. */
  approvals: number;
  now: number;
};

/** How many checks there are and are down, how many workflows there are and fail, and how many alerts wait for somebody. */
export async function countProject(caller: Caller): Promise<Counts> {
  requireScope(caller, "read");
  const found = await pool().query<Counts>({
    name: "count-project",
    text: `SELECT (SELECT count(*)::int FROM checks WHERE project_id = $1) AS checks,
                  (SELECT count(*)::int FROM checks WHERE project_id = $1 AND status = 'down') AS down,
                  ${WORKFLOW_COUNTS},
                  (SELECT count(*)::int FROM alerts
                    WHERE project_id = $1 AND resolved_at IS NULL AND acknowledged_at IS NULL) AS "openAlerts",
                  (SELECT count(*)::int FROM approvals WHERE project_id = $1 AND due_at IS NOT NULL) AS approvals,
                  (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now`,
    values: [caller.projectId],
  });
  const [counts] = found.rows;
  if (counts === undefined) throw new Error("a SELECT without FROM gave no row");
  return { ...counts, now: Math.round(counts.now) };
}

/** The database's clock in epoch milliseconds, for pages outside of a project. */
export async function databaseTime(): Promise<number> {
  const found = await pool().query<{ now: Date }>("SELECT clock_timestamp() AS now");
  return found.rows[0]?.now.getTime() ?? Number.NaN;
}

export type Overview = {
  /** The approvals that wait, those that run out of time first. */
  waiting: ApprovalRow[];
  /** Down, late or not finished in time, the longest first. */
  attention: CheckSummary[];
  /** What is expected next, the soonest first. */
  upcoming: CheckSummary[];
  /** The newest alerts. */
  recent: Alert[];
  /** Workflows of which the last run did not complete, and the newest such runs. */
  failing: FailingWorkflow[];
  failed: FailedInstance[];
};

const SHOWN = 20;
const NEXT = 8;

const NEEDS_SOMEBODY = `
  SELECT id FROM checks
   WHERE project_id = $1 AND (status = 'down' OR (status = 'up' AND ${LATE_AT} <= now()))
   ORDER BY status = 'down' DESC, status_since LIMIT ${SHOWN}`;
const EXPECTED_NEXT = `
  SELECT id FROM checks
   WHERE project_id = $1 AND status = 'up' AND ${LATE_AT} > now()
   ORDER BY ${LATE_AT} LIMIT ${NEXT}`;

const soonest = (a: CheckSummary, b: CheckSummary): number =>
  String(a.next_expected_at).localeCompare(String(b.next_expected_at));
const downFirst = (a: CheckSummary, b: CheckSummary): number =>
  Number(b.status === "down") - Number(a.status === "down");

/** What needs somebody now, what comes up, and what happened of late. */
export async function getOverview(caller: Caller): Promise<Overview> {
  requireScope(caller, "read");
  const load = (ids: string) => loadSummaries(pool(), { where: `id IN (${ids})`, values: [caller.projectId] });
  const [waiting, attention, upcoming, recent, failing, failed] = await Promise.all([
    listSoonest(caller),
    load(NEEDS_SOMEBODY),
    load(EXPECTED_NEXT),
    listAlerts(caller, { limit: NEXT }),
    listFailing(caller),
    listFailedInstances(caller),
  ]);
  return {
    waiting,
    attention: attention.filter(({ status }) => status !== "up" && status !== "running").toSorted(downFirst),
    upcoming: upcoming.toSorted(soonest),
    recent: recent.items,
    failing,
    failed,
  };
}
