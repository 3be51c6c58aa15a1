import { pool } from "@/lib/db/pool";
import { removeEnded } from "@/lib/workflows/store/remove";

/** How long history of a workflow is kept, and how many instances at least; of refused signals how many at most. */
const KEPT_DAYS = 93;
const KEPT_INSTANCES = 1000;
const KEPT_REJECTED = 1000;
const WORKFLOWS_AT_ONCE = 500;
const ROWS_AT_ONCE = 5000;

const NIL = "00000000-0000-0000-0000-000000000000";

type Visited = { project_id: string; id: string; n_instances: number };

/**
 * Removes of each workflow the refused signals beyond the newest 1,000, hand-offs older than 93 days, and ended instances
 * that are both older and not among the newest 1,000, in small statements outside of any request. Walks the workflows in
 * the order of their names from where the last call stopped. `deadline` is a `performance.now()` value. Returns how many
 * rows it removed, but for steps that went with their instances.
 */
export async function pruneWorkflows(deadline: number): Promise<number> {
  if (performance.now() > deadline) return 0;
  const { visited, cursor } = await nextWorkflows();
  let removed = 0;
  let at = cursor.before;
  for (const workflow of visited) {
    if (performance.now() > deadline) return stop(at, removed);
    removed += await pruneWorkflow(workflow, deadline);
    at = `${workflow.project_id}/${workflow.id}`;
  }
  return stop(cursor.after, removed);
}

async function stop(cursor: string | null, removed: number): Promise<number> {
  await pool().query("UPDATE system_state SET workflow_cursor = $1 WHERE id = 1", [cursor]);
  return removed;
}

async function nextWorkflows() {
  const state = await pool().query<{ cursor: string | null }>(
    "SELECT workflow_cursor AS cursor FROM system_state WHERE id = 1",
  );
  const before = state.rows[0]?.cursor ?? null;
  const [projectId = NIL, id = ""] = before?.split("/") ?? [];
  const { rows } = await pool().query<Visited>(
    `SELECT project_id, id, n_instances FROM workflows
      WHERE (project_id, id) > ($1::uuid, $2) ORDER BY project_id, id LIMIT ${WORKFLOWS_AT_ONCE}`,
    [projectId, id],
  );
  const last = rows.length < WORKFLOWS_AT_ONCE ? undefined : rows.at(-1);
  return { visited: rows, cursor: { before, after: last === undefined ? null : `${last.project_id}/${last.id}` } };
}

/** An array and not IN: while nothing is known of a young table, a join would read what is to go for every row. */
const removal = (table: string, isOld: string): string =>
  `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
     SELECT ctid FROM ${table} WHERE project_id = $1 AND workflow_id = $2 AND ${isOld} LIMIT ${ROWS_AT_ONCE}))`;

const REMOVALS = [
  removal(
    "rejected_pings",
    `id <= (SELECT id FROM rejected_pings WHERE project_id = $1 AND workflow_id = $2 ORDER BY id DESC OFFSET ${KEPT_REJECTED} LIMIT 1)`,
  ),
  removal("handoffs", `at < now() - interval '${KEPT_DAYS} days'`),
];

async function pruneWorkflow({ project_id, id, n_instances }: Visited, deadline: number): Promise<number> {
  let removed = 0;
  for (const statement of REMOVALS) {
    for (let last = ROWS_AT_ONCE; last === ROWS_AT_ONCE; removed += last) {
      if (performance.now() > deadline) return removed;
      last = (await pool().query(statement, [project_id, id])).rowCount ?? 0;
    }
  }
  const through = n_instances - KEPT_INSTANCES;
  if (through <= 0) return removed;
  const isOld = `seq <= ${through} AND started_at < now() - interval '${KEPT_DAYS} days' AND ended_at < now() - interval '${KEPT_DAYS} days'`;
  return removed + (await removeEnded({ projectId: project_id, workflowId: id }, { isOld, deadline }));
}
