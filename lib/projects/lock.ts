import { type Caller, requireOwn } from "@/lib/auth/caller";
import type { Db } from "@/lib/db/pool";

/** Locks the caller's project against other changes of it and of its keys. Signals and checks do not wait for it. */
export async function lockProject(tx: Db, caller: Caller, id: string): Promise<void> {
  const found = await tx.query<{ id: string }>("SELECT id FROM projects WHERE id = $1 FOR NO KEY UPDATE", [id]);
  requireOwn(caller, found.rows[0]?.id, "project");
}
