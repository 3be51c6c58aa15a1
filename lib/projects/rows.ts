import type { Caller, Scope } from "@/lib/auth/caller";
import { iso } from "@/lib/core/time";
import type { KeyObject, ProjectObject } from "./schema";

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
