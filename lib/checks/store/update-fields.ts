import type { Db } from "@/lib/db/pool";
import type { CheckFields } from "./insert";

/** Stores what people set about a check. Its state, deadline and history are the business of `saveChanges`. */
export async function updateFields(tx: Db, id: string, fields: CheckFields): Promise<void> {
  await tx.query(
    `UPDATE checks SET name = $2, slug = $3, tags = $4, description = $5, timeout_seconds = $6, schedule = $7, time_zone = $8,
            grace_seconds = $9, manual_resume = $10, methods = $11, start_keywords = $12, success_keywords = $13,
            failure_keywords = $14, filter_subject = $15, filter_body = $16, filter_http_body = $17, filter_default_fail = $18,
            updated_at = now()
      WHERE id = $1`,
    [
      id,
      fields.name,
      fields.slug,
      fields.tags,
      fields.description,
      fields.timeoutSeconds,
      fields.schedule,
      fields.timeZone,
      fields.graceSeconds,
      fields.manualResume,
      fields.methods,
      fields.startKeywords,
      fields.successKeywords,
      fields.failureKeywords,
      fields.filterSubject,
      fields.filterBody,
      fields.filterHttpBody,
      fields.filterDefaultFail,
    ],
  );
}
