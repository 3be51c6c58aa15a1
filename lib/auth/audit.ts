import type { Db } from "@/lib/db/pool";
import type { Caller } from "./caller";

/** Notes who did what. Call it in the transaction of the change; a project's log may be another than the caller's own. */
export async function audit(
  tx: Db,
  caller: Caller,
  entry: { action: string; subjectId: string; projectId?: string },
): Promise<void> {
  await tx.query("INSERT INTO audit_entries (project_id, actor, action, subject_id) VALUES ($1, $2, $3, $4)", [
    entry.projectId ?? caller.projectId,
    caller.actor,
    entry.action,
    entry.subjectId,
  ]);
}
