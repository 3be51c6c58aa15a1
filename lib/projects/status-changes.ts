import { type Caller, requireScope } from "@/lib/auth/caller";
import { pool } from "@/lib/db/pool";
import type { StatusChange } from "./change-words";

/** As many alerts are looked at: who looks away for longer reads the page anew. */
const LOOKED_AT = 100;

// The newest first, by number: a condition on the time alone would search all alerts there ever were.
export const CHANGED = `
  SELECT id, subject_id AS "checkId", subject_name AS name, type = 'check.down' AS "isDown"
    FROM (SELECT id, type, subject_id, subject_name, occurred_at FROM alerts
           WHERE project_id = $1 ORDER BY id DESC LIMIT ${LOOKED_AT}) newest
   WHERE type IN ('check.down', 'check.up') AND occurred_at > now() - interval '2 minutes'
   ORDER BY id`;

/** The checks of the caller's project that went down or came back within the last two minutes, oldest first. */
export async function listStatusChanges(caller: Caller): Promise<StatusChange[]> {
  requireScope(caller, "read");
  return (await pool().query<StatusChange>({ name: "status-changes", text: CHANGED, values: [caller.projectId] })).rows;
}
