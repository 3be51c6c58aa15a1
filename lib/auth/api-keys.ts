import { sha256 } from "@/lib/core/ids";
import { createBatcher } from "@/lib/db/batcher";
import { pool } from "@/lib/db/pool";
import { type Caller, impliedScopes, type Scope } from "./caller";

type KeyRow = {
  id: string;
  hash: string;
  root: string;
  project_id: string;
  name: string;
  scopes: Scope[];
  stale: boolean;
};

/** Who holds each of these keys. */
async function findHolders(keys: string[]): Promise<(Caller | null)[]> {
  const hashes = keys.map(sha256);
  const { rows } = await pool().query<KeyRow>({
    name: "api-keys",
    text: `SELECT id, encode(hash, 'hex') AS hash, coalesce(root_id, id) AS root, project_id, name, scopes::text[],
                  coalesce(last_used_at < now() - interval '1 minute', true) AS stale
             FROM api_keys
            WHERE hash = ANY ($1::bytea[]) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
    values: [hashes],
  });
  const stale = rows.flatMap((row) => (row.stale ? [row.id] : []));
  // Coarse on purpose: one write a minute at most, however busy a key is.
  if (stale.length > 0) await pool().query("UPDATE api_keys SET last_used_at = now() WHERE id = ANY ($1)", [stale]);
  const holders = new Map(rows.map((row) => [row.hash, callerOf(row)]));
  return hashes.map((hash) => holders.get(hash.toString("hex")) ?? null);
}

function callerOf({ id, root, project_id, name, scopes }: KeyRow): Caller {
  return {
    kind: "key",
    projectId: project_id,
    actor: `key:${id}`,
    lineage: `key:${root}`,
    scopes: impliedScopes(scopes),
    keyName: name,
  };
}

/** Requests that come together ask together. */
const submit = createBatcher({
  commit: findHolders,
  keyOf: (key: string) => key,
  maxBatch: 500,
  shareAbove: 500,
  maxInFlight: 3,
  maxWaiting: 20_000,
});

/** Who holds this API key; null when it is unknown, revoked or expired. Throws `unavailable` when too many ask. */
export function findCaller(key: string): Promise<Caller | null> {
  return submit(key);
}
