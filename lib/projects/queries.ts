import { type Caller, type Role, requireOwn, requireScope } from "@/lib/auth/caller";
import { scopesOf } from "@/lib/auth/session-caller";
import { decodeCursor, type Page, toPage } from "@/lib/core/cursor";
import { AppError, invalid, notFound } from "@/lib/core/errors";
import { isUuid } from "@/lib/core/ids";
import { type Db, pool } from "@/lib/db/pool";
import { KEY_COLUMNS, type KeyRow, keyObject, PROJECT_COLUMNS, type ProjectRow, projectObject } from "./rows";
import type { KeyObject, PageQuery, ProjectObject } from "./schema";

function requireReader({ scopes }: Caller): void {
  if (!scopes.has("read") && !scopes.has("admin"))
    throw new AppError("forbidden", "This needs a key with the scope read or admin.");
}

/** One project. Throws unless it is the caller's. */
export async function getProject(caller: Caller, id: string, db: Db = pool()): Promise<ProjectObject> {
  requireReader(caller);
  const found = await db.query<ProjectRow>(`SELECT ${PROJECT_COLUMNS} FROM projects WHERE id = $1`, [id]);
  const [row] = found.rows;
  requireOwn(caller, row?.id, "project");
  if (row === undefined) throw notFound("project");
  return projectObject(row, caller);
}

/** The projects of the caller: all of a person's, each as their role there sees it; a key belongs to exactly one. */
export async function listProjects(caller: Caller, asked: PageQuery = { limit: 100 }): Promise<Page<ProjectObject>> {
  if (caller.person === undefined) return { items: [await getProject(caller, caller.projectId)], nextCursor: null };
  const found = await pool().query<ProjectRow & { role: Role }>(
    `SELECT ${PROJECT_COLUMNS.replace("created_at", "projects.created_at")}, role
       FROM memberships AS m JOIN projects ON projects.id = project_id
      WHERE user_id = $1 AND ($2::uuid IS NULL OR (m.created_at, project_id) >
            (SELECT created_at, project_id FROM memberships WHERE user_id = $1 AND project_id = $2))
      ORDER BY m.created_at, project_id LIMIT $3`,
    [caller.person.id, position(asked.cursor), asked.limit + 1],
  );
  const seen = found.rows.map(({ role, ...row }) => projectObject(row, { ...caller, scopes: scopesOf(role) }));
  return toPage(seen, asked.limit, (project) => [project.id]);
}

/** Where a list ordered by creation goes on: the id of the last row that was shown. */
export function position(cursor: string | undefined): string | null {
  const [id = null] = decodeCursor(cursor, 1) ?? [];
  if (id === null || (typeof id === "string" && isUuid(id))) return id;
  throw invalid("cursor", "is not a cursor of this list");
}

/** The keys of a project, also revoked and expired ones, oldest first. */
export async function listKeys(
  caller: Caller,
  asked: { projectId: string } & PageQuery,
  db: Db = pool(),
): Promise<Page<KeyObject>> {
  requireScope(caller, "admin");
  await getProject(caller, asked.projectId, db);
  const found = await db.query<KeyRow>(
    `SELECT ${KEY_COLUMNS} FROM api_keys
      WHERE project_id = $1
        AND ($2::uuid IS NULL OR (created_at, id) > (SELECT created_at, id FROM api_keys WHERE project_id = $1 AND id = $2))
      ORDER BY created_at, id LIMIT $3`,
    [asked.projectId, position(asked.cursor), asked.limit + 1],
  );
  return toPage(found.rows.map(keyObject), asked.limit, (key) => [key.id]);
}
