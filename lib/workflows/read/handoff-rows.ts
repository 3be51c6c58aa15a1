import type { Db } from "@/lib/db/pool";
import type { HandoffPair } from "@/lib/workflows/schema";

const MAX_PAIRS = 200;
const MAX_REASONS = 5;

type Row = {
  from_agent: string;
  to_agent: string;
  count: number;
  average_gap_ms: number;
  max_gap_ms: number;
  last_at: Date;
  reasons: HandoffPair["reasons"];
};

/** Counted by reason first, so that what is ranked and joined is no longer every hand-off. */
const STATEMENT = `
  WITH counted AS (
    SELECT from_agent, to_agent, reason, count(*) AS n, sum(gap_ms)::float8 AS gap, max(gap_ms) AS longest, max(at) AS last_at
      FROM handoffs WHERE project_id = $1 AND workflow_id = $2 AND at >= now() - $3 * interval '1 day'
     GROUP BY from_agent, to_agent, reason),
  pairs AS (
    SELECT from_agent, to_agent, sum(n)::float8 AS count, sum(gap)::float8 AS gap, max(longest) AS longest, max(last_at) AS last_at
      FROM counted GROUP BY from_agent, to_agent ORDER BY count DESC, from_agent, to_agent LIMIT ${MAX_PAIRS}),
  ranked AS (
    SELECT from_agent, to_agent, reason, n, row_number() OVER (PARTITION BY from_agent, to_agent ORDER BY n DESC, reason) AS rank
      FROM counted WHERE reason IS NOT NULL)
  SELECT from_agent, to_agent, p.count, round(p.gap / p.count) AS average_gap_ms, p.longest AS max_gap_ms, p.last_at,
         coalesce(jsonb_agg(jsonb_build_object('reason', r.reason, 'count', r.n) ORDER BY r.rank)
                    FILTER (WHERE r.rank IS NOT NULL), '[]') AS reasons
    FROM pairs p LEFT JOIN (SELECT * FROM ranked WHERE rank <= ${MAX_REASONS}) r USING (from_agent, to_agent)
   GROUP BY from_agent, to_agent, p.count, p.gap, p.longest, p.last_at
   ORDER BY p.count DESC, from_agent, to_agent`;

/** Who handed to whom in a workflow within so many days, the most frequent pairs first. */
export async function loadHandoffs(
  db: Db,
  { projectId, workflowId, days }: { projectId: string; workflowId: string; days: number },
): Promise<HandoffPair[]> {
  const { rows } = await db.query<Row>(STATEMENT, [projectId, workflowId, days]);
  return rows.map((row) => ({ ...row, last_at: row.last_at.toISOString() }));
}
