import { AppError, notFound } from "@/lib/core/errors";
import { isUuid } from "@/lib/core/ids";
import { pool } from "@/lib/db/pool";
import { type Caller, impliedScopes, type Role, type Scope } from "./caller";
import type { SignedIn } from "./sessions";

/** What each role may do; only an owner may also delete the project or make other owners. */
const ROLE_SCOPES: Record<Role, Scope[]> = {
  owner: ["write", "approve", "admin"],
  admin: ["write", "approve", "admin"],
  member: ["write", "approve"],
  viewer: ["read"],
};

/** What a role in a project lets a person do there. */
export const scopesOf = (role: Role): ReadonlySet<Scope> => impliedScopes(ROLE_SCOPES[role]);

/** Stands for the project of a person who has none. */
const NO_PROJECT = "00000000-0000-0000-0000-000000000000";

/**
 * A signed-in person as the caller in one of their projects: the one that is named, else the first they joined. Throws
 * `not_found` for one that is not theirs. Who has no project may do nothing but make one.
 */
export async function callerInProject({ user, sessionId }: SignedIn, projectId: string | null): Promise<Caller> {
  if (projectId !== null && !isUuid(projectId)) throw notFound("project");
  const found = await pool().query<{ project_id: string; role: Role }>({
    name: "membership",
    text: `SELECT project_id, role FROM memberships WHERE user_id = $1 AND ($2::uuid IS NULL OR project_id = $2)
            ORDER BY created_at, project_id LIMIT 1`,
    values: [user.id, projectId],
  });
  const [membership] = found.rows;
  if (membership === undefined && projectId !== null) throw notFound("project");
  const role = membership?.role ?? null;
  return {
    kind: "session",
    projectId: membership?.project_id ?? NO_PROJECT,
    actor: `user:${user.id}`,
    scopes: role === null ? new Set() : scopesOf(role),
    person: { ...user, sessionId, role },
  };
}

/** The person who calls. Throws `forbidden` for a key, which is nobody. */
export function requirePerson({ person }: Caller): NonNullable<Caller["person"]> {
  if (person === undefined) throw new AppError("forbidden", "This is for people who are signed in, not for keys.");
  return person;
}
