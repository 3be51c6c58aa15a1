import { type Caller, requireScope } from "@/lib/auth/caller";
import { pool } from "@/lib/db/pool";
import type { Standing } from "@/lib/workflows/present";
import { LAST_ENDED, loadStandings } from "@/lib/workflows/read/standings";
import type { InstanceStatus } from "@/lib/workflows/schema";

const SHOWN = 20;
const NEWEST = 8;

const FAILING = `workflows w CROSS JOIN LATERAL (${LAST_ENDED}) e WHERE w.project_id = $1 AND e.status <> 'completed'`;

/** How many workflows there are, and of how many the last run did not complete; `$1` is the project. */
export const WORKFLOW_COUNTS = `
  (SELECT count(*)::int FROM workflows WHERE project_id = $1) AS workflows,
  (SELECT count(*)::int FROM ${FAILING}) AS failing`;

export const NEWEST_FAILING = `SELECT w.id, w.name FROM ${FAILING} ORDER BY e.ended_at DESC, w.id LIMIT ${SHOWN}`;

/** A workflow of which the last run did not complete, and how it stands. */
export type FailingWorkflow = { id: string; name: string; standing: Standing };

/** The workflows of the caller's project of which the last run did not complete, the newest failure first; at most 20. */
export async function listFailing(caller: Caller): Promise<FailingWorkflow[]> {
  requireScope(caller, "read");
  const { rows } = await pool().query<{ id: string; name: string }>(NEWEST_FAILING, [caller.projectId]);
  const standings = await loadStandings(
    pool(),
    caller.projectId,
    rows.map(({ id }) => id),
  );
  return rows.flatMap(({ id, name }) => {
    const standing = standings.get(id);
    return standing === undefined ? [] : [{ id, name, standing }];
  });
}

export const FAILED_INSTANCES = `
  SELECT i.id, w.id AS workflow_id, w.name AS workflow_name, i.status, i.failure_reason, i.ended_at
    FROM workflows w CROSS JOIN unnest('{failed,terminated}'::instance_status[]) AS s (status)
   CROSS JOIN LATERAL (SELECT id, status, failure_reason, ended_at FROM instances
                        WHERE project_id = w.project_id AND workflow_id = w.id AND status = s.status
                        ORDER BY started_at DESC, seq DESC LIMIT ${NEWEST}) i
   WHERE w.project_id = $1 ORDER BY i.ended_at DESC, i.id LIMIT ${NEWEST}`;

export type FailedInstance = {
  id: string;
  workflow_id: string;
  workflow_name: string;
  status: InstanceStatus;
  failure_reason: string | null;
  ended_at: string;
};

/** The instances of the caller's project that did not complete, newest first by their end; at most 8. */
export async function listFailedInstances(caller: Caller): Promise<FailedInstance[]> {
  requireScope(caller, "read");
  const { rows } = await pool().query<Omit<FailedInstance, "ended_at"> & { ended_at: Date }>(FAILED_INSTANCES, [
    caller.projectId,
  ]);
  return rows.map(({ ended_at, ...instance }) => ({ ...instance, ended_at: ended_at.toISOString() }));
}
