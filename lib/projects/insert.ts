import { randomToken, webhookSecret } from "@/lib/core/ids";
import type { Db } from "@/lib/db/pool";
import { PROJECT_COLUMNS, type ProjectRow } from "./rows";
import type { NewProject } from "./schema";

export const PING_KEY_LENGTH = 22;

/** Adds a project with a ping key and a webhook secret of its own. */
export async function insertProject(tx: Db, { name, time_zone }: NewProject): Promise<ProjectRow> {
  const inserted = await tx.query<ProjectRow>(
    `INSERT INTO projects (name, ping_key, webhook_secret, time_zone) VALUES ($1, $2, $3, $4) RETURNING ${PROJECT_COLUMNS}`,
    [name, randomToken(PING_KEY_LENGTH), webhookSecret(), time_zone],
  );
  const [row] = inserted.rows;
  if (row === undefined) throw new Error("INSERT … RETURNING gave no row");
  return row;
}

/** Makes a person the owner of a project. */
export async function insertOwner(tx: Db, projectId: string, userId: string): Promise<void> {
  await tx.query("INSERT INTO memberships (project_id, user_id, role) VALUES ($1, $2, 'owner')", [projectId, userId]);
}
