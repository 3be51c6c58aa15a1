import { type Caller, requireScope } from "@/lib/auth/caller";
import { pool } from "@/lib/db/pool";
import type { ApprovalStats } from "./schema";

const TOOK = "extract(epoch FROM decided_at - created_at)::float8";
const BY_PERSON = "decided_by <> 'timeout' AND status IN ('approved', 'denied')";
const percentile = (share: number, only: string): string =>
  `percentile_cont(${share}) WITHIN GROUP (ORDER BY ${TOOK}) FILTER (WHERE ${only})`;
const SINCE = "project_id = $1 AND decided_at >= now() - make_interval(days => $2)";

const TOTALS = `
  SELECT $2::int AS days,
         (SELECT count(*)::int FROM approvals WHERE project_id = $1 AND created_at >= now() - make_interval(days => $2)) AS requested,
         count(*) FILTER (WHERE status = 'approved')::int AS approved,
         count(*) FILTER (WHERE status = 'denied')::int AS denied,
         count(*) FILTER (WHERE decided_by = 'timeout')::int AS timed_out,
         count(*) FILTER (WHERE status = 'cancelled')::int AS cancelled,
         ${percentile(0.5, BY_PERSON)} AS median_seconds,
         ${percentile(0.95, BY_PERSON)} AS p95_seconds
    FROM approvals WHERE ${SINCE}`;

const PEOPLE = `
  SELECT max(decider_name) AS person, count(*)::int AS decided, count(*) FILTER (WHERE status = 'approved')::int AS approved,
         percentile_cont(0.5) WITHIN GROUP (ORDER BY ${TOOK}) AS median_seconds
    FROM approvals WHERE ${SINCE} AND ${BY_PERSON}
   GROUP BY decided_by ORDER BY decided DESC, person LIMIT 20`;

type Totals = Omit<ApprovalStats, "by_person">;

/** How fast approvals of the caller's project were decided within the last `days`, by people and keys; time is told apart. */
export async function getApprovalStats(caller: Caller, { days }: { days: number }): Promise<ApprovalStats> {
  requireScope(caller, "read");
  const values = [caller.projectId, days];
  const [totals, people] = await Promise.all([
    pool().query<Totals>(TOTALS, values),
    pool().query<ApprovalStats["by_person"][number]>(PEOPLE, values),
  ]);
  const [row] = totals.rows;
  if (row === undefined) throw new Error("an aggregate without groups gave no row");
  return { ...row, by_person: people.rows };
}
