import type { Db } from "@/lib/db/pool";

/** What people set about a check. Exactly one of `timeoutSeconds` and `schedule` is null. */
export type CheckFields = {
  name: string;
  slug: string;
  tags: string;
  description: string;
  timeoutSeconds: number | null;
  schedule: string | null;
  timeZone: string;
  graceSeconds: number;
  manualResume: boolean;
  methods: string;
  startKeywords: string;
  successKeywords: string;
  failureKeywords: string;
  filterSubject: boolean;
  filterBody: boolean;
  filterHttpBody: boolean;
  filterDefaultFail: boolean;
};

/** A check nobody configured: once a day, with an hour of grace. */
export const DEFAULT_CHECK: CheckFields = {
  name: "",
  slug: "",
  tags: "",
  description: "",
  timeoutSeconds: 86_400,
  schedule: null,
  timeZone: "UTC",
  graceSeconds: 3600,
  manualResume: false,
  methods: "",
  startKeywords: "",
  successKeywords: "",
  failureKeywords: "",
  filterSubject: false,
  filterBody: false,
  filterHttpBody: false,
  filterDefaultFail: false,
};

/** Adds a check and returns its id. */
export async function insertCheck(tx: Db, projectId: string, fields: CheckFields): Promise<string> {
  const inserted = await tx.query<{ id: string }>(
    `INSERT INTO checks (project_id, name, slug, tags, description, timeout_seconds, schedule, time_zone, grace_seconds,
       manual_resume, methods, start_keywords, success_keywords, failure_keywords, filter_subject, filter_body,
       filter_http_body, filter_default_fail)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) RETURNING id`,
    [
      projectId,
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
