import { type Db, pool } from "@/lib/db/pool";

const STEPS_AT_ONCE = 5000;
const INSTANCES_AT_ONCE = 500;

type Place = { projectId: string; workflowId: string };

/** Steps first: with the instance, the trigger would remove all of them in one statement. */
const REMOVE_STEPS = `DELETE FROM stage_executions WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM stage_executions WHERE project_id = $1 AND instance_id = ANY ($2) LIMIT ${STEPS_AT_ONCE}))`;
const REMOVE_INSTANCES = "DELETE FROM instances WHERE project_id = $1 AND id = ANY ($2)";

/** Removes instances that nothing moves any more, with their steps, in small statements; false when the time is over. */
async function remove(projectId: string, ids: string[], deadline: number): Promise<number | null> {
  let removed = 0;
  for (let last = STEPS_AT_ONCE; last === STEPS_AT_ONCE; removed += last) {
    if (performance.now() > deadline) return null;
    last = (await pool().query(REMOVE_STEPS, [projectId, ids])).rowCount ?? 0;
  }
  return removed + ((await pool().query(REMOVE_INSTANCES, [projectId, ids])).rowCount ?? 0);
}

/**
 * Removes the ended instances of a workflow that `isOld` is true of, the oldest first, in small statements and without
 * locking the workflow. `deadline` is a `performance.now()` value. Returns how many rows it removed.
 */
export async function removeEnded(
  { projectId, workflowId }: Place,
  { isOld, deadline }: { isOld: string; deadline: number },
): Promise<number> {
  let removed = 0;
  for (;;) {
    const ids = await nextEnded(pool(), { projectId, workflowId }, isOld);
    const last = ids.length === 0 ? null : await remove(projectId, ids, deadline);
    removed += last ?? 0;
    if (last === null || ids.length < INSTANCES_AT_ONCE) return removed;
  }
}

async function nextEnded(db: Db, { projectId, workflowId }: Place, isOld: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT id FROM instances WHERE project_id = $1 AND workflow_id = $2 AND ended_at IS NOT NULL AND ${isOld}
      ORDER BY started_at, seq LIMIT ${INSTANCES_AT_ONCE}`,
    [projectId, workflowId],
  );
  return rows.map((row) => row.id);
}
