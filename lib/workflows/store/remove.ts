import { pool } from "@/lib/db/pool";

const STEPS_AT_ONCE = 20_000;
const INSTANCES_AT_ONCE = 500;

type Place = { projectId: string; workflowId: string };
type Ended = { id: string; n_steps: number };

/** Instances whose steps one statement can remove; one with more stands alone. */
function portions(ended: Ended[]): Ended[][] {
  const all: Ended[][] = [];
  let steps = Number.POSITIVE_INFINITY;
  for (const one of ended) {
    if (steps + one.n_steps > STEPS_AT_ONCE) {
      all.push([]);
      steps = 0;
    }
    all.at(-1)?.push(one);
    steps += one.n_steps;
  }
  return all;
}

/** Removes the steps of one instance until few are left. By their number: what was removed is not read again. */
async function removeSteps(projectId: string, { id, n_steps }: Ended, deadline: number): Promise<number> {
  let removed = 0;
  for (let from = 0; from + STEPS_AT_ONCE < n_steps && performance.now() <= deadline; from += STEPS_AT_ONCE) {
    const gone = await pool().query(
      "DELETE FROM stage_executions WHERE project_id = $1 AND instance_id = $2 AND ordinal >= $3 AND ordinal < $4",
      [projectId, id, from, from + STEPS_AT_ONCE],
    );
    removed += gone.rowCount ?? 0;
  }
  return removed;
}

/** Removes these instances and, by a trigger, their steps, of which one that stands alone may have many. */
async function removePortion(projectId: string, portion: Ended[], deadline: number): Promise<number> {
  let removed = 0;
  for (const one of portion) removed += await removeSteps(projectId, one, deadline);
  if (performance.now() > deadline) return removed;
  const ids = portion.map(({ id }) => id);
  const gone = await pool().query("DELETE FROM instances WHERE project_id = $1 AND id = ANY ($2)", [projectId, ids]);
  return removed + (gone.rowCount ?? 0);
}

/**
 * Removes the ended instances of a workflow that `isOld` is true of, the oldest first, with their steps, in statements of
 * at most 20,000 steps and without locking the workflow: nothing moves them any more. `deadline` is a
 * `performance.now()` value. Returns how many rows it removed, but for steps that went with their instances.
 */
export async function removeEnded(
  { projectId, workflowId }: Place,
  { isOld, deadline }: { isOld: string; deadline: number },
): Promise<number> {
  let removed = 0;
  for (let found = INSTANCES_AT_ONCE; found === INSTANCES_AT_ONCE && performance.now() <= deadline; ) {
    const { rows } = await pool().query<Ended>(
      `SELECT id, n_steps FROM instances WHERE project_id = $1 AND workflow_id = $2 AND ended_at IS NOT NULL AND ${isOld}
        ORDER BY started_at, seq LIMIT ${INSTANCES_AT_ONCE}`,
      [projectId, workflowId],
    );
    found = rows.length;
    for (const portion of portions(rows)) {
      if (performance.now() > deadline) return removed;
      removed += await removePortion(projectId, portion, deadline);
    }
  }
  return removed;
}
