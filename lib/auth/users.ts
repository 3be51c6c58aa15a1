import type { Db } from "@/lib/db/pool";
import { insertOwner, insertProject } from "@/lib/projects/insert";

export type NewUser = { email: string; name: string; passwordHash: string | null; isVerified: boolean };
export type UserRow = { id: string; email: string; verified: boolean };

/** The person with this address; null when there is none. */
export async function findUser(db: Db, email: string): Promise<UserRow | null> {
  const found = await db.query<UserRow>(
    "SELECT id, email, email_verified_at IS NOT NULL AS verified FROM users WHERE email = $1",
    [email],
  );
  return found.rows[0] ?? null;
}

/** Makes a person; null when the address is taken. */
export async function insertPerson(tx: Db, { email, name, passwordHash, isVerified }: NewUser): Promise<string | null> {
  const made = await tx.query<{ id: string }>(
    `INSERT INTO users (email, name, password_hash, email_verified_at) VALUES ($1, $2, $3, CASE WHEN $4 THEN now() END)
     ON CONFLICT (email) DO NOTHING RETURNING id`,
    [email, name, passwordHash, isVerified],
  );
  return made.rows[0]?.id ?? null;
}

/** Makes a person with a first project of their own; null when the address is taken. */
export async function insertUser(tx: Db, user: NewUser): Promise<string | null> {
  const id = await insertPerson(tx, user);
  if (id === null) return null;
  const project = await insertProject(tx, { name: "My project", time_zone: "UTC" });
  await insertOwner(tx, project.id, id);
  return id;
}

/**
 * Notes that a person proved their address. Whoever made the account without proof may have been somebody else, so on
 * the first proof its password and its sign-ins end.
 */
export async function verifyUser(tx: Db, { id, verified }: UserRow): Promise<void> {
  if (verified) return;
  await tx.query("UPDATE users SET email_verified_at = now(), password_hash = NULL WHERE id = $1", [id]);
  await tx.query("UPDATE user_sessions SET ended_at = now() WHERE user_id = $1 AND ended_at IS NULL", [id]);
}
