import type { Caller, Role, Scope } from "@/lib/auth/caller";
import { iso } from "@/lib/core/time";
import type { InvitationObject, KeyObject, MemberObject, ProjectObject } from "./schema";

export type ProjectRow = {
  id: string;
  name: string;
  ping_key: string;
  webhook_secret: string;
  time_zone: string;
  created_at: Date;
};
export const PROJECT_COLUMNS = "id, name, ping_key, webhook_secret, time_zone, created_at";

export type KeyRow = {
  id: string;
  project_id: string;
  name: string;
  prefix: string;
  scopes: Scope[];
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
};
export const KEY_COLUMNS =
  "id, project_id, name, prefix, scopes::text[], created_at, expires_at, revoked_at, last_used_at";

/** A project as this caller may see it. */
export function projectObject(row: ProjectRow, { scopes }: Caller): ProjectObject {
  const isAdmin = scopes.has("admin");
  return {
    id: row.id,
    name: row.name,
    time_zone: row.time_zone,
    created_at: row.created_at.toISOString(),
    ...((isAdmin || scopes.has("ping")) && { ping_key: row.ping_key }),
    ...(isAdmin && { webhook_secret: row.webhook_secret }),
  };
}

export function keyObject(row: KeyRow): KeyObject {
  const time = (date: Date | null) => iso(date?.getTime() ?? null);
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    prefix: row.prefix,
    created_at: row.created_at.toISOString(),
    expires_at: time(row.expires_at),
    revoked_at: time(row.revoked_at),
    last_used_at: time(row.last_used_at),
  };
}

export type MemberRow = { user_id: string; email: string; name: string; role: Role; created_at: Date };
export const MEMBER_SELECT =
  "SELECT user_id, email, name, role, m.created_at FROM memberships AS m JOIN users ON users.id = user_id";

export function memberObject({ created_at, ...row }: MemberRow): MemberObject {
  return { ...row, joined_at: created_at.toISOString() };
}

export type InvitationRow = {
  id: string;
  email: string;
  role: Role;
  created_at: Date;
  expires_at: Date;
  expired: boolean;
  inviter: string | null;
};
export const INVITATION_SELECT = `
  SELECT i.id, i.email, i.role, i.created_at, i.expires_at, i.expires_at <= now() AS expired, projects.name AS project_name,
         coalesce(nullif(users.name, ''), users.email) AS inviter
    FROM invitations AS i JOIN projects ON projects.id = i.project_id
    LEFT JOIN users ON users.id = CASE WHEN i.invited_by LIKE 'user:%' THEN substr(i.invited_by, 6)::uuid END`;

export function invitationObject(row: InvitationRow): InvitationObject {
  return {
    id: row.id,
    email: row.email,
    role: row.role,
    invited_by: row.inviter ?? "Somebody",
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    expired: row.expired,
  };
}
