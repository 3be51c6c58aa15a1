import type { Caller } from "@/lib/auth/caller";
import { notFound } from "@/lib/core/errors";
import { dollars } from "@/lib/core/money";
import { readState } from "@/lib/costs/breaker-state";
import { readBudget } from "@/lib/costs/read-budget";
import { limitFor } from "@/lib/costs/reservation";
import { pool } from "@/lib/db/pool";
import { requireInstance } from "@/lib/workflows/read/own";
import { pauseWords } from "./pause-words";

/** What the pages of an instance say of its costs. Dollars. */
export type InstanceCosts = {
  /** With what was copied. */
  totalUsd: number;
  copiedUsd: number;
  /** What it may cost of its own as it stands, raised or lifted; null without a limit. */
  limitUsd: number | null;
  /** Steps of models without a price, or that name none: what they cost is in no sum. */
  unpricedSteps: number;
  /** Whether somebody said that what it cost was expected. */
  isExpected: boolean;
  /** Why it is paused; null when no limit keeps it so. */
  paused: string | null;
};

type Row = {
  cost: number;
  copied: number;
  is_expected: boolean;
  breakers: unknown;
  budget: unknown;
  unpriced: number;
};

/** What an instance costs, may cost, and whether that keeps it paused. Throws `not_found` and `forbidden`. */
export async function getInstanceCosts(caller: Caller, id: string): Promise<InstanceCosts> {
  await requireInstance(caller, id, pool());
  const { rows } = await pool().query<Row>({
    name: "instance-costs",
    text: `SELECT i.cost_micros AS cost, i.copied_cost_micros AS copied, i.is_expected, i.breakers, w.budget,
                  (SELECT count(*)::int FROM stage_executions s
                    WHERE s.project_id = $1 AND s.instance_id = $2 AND s.cost_micros IS NULL
                      AND (s.input_tokens IS NOT NULL OR s.output_tokens IS NOT NULL)) AS unpriced
             FROM instances i JOIN workflows w ON w.project_id = i.project_id AND w.id = i.workflow_id
            WHERE i.project_id = $1 AND i.id = $2`,
    values: [caller.projectId, id],
  });
  const [row] = rows;
  if (row === undefined) throw notFound("instance");
  const budget = readBudget(row.budget);
  const state = readState(row.breakers);
  // The limit of one instance is of no day.
  const limit = limitFor("budget_exceeded", { budget, state, day: "" });
  return {
    totalUsd: dollars(row.cost),
    copiedUsd: dollars(row.copied),
    limitUsd: limit === null ? null : dollars(limit),
    unpricedSteps: row.unpriced,
    isExpected: row.is_expected,
    paused: pauseWords(state, budget),
  };
}

/** Where the limit lies among all it cost, what was copied included, which does not count; null without a limit. */
export const limitLine = ({ limitUsd, copiedUsd }: InstanceCosts): number | null =>
  limitUsd === null ? null : limitUsd + copiedUsd;
