import type { Caller } from "@/lib/auth/caller";
import { type Db, pool } from "@/lib/db/pool";
import { requireInstance } from "@/lib/workflows/read/own";
import type { AmountColumns } from "./amounts";

const STEPS_AT_ONCE = 10_000;

/** As the driver gives them without names. */
type AmountRow = [cost: number | null, input: number | null, output: number | null];

type Place = { projectId: string; id: string };

/** What steps of an instance from number `first` on cost and used. */
export async function loadAmounts(
  db: Db,
  { projectId, id }: Place,
  { first, limit }: { first: number; limit: number },
): Promise<AmountColumns> {
  const { rows } = await db.query<AmountRow>({
    rowMode: "array",
    text: `SELECT cost_micros, input_tokens, output_tokens FROM stage_executions
            WHERE project_id = $1 AND instance_id = $2 AND ordinal >= $3 ORDER BY ordinal LIMIT $4`,
    values: [projectId, id, first, limit],
  });
  return {
    first,
    cost: rows.map(([cost]) => cost),
    input: rows.map(([, input]) => input),
    output: rows.map(([, , output]) => output),
  };
}

/** What the steps of an instance after number `after` cost and used, at most 10,000. Throws `not_found` and `forbidden`. */
export async function getAmounts(caller: Caller, id: string, { after }: { after: number }): Promise<AmountColumns> {
  await requireInstance(caller, id, pool());
  return loadAmounts(pool(), { projectId: caller.projectId, id }, { first: after + 1, limit: STEPS_AT_ONCE });
}
