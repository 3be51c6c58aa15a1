import type { Db } from "@/lib/db/pool";
import { type CheckFields, FIELD_COLUMNS, fieldValues } from "./fields";

const ASSIGNMENTS = FIELD_COLUMNS.map((column, index) => `${column} = $${index + 2}`).join(", ");

/** Stores what people set about a check. Its state, deadline and history are the business of `saveChanges`. */
export async function updateFields(tx: Db, id: string, fields: CheckFields): Promise<void> {
  await tx.query(`UPDATE checks SET ${ASSIGNMENTS}, updated_at = now() WHERE id = $1`, [id, ...fieldValues(fields)]);
}
