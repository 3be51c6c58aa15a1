import type { CheckInput } from "@/lib/checks/schema";
import type { Db } from "@/lib/db/pool";

const COLUMNS = {
  name: "name",
  slug: "slug",
  tags: "tags",
  timeout: "timeout_seconds",
  grace: "grace_seconds",
} as const;

/**
 * The oldest check of the project that equals the input in every field of `unique`; null without one, without `unique`,
 * or when the input lacks one of its fields. Until the transaction ends no other can look in the same project.
 */
export async function findTwin(tx: Db, projectId: string, input: CheckInput): Promise<string | null> {
  const fields = [...new Set(input.unique ?? [])];
  if (fields.length === 0 || fields.some((field) => input[field] === undefined)) return null;
  await lockProject(tx, projectId, input.slug);
  const conditions = fields.map((field, index) => `${COLUMNS[field]} = $${index + 2}`);
  const found = await tx.query<{ id: string }>(
    `SELECT id FROM checks WHERE project_id = $1 AND ${conditions.join(" AND ")} ORDER BY created_at, id LIMIT 1`,
    [projectId, ...fields.map((field) => input[field])],
  );
  return found.rows[0]?.id ?? null;
}

/** What `unique` may ask for is no constraint of the table, so a lock stands in for one. */
async function lockProject(tx: Db, projectId: string, slug: string | undefined): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('checks/' || $1, 0))", [projectId]);
  if (slug === undefined) return;
  // The lock under which a first signal makes the check of this slug.
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [`${projectId}/${slug}`]);
}
