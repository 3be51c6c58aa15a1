import { type Caller, requireOwn, requireScope } from "@/lib/auth/caller";
import { notFound } from "@/lib/core/errors";
import type { Db } from "@/lib/db/pool";
import type { Kind } from "@/lib/workflows/definition";
import { OUR_ID, WORKFLOW_ID } from "@/lib/workflows/schema";

/** As long as any id of an instance may be; nothing else reaches the database. */
const INSTANCE_ID = /^[0-9A-Za-z_-]{1,64}$/;

/**
 * Throws for a workflow that the caller's project does not have: `forbidden` to a key when it is another project's and its
 * id is of our making, else `not_found`. An id that a customer chose may be anybody's.
 */
export async function refuseWorkflow(caller: Caller, id: string, db: Db): Promise<never> {
  if (OUR_ID.test(id)) {
    const { rows } = await db.query<{ project_id: string }>("SELECT project_id FROM workflows WHERE id = $1 LIMIT 1", [
      id,
    ]);
    requireOwn(caller, rows[0]?.project_id, "workflow");
  }
  throw notFound("workflow");
}

/** The kind of a workflow of the caller's project, who must be allowed to read. */
export async function requireWorkflow(caller: Caller, id: string, db: Db): Promise<Kind> {
  requireScope(caller, "read");
  if (!WORKFLOW_ID.test(id)) throw notFound("workflow");
  const { rows } = await db.query<{ kind: Kind }>("SELECT kind FROM workflows WHERE project_id = $1 AND id = $2", [
    caller.projectId,
    id,
  ]);
  return rows[0]?.kind ?? refuseWorkflow(caller, id, db);
}

/** The workflow of an instance of the caller's project, whatever the caller may do there. */
export async function requireOwnInstance(caller: Caller, id: string, db: Db): Promise<string> {
  if (!INSTANCE_ID.test(id)) throw notFound("instance");
  const { rows } = await db.query<{ project_id: string; workflow_id: string }>(
    "SELECT project_id, workflow_id FROM instances WHERE id = $1",
    [id],
  );
  requireOwn(caller, rows[0]?.project_id, "instance");
  if (rows[0] === undefined) throw notFound("instance");
  return rows[0].workflow_id;
}

/** The workflow of an instance of the caller's project, who must be allowed to read. */
export async function requireInstance(caller: Caller, id: string, db: Db): Promise<string> {
  requireScope(caller, "read");
  return requireOwnInstance(caller, id, db);
}
