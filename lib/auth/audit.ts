import type { Prisma } from "@/lib/db/generated/client";
import type { Db } from "@/lib/db/pool";
import type { Caller } from "./caller";

/** A change; a project's log may be another than the caller's own. */
type Entry = { action: string; subjectId: string; projectId?: string };

/** Notes who did what. Call it in the transaction of the change. */
export async function audit(tx: Db, caller: Caller, entry: Entry): Promise<void> {
  await tx.query("INSERT INTO audit_entries (project_id, actor, action, subject_id) VALUES ($1, $2, $3, $4)", [
    entry.projectId ?? caller.projectId,
    caller.actor,
    entry.action,
    entry.subjectId,
  ]);
}

/** The same for a change that goes through Prisma. */
export async function auditWith(tx: Prisma.TransactionClient, caller: Caller, entry: Entry): Promise<void> {
  const { action, subjectId, projectId = caller.projectId } = entry;
  await tx.auditEntry.create({ data: { projectId, actor: caller.actor, action, subjectId } });
}
