import { sha256 } from "@/lib/core/ids";
import { pool } from "@/lib/db/pool";
import { type Caller, impliedScopes, type Scope } from "./caller";

type KeyRow = { id: string; project_id: string; name: string; scopes: Scope[]; stale: boolean };

/** Who holds this API key; null when it is unknown, revoked or expired. */
export async function findCaller(key: string): Promise<Caller | null> {
  const found = await pool().query<KeyRow>({
    name: "api-key",
    text: `SELECT id, project_id, name, scopes::text[], coalesce(last_used_at < now() - interval '1 minute', true) AS stale
             FROM api_keys
            WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
    values: [sha256(key)],
  });
  const row = found.rows[0];
  if (row === undefined) return null;
  // Coarse on purpose: one write a minute at most, however busy the key is.
  if (row.stale) await pool().query("UPDATE api_keys SET last_used_at = now() WHERE id = $1", [row.id]);
  return {
    kind: "key",
    projectId: row.project_id,
    actor: `key:${row.id}`,
    scopes: impliedScopes(row.scopes),
    keyName: row.name,
  };
}
