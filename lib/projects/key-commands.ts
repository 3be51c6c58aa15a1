import { audit } from "@/lib/auth/audit";
import { type Caller, requireOwn, requireScope } from "@/lib/auth/caller";
import { AppError, invalid, notFound } from "@/lib/core/errors";
import { randomToken, sha256 } from "@/lib/core/ids";
import type { Db } from "@/lib/db/pool";
import { transaction, transactionTime } from "@/lib/db/transaction";
import { lockProject } from "./lock";
import { KEY_COLUMNS, type KeyRow, keyObject } from "./rows";
import type { IssuedKey, KeyRotation, NewKey } from "./schema";

const PREFIX_LENGTH = 8;
const SECRET_LENGTH = 40;

export type KeyPath = { projectId: string; keyId: string };

/** Adds a key to a project and gives its text, which is not kept. */
export async function insertKey(tx: Db, projectId: string, input: NewKey): Promise<IssuedKey> {
  const key = `pt_${randomToken(SECRET_LENGTH)}`;
  const inserted = await tx.query<KeyRow>(
    `INSERT INTO api_keys (project_id, name, prefix, hash, scopes, expires_at) VALUES ($1, $2, $3, $4, $5::scope[], $6)
     RETURNING ${KEY_COLUMNS}`,
    [projectId, input.name, key.slice(0, PREFIX_LENGTH), sha256(key), input.scopes, input.expires_at],
  );
  const [row] = inserted.rows;
  if (row === undefined) throw new Error("INSERT … RETURNING gave no row");
  return { ...keyObject(row), key };
}

/** Makes a key of the caller's project. */
export async function createKey(caller: Caller, projectId: string, input: NewKey): Promise<IssuedKey> {
  requireScope(caller, "admin");
  return transaction(async (tx) => {
    const now = await transactionTime(tx);
    await lockProject(tx, caller, projectId);
    if (input.expires_at !== null && Date.parse(input.expires_at) <= now)
      throw invalid("expires_at", "must lie in the future");
    const issued = await insertKey(tx, projectId, input);
    await audit(tx, caller, { action: "key.create", subjectId: issued.id });
    return issued;
  });
}

/** The key at this path, with its project locked. */
async function lockKey(tx: Db, caller: Caller, { projectId, keyId }: KeyPath): Promise<KeyRow> {
  await lockProject(tx, caller, projectId);
  const found = await tx.query<KeyRow>(`SELECT ${KEY_COLUMNS} FROM api_keys WHERE id = $1`, [keyId]);
  const [row] = found.rows;
  requireOwn(caller, row?.project_id, "key");
  if (row === undefined) throw notFound("key");
  return row;
}

/** Ends a key at once. Throws `conflict` when a key would leave its project without any that may administer it. */
export async function revokeKey(caller: Caller, path: KeyPath): Promise<void> {
  requireScope(caller, "admin");
  await transaction(async (tx) => {
    const key = await lockKey(tx, caller, path);
    if (caller.kind === "key") await requireOtherAdmin(tx, key);
    await tx.query("UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1", [key.id]);
    await audit(tx, caller, { action: "key.revoke", subjectId: key.id });
  });
}

async function requireOtherAdmin(tx: Db, key: KeyRow): Promise<void> {
  const others = await tx.query(
    `SELECT 1 FROM api_keys
      WHERE project_id = $1 AND id <> $2 AND 'admin' = ANY (scopes)
        AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()) LIMIT 1`,
    [key.project_id, key.id],
  );
  if (others.rowCount === 0)
    throw new AppError("conflict", "This is the last key of the project with the scope admin.");
}

/** A new key lives as long as the old one was meant to. */
function lifetime(old: KeyRow, now: number): string | null {
  if (old.expires_at === null) return null;
  return new Date(now + old.expires_at.getTime() - old.created_at.getTime()).toISOString();
}

/** Gives a key a successor with the same name and scopes; the old one stays valid for the overlap at most. */
export async function rotateKey(caller: Caller, path: KeyPath, rotation: KeyRotation): Promise<IssuedKey> {
  requireScope(caller, "admin");
  return transaction(async (tx) => {
    const now = await transactionTime(tx);
    const old = await lockKey(tx, caller, path);
    const isOver = old.revoked_at !== null || (old.expires_at !== null && old.expires_at.getTime() <= now);
    if (isOver) throw new AppError("conflict", "This key is revoked or expired.");
    const issued = await insertKey(tx, old.project_id, {
      name: old.name,
      scopes: old.scopes,
      expires_at: lifetime(old, now),
    });
    await tx.query(
      `UPDATE api_keys SET root_id = coalesce(old.root_id, old.id) FROM (SELECT id, root_id FROM api_keys WHERE id = $2) AS old
        WHERE api_keys.id = $1`,
      [issued.id, old.id],
    );
    await tx.query(
      "UPDATE api_keys SET expires_at = least(expires_at, now() + make_interval(secs => $2)) WHERE id = $1",
      [old.id, rotation.overlap_seconds],
    );
    await audit(tx, caller, { action: "key.rotate", subjectId: old.id });
    return issued;
  });
}
