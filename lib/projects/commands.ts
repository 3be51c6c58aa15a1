import { audit } from "@/lib/auth/audit";
import { type Caller, requireScope, SCOPES } from "@/lib/auth/caller";
import { notFound } from "@/lib/core/errors";
import { randomToken, webhookSecret } from "@/lib/core/ids";
import { transaction } from "@/lib/db/transaction";
import { insertKey } from "./key-commands";
import { lockProject } from "./lock";
import { PROJECT_COLUMNS, type ProjectRow, projectObject } from "./rows";
import type { NewProject, ProjectChange, ProjectObject } from "./schema";

const PING_KEY_LENGTH = 22;

function only(rows: ProjectRow[]): ProjectRow {
  const [row] = rows;
  if (row === undefined) throw notFound("project");
  return row;
}

/**
 * Makes a project with a first key of every scope, shown this once. A key belongs to one project, so without it nobody
 * could use the new one.
 */
export async function createProject(caller: Caller, input: NewProject): Promise<ProjectObject & { api_key: string }> {
  requireScope(caller, "admin");
  return transaction(async (tx) => {
    const inserted = await tx.query<ProjectRow>(
      `INSERT INTO projects (name, ping_key, webhook_secret, time_zone) VALUES ($1, $2, $3, $4) RETURNING ${PROJECT_COLUMNS}`,
      [input.name, randomToken(PING_KEY_LENGTH), webhookSecret(), input.time_zone],
    );
    const project = only(inserted.rows);
    const { key } = await insertKey(tx, project.id, { name: "First key", scopes: [...SCOPES], expires_at: null });
    await audit(tx, caller, { action: "project.create", subjectId: project.id, projectId: project.id });
    return { ...projectObject(project, caller), api_key: key };
  });
}

/** Renames a project or moves it to another time zone. */
export async function updateProject(caller: Caller, id: string, change: ProjectChange): Promise<ProjectObject> {
  requireScope(caller, "admin");
  return transaction(async (tx) => {
    await lockProject(tx, caller, id);
    const updated = await tx.query<ProjectRow>(
      `UPDATE projects SET name = coalesce($2, name), time_zone = coalesce($3, time_zone) WHERE id = $1 RETURNING ${PROJECT_COLUMNS}`,
      [id, change.name ?? null, change.time_zone ?? null],
    );
    await audit(tx, caller, { action: "project.update", subjectId: id });
    return projectObject(only(updated.rows), caller);
  });
}
