import type { Caller } from "@/lib/auth/caller";
import { type Db, pool } from "@/lib/db/pool";
import type { Standing } from "@/lib/workflows/present";
import { getWorkflow } from "@/lib/workflows/queries";
import { loadStandings } from "@/lib/workflows/read/standings";
import type { Workflow } from "@/lib/workflows/schema";

/** A workflow with what its instances say of it. Throws `not_found` and `forbidden`. */
export async function getWorkflowPage(
  caller: Caller,
  id: string,
  db: Db = pool(),
): Promise<{ workflow: Workflow; standing: Standing }> {
  const workflow = await getWorkflow(caller, id, db);
  const standing = (await loadStandings(db, caller.projectId, [id])).get(id);
  return { workflow, standing: standing ?? { running: 0, open: null, ended: null } };
}
