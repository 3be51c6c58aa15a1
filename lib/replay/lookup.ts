import type { Caller } from "@/lib/auth/caller";
import { isObject } from "@/lib/core/json-object";
import { pool } from "@/lib/db/pool";
import { requireInstance } from "@/lib/workflows/read/own";
import type { Lookup, Recorded } from "./schema";

type Row = { step: number; payload: unknown; at: Date; copied: boolean };

/** What came of a step: the `output` of its payload, or all of it where nothing is called so. */
function outputOf(payload: unknown): unknown {
  return isObject(payload) && "output" in payload ? payload["output"] : payload;
}

/**
 * Whether an instance of the caller's project has recorded a stage that succeeded, with this hash of its input in its payload
 * as `input_hash`, and what came of it: the newest, with what was changed by a fork. Throws `not_found` and `forbidden`.
 */
export async function lookUpStage(
  caller: Caller,
  id: string,
  { stage_path: path, input_hash: hash }: Lookup,
): Promise<Recorded> {
  await requireInstance(caller, id, pool());
  const { rows } = await pool().query<Row>({
    name: hash === undefined ? "newest-of-stage" : "recorded-stage",
    text: `SELECT ordinal AS step, payload, at,
                  ordinal < (SELECT n_copied FROM instances WHERE project_id = $1 AND id = $2) AS copied
             FROM stage_executions
            WHERE project_id = $1 AND instance_id = $2 AND path = $3 AND status = 'success'
              ${hash === undefined ? "" : "AND left(payload ->> 'input_hash', 200) = $4 AND payload ->> 'input_hash' = $4"}
            ORDER BY ordinal DESC LIMIT 1`,
    values: [caller.projectId, id, path, ...(hash === undefined ? [] : [hash])],
  });
  const [found] = rows;
  if (found === undefined) return { result: "miss" };
  const { step, payload, at, copied } = found;
  return { result: "hit", step, output: outputOf(payload), payload, copied, recorded_at: at.toISOString() };
}
