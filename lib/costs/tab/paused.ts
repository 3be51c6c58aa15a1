import type { Caller } from "@/lib/auth/caller";
import { readState } from "@/lib/costs/breaker-state";
import { readBudget } from "@/lib/costs/read-budget";
import { pool } from "@/lib/db/pool";
import { requireWorkflow } from "@/lib/workflows/read/own";
import { pauseWords } from "./pause-words";

/** An instance that a limit keeps paused, and why. */
export type PausedInstance = { id: string; seq: number; reason: string };

/** Of so many a page tells by themselves; those that follow show when these go on. */
const SHOWN = 50;

type Row = { id: string; seq: number; breakers: unknown; budget: unknown };

/** Instances of a workflow that limits keep paused, the oldest first. Throws `not_found` and `forbidden`. */
export async function listPausedInstances(caller: Caller, workflowId: string): Promise<PausedInstance[]> {
  await requireWorkflow(caller, workflowId, pool());
  const { rows } = await pool().query<Row>({
    name: "paused-instances",
    text: `SELECT i.id, i.seq, i.breakers, w.budget
             FROM instances i JOIN workflows w ON w.project_id = i.project_id AND w.id = i.workflow_id
            WHERE i.project_id = $1 AND i.workflow_id = $2 AND i.status = 'paused' ORDER BY i.started_at, i.seq LIMIT ${SHOWN}`,
    values: [caller.projectId, workflowId],
  });
  return rows.flatMap(({ id, seq, breakers, budget }) => {
    const reason = pauseWords(readState(breakers), readBudget(budget));
    return reason === null ? [] : [{ id, seq, reason }];
  });
}
