import type { Db } from "@/lib/db/pool";
import { type CheckFields, FIELD_COLUMNS, fieldValues } from "./fields";

const VALUES = FIELD_COLUMNS.map((_, index) => `$${index + 2}`).join(", ");

/** Adds a check and returns its id. */
export async function insertCheck(tx: Db, projectId: string, fields: CheckFields): Promise<string> {
  const inserted = await tx.query<{ id: string }>(
    `INSERT INTO checks (project_id, ${FIELD_COLUMNS.join(", ")}) VALUES ($1, ${VALUES}) RETURNING id`,
    [projectId, ...fieldValues(fields)],
  );
  const id = inserted.rows[0]?.id;
  if (id === undefined) throw new Error("INSERT … RETURNING gave no row");
  return id;
}

/** Sends the alerts of a check to every channel of its project. */
export async function assignAllChannels(tx: Db, projectId: string, checkId: string): Promise<void> {
  await tx.query(
    `INSERT INTO check_channels (project_id, check_id, channel_id)
     SELECT project_id, $2, id FROM channels WHERE project_id = $1 ON CONFLICT DO NOTHING`,
    [projectId, checkId],
  );
}
