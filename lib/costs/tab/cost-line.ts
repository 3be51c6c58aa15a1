import type { Caller } from "@/lib/auth/caller";
import { dollars } from "@/lib/core/money";
import { pool } from "@/lib/db/pool";
import type { CostPoint } from "@/lib/replay/page/cost-points";
import { requireInstance } from "@/lib/workflows/read/own";

/** More would be drawn over each other. */
const MAX_POINTS = 500;

/** How an instance came to what it costs, by its steps; empty where fewer than two have cost anything. */
export type CostLine = { points: CostPoint[]; steps: number };

type Row = { step: number; micros: number; steps: number };

// Of many steps those of a stretch are one point, at its last.
const LINE = `
  SELECT max(s.ordinal) AS step, sum(s.cost_micros)::int8 AS micros, i.n_steps AS steps
    FROM instances i
    JOIN stage_executions s ON s.project_id = i.project_id AND s.instance_id = i.id AND s.cost_micros > 0
   WHERE i.project_id = $1 AND i.id = $2
   GROUP BY s.ordinal::int8 * ${MAX_POINTS} / greatest(i.n_steps, ${MAX_POINTS}), i.n_steps ORDER BY 1`;

/** What an instance had cost at its steps, what was copied included, in at most 500 points. Throws `not_found` and `forbidden`. */
export async function getCostLine(caller: Caller, id: string): Promise<CostLine> {
  await requireInstance(caller, id, pool());
  const { rows } = await pool().query<Row>({ name: "cost-line", text: LINE, values: [caller.projectId, id] });
  let micros = 0;
  const points = rows.map((row) => {
    micros += row.micros;
    return { step: row.step, at: row.step + 1, usd: dollars(micros) };
  });
  return { points: points.length < 2 ? [] : points, steps: rows[0]?.steps ?? 0 };
}
