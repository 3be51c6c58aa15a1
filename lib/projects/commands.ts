import { audit } from "@/lib/auth/audit";
import { type Caller, requireScope, SCOPES } from "@/lib/auth/caller";
import { AppError, notFound } from "@/lib/core/errors";
import { randomToken } from "@/lib/core/ids";
import { transaction } from "@/lib/db/transaction";
import { log } from "@/lib/log";
import { insertOwner, insertProject, PING_KEY_LENGTH } from "./insert";
import { insertKey } from "./key-commands";
import { lockProject } from "./lock";
import { PROJECT_COLUMNS, type ProjectRow, projectObject } from "./rows";
import type { Deletion, NewProject, ProjectChange, ProjectObject } from "./schema";
import { requireKnownZone } from "./zone";

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
  await requireKnownZone(input.time_zone);
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
  if (change.time_zone !== undefined) await requireKnownZone(change.time_zone);
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

/** Gives a project another ping key; what calls the old one gets 404 from then on. */
export async function rotatePingKey(caller: Caller, id: string): Promise<ProjectObject> {
  requireScope(caller, "admin");
  return transaction(async (tx) => {
    await lockProject(tx, caller, id);
    const updated = await tx.query<ProjectRow>(
      `UPDATE projects SET ping_key = $2 WHERE id = $1 RETURNING ${PROJECT_COLUMNS}`,
      [id, randomToken(PING_KEY_LENGTH)],
    );
    await audit(tx, caller, { action: "project.rotate_ping_key", subjectId: id });
    return projectObject(only(updated.rows), caller);
  });
}

/**
 * Removes a project with everything in it, its audit log too. Only an owner may. Throws `conflict` when `confirm` is not
 * its name.
 */
export async function deleteProject(caller: Caller, id: string, { confirm }: Deletion): Promise<void> {
  requireScope(caller, "admin");
  if (caller.person?.role !== "owner") throw new AppError("forbidden", "Only an owner may delete a project.");
  await transaction(async (tx) => {
    await lockProject(tx, caller, id);
    const found = await tx.query<{ name: string }>("SELECT name FROM projects WHERE id = $1", [id]);
    if (found.rows[0]?.name !== confirm) throw new AppError("conflict", "That is not the name of this project.");
    // In the order in which signals and decisions lock them, and before the project, so that none waits in a circle with this.
    await tx.query("SELECT FROM checks WHERE project_id = $1 ORDER BY id FOR UPDATE", [id]);
    await tx.query("DELETE FROM checks WHERE project_id = $1", [id]);
    // Before their approvals, because a step may ask for a higher limit while it holds its workflow.
    await tx.query("SELECT FROM workflows WHERE project_id = $1 ORDER BY id FOR UPDATE", [id]);
    await tx.query("SELECT FROM approvals WHERE project_id = $1 ORDER BY id FOR UPDATE", [id]);
    await tx.query("DELETE FROM approvals WHERE project_id = $1", [id]);
    await tx.query("DELETE FROM idempotency_keys WHERE project_id = $1", [id]);
    await tx.query("DELETE FROM projects WHERE id = $1", [id]);
  });
  log.info({ projectId: id, actor: caller.actor }, "project deleted");
}
