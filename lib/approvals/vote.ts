import { pool } from "@/lib/db/pool";
import { act } from "./act";
import type { Approval, DecideApproval } from "./schema";
import type { Place } from "./store/rows";
import type { Actor } from "./store/save";

/** Who decides: a person (`user:<id>`) or a key (`key:<id>`), by which way, and from where. */
export type Voter = Actor;

/**
 * Lets somebody vote, once, and decides when that is enough. They must be known to be allowed to approve in the project.
 * Throws `already_decided`, `already_voted`, `not_an_approver` and `own_request`, each with the approval as it is, and
 * `not_found`.
 */
export function voteOn(place: Place, by: Voter, { decision, notes }: DecideApproval): Promise<Approval> {
  return act({ place, event: { is: "vote", voter: by.actor, decision }, by, notes: notes?.trim() || null });
}

const MAX_VIEWS = 100;

/** Notes that somebody looked at an approval, the first hundred times or so by each way: nobody crowds out others. */
export async function noteView({ projectId, id }: Place, { actor, name, via, mark }: Actor): Promise<void> {
  await pool().query(
    `INSERT INTO approval_events (project_id, approval_id, kind, at, actor, actor_name, via, details)
     SELECT a.project_id, a.id, 'viewed', now(), $3, $4, $5, $6 FROM approvals a
      WHERE a.project_id = $1 AND a.id = $2
        AND (SELECT count(*) FROM approval_events e
              WHERE e.project_id = a.project_id AND e.approval_id = a.id AND e.kind = 'viewed' AND e.via = $5 AND e.actor = $3) < ${MAX_VIEWS}`,
    [projectId, id, actor, name, via, mark],
  );
}
