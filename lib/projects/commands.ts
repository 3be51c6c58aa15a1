import { audit } from "@/lib/auth/audit";
import { type Caller, requireScope, SCOPES } from "@/lib/auth/caller";
import { notFound } from "@/lib/core/errors";
import { transaction } from "@/lib/db/transaction";
import { insertOwner, insertProject } from "./insert";
import { insertKey } from "./key-commands";
import { lockProject } from "./lock";
import { PROJECT_COLUMNS, type ProjectRow, projectObject } from "./rows";
import type { NewProject, ProjectChange, ProjectObject } from "./schema";

const OWNER_SCOPES = new Set(SCOPES);

function only(rows: ProjectRow[]): ProjectRow {
  const [row] = rows;
  if (row === undefined) throw notFound("project");
  return row;
}

/**
 * Makes a project. A person becomes its owner; a key belongs to one project, so its maker gets a first key of every
 * scope with the new one, shown this once.
 */
export async function createProject(caller: Caller, input: NewProject): Promise<ProjectObject & { api_key?: string }> {
  if (caller.person === undefined) requireScope(caller, "admin");
  return transaction(async (tx) => {
    const project = await insertProject(tx, input);
    await audit(tx, caller, { action: "project.create", subjectId: project.id, projectId: project.id });
    if (caller.person !== undefined) {
      await insertOwner(tx, project.id, caller.person.id);
      return projectObject(project, { ...caller, scopes: OWNER_SCOPES });
    }
    const { key } = await insertKey(tx, project.id, { name: "First key", scopes: [...SCOPES], expires_at: null });
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
