import { iso } from "@/lib/core/time";
import { plainArray, textArray } from "@/lib/db/columns";
import type { Db } from "@/lib/db/pool";

/** A reservation by its id, of an instance. */
export type Named = { projectId: string; instanceId: string; id: string };

/** Where a reservation is made. */
export type Place = { projectId: string; workflowId: string; instanceId: string };

/** What was held and is over goes in such portions. */
const REMOVED_AT_ONCE = 1000;

/** Whoever removes reservations waits for nobody who does so too: two of them in two orders would wait for each other. */
const UNHELD = "FOR UPDATE OF r SKIP LOCKED";

/**
 * What is held of an instance, and of all of its workflow, in micro-dollars; what is held for one that has ended is void. The
 * workflow must be locked. Removes what is over.
 */
export async function sumReservations(tx: Db, { projectId, workflowId, instanceId }: Place) {
  const { rows } = await tx.query<{ of_instance: number; of_workflow: number }>({
    name: "sum-reservations",
    // The transaction may have waited for its lock since now(), which only leads to the rows.
    text: `WITH gone AS (
             DELETE FROM cost_reservations WHERE project_id = $1 AND ctid = ANY (ARRAY(
               SELECT r.ctid FROM cost_reservations r WHERE r.project_id = $1 AND r.workflow_id = $2 AND r.expires_at <= now()
                LIMIT ${REMOVED_AT_ONCE} ${UNHELD})))
           SELECT coalesce(sum(h.micros) FILTER (WHERE h.instance_id = $3), 0)::int8 AS of_instance,
                  coalesce(sum(h.micros), 0)::int8 AS of_workflow
             FROM (SELECT instance_id, sum(cost_micros) AS micros FROM cost_reservations
                    WHERE project_id = $1 AND workflow_id = $2 AND expires_at > now() AND expires_at > clock_timestamp()
                    GROUP BY instance_id) AS h
            WHERE (SELECT status FROM instances WHERE project_id = $1 AND id = h.instance_id) IN ('running', 'paused')`,
    values: [projectId, workflowId, instanceId],
  });
  const { of_instance: ofInstance = 0, of_workflow: ofWorkflow = 0 } = rows[0] ?? {};
  return { ofInstance, ofWorkflow };
}

/** Times are epoch milliseconds of the database's clock. */
export type NewReservation = Place & { id: string; micros: number; at: number; expiresAt: number };

export async function insertReservation(tx: Db, made: NewReservation): Promise<void> {
  await tx.query({
    name: "insert-reservation",
    text: `INSERT INTO cost_reservations (project_id, id, workflow_id, instance_id, cost_micros, created_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    values: [made.projectId, made.id, made.workflowId, made.instanceId, made.micros, iso(made.at), iso(made.expiresAt)],
  });
}

/** Ends reservations: what was held for it has been spent, or is not going to be. Those that are not there are over already. */
export async function releaseReservations(tx: Db, named: Named[]): Promise<void> {
  if (named.length === 0) return;
  await tx.query({
    name: "release-reservations",
    text: `DELETE FROM cost_reservations WHERE ctid = ANY (ARRAY(
             SELECT r.ctid FROM cost_reservations r
               JOIN unnest($1::uuid[], $2::text[], $3::text[]) AS a (project_id, instance_id, id) USING (project_id, instance_id, id)
              ${UNHELD}))`,
    values: [
      plainArray(named.map(({ projectId }) => projectId)),
      textArray(named.map(({ instanceId }) => instanceId)),
      textArray(named.map(({ id }) => id)),
    ],
  });
}
