import type { CostGrouping } from "./schema";
import { MAX_GROUPS, MAX_PARTS } from "./shape";

const COLUMN: Record<CostGrouping, string> = { workflow: "workflow_id", model: "model_id", agent: "agent", tag: "tag" };

const ROLLUP_SUMS = "sum(input_tokens) AS input, sum(output_tokens) AS output, sum(n_unpriced) AS unpriced";
/** Tags are kept without them. */
const TAG_SUMS = "NULL::numeric AS input, NULL::numeric AS output, NULL::numeric AS unpriced";

/**
 * Each group on each day with costs of a project ($1): of so many days ($3) up to one ($2). Served by the index of days,
 * from what is kept with each step.
 */
export const cellsOf = (by: CostGrouping): string =>
  `SELECT day, ${COLUMN[by]} AS key, sum(n_steps) AS steps, sum(cost_micros) AS cost, ${by === "tag" ? TAG_SUMS : ROLLUP_SUMS}
     FROM ${by === "tag" ? "cost_tags" : "cost_rollups"}
    WHERE project_id = $1 AND day > $2::date - $3::int AND day <= $2::date
    GROUP BY 1, 2`;

const DAY = "to_char(day, 'YYYY-MM-DD')";

/** Sums of sums as the driver gives numbers. */
const SUMS =
  "sum(steps)::int8 AS steps, sum(cost)::int8 AS cost, sum(input)::int8 AS input, sum(output)::int8 AS output, sum(unpriced)::int8 AS unpriced";

/**
 * Everything that is added up, in one statement, so that all of it is of one moment: each day of the last $4, the groups of
 * the last $3, dearest first, and these by day. What comes behind the dearest is one, without a key.
 */
export const overviewOf = (by: CostGrouping): string => `
  WITH cells AS MATERIALIZED (${cellsOf(by)}),
       ranked AS MATERIALIZED (
         SELECT key, row_number() OVER (ORDER BY sum(cost) DESC, sum(steps) DESC, key) AS rank FROM cells GROUP BY key)
  SELECT 'day' AS of, ${DAY} AS day, NULL AS key, 0 AS rank, sum(n_steps)::int8 AS steps, sum(cost_micros)::int8 AS cost,
         NULL::int8 AS input, NULL::int8 AS output, sum(n_unpriced)::int8 AS unpriced
    FROM cost_rollups WHERE project_id = $1 AND day > $2::date - $4::int AND day <= $2::date GROUP BY day
   UNION ALL
  SELECT 'group', NULL, CASE WHEN rank <= ${MAX_GROUPS} THEN key END, least(rank, ${MAX_GROUPS + 1})::int, ${SUMS}
    FROM cells JOIN ranked USING (key) GROUP BY 3, 4
   UNION ALL
  SELECT 'cell', ${DAY}, CASE WHEN rank <= ${MAX_PARTS} THEN key END, least(rank, ${MAX_PARTS + 1})::int, ${SUMS}
    FROM cells JOIN ranked USING (key) GROUP BY 2, 3, 4
   ORDER BY of, day, rank`;

/** Each group on each day, as a file has them. */
export const linesOf = (by: CostGrouping): string =>
  `SELECT ${DAY} AS day, key, ${SUMS} FROM (${cellsOf(by)}) AS cells GROUP BY cells.day, key ORDER BY cells.day, sum(cost) DESC, key`;

export const CALENDAR =
  "SELECT time_zone, to_char(now() AT TIME ZONE time_zone, 'YYYY-MM-DD') AS today FROM projects WHERE id = $1";

export const INSTANCES =
  "SELECT coalesce(sum(n_instances), 0)::int8 AS n FROM cost_days WHERE project_id = $1 AND day > $2::date - $3::int AND day <= $2::date";

export const NAMES = "SELECT id, name FROM workflows WHERE project_id = $1 AND id = ANY ($2)";
