import type { Prisma } from "@/lib/db/generated/client";
import type { Db } from "@/lib/db/pool";
import type { Caller } from "./caller";

/** A change; a project's log may be another than the caller's own. */
type Entry = { action: string; subjectId: string; projectId?: string };

/** Notes who did what. Call it in the transaction of the change. */
export async function audit(tx: Db, caller: Caller, entry: Entry): Promise<void> {
  await auditAs(tx, caller.actor, { ...entry, projectId: entry.projectId ?? caller.projectId });
}

/** The same where nobody calls, but a signal asks for a change: its actor is `ping-key`, or that of an API key. */
export async function auditAs(tx: Db, actor: string, { projectId, action, subjectId }: Required<Entry>): Promise<void> {
  await tx.query("INSERT INTO audit_entries (project_id, actor, action, subject_id) VALUES ($1, $2, $3, $4)", [
    projectId,
    actor,
    action,
    subjectId,
  ]);
}

/** The same for a change that goes through Prisma. */
export async function auditWith(tx: Prisma.TransactionClient, caller: Caller, entry: Entry): Promise<void> {
  const { action, subjectId, projectId = caller.projectId } = entry;
  await tx.auditEntry.create({ data: { projectId, actor: caller.actor, action, subjectId } });
}
