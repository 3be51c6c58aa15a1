import { isUuid } from "@/lib/core/ids";
import { type Db, pool } from "@/lib/db/pool";

/** How long a sign-in lasts, in seconds: 30 days. */
export const SESSION_SECONDS = 2_592_000;
const USER_AGENT_LENGTH = 200;

export type User = { id: string; email: string; name: string };
/** A person who is signed in, and by which sign-in. */
export type SignedIn = { user: User; sessionId: string };

/** Notes a sign-in and gives its id, which the signed cookie carries. */
export async function openSession(db: Db, userId: string, userAgent: string): Promise<string> {
  const made = await db.query<{ id: string }>(
    `INSERT INTO user_sessions (user_id, user_agent, expires_at) VALUES ($1, $2, now() + make_interval(secs => $3))
     RETURNING id`,
    [userId, userAgent.slice(0, USER_AGENT_LENGTH), SESSION_SECONDS],
  );
  const [row] = made.rows;
  if (row === undefined) throw new Error("INSERT … RETURNING gave no row");
  return row.id;
}

type Row = User & { stale: boolean };

/** Who a sign-in belongs to; null when it has ended or expired. */
export async function findSignedIn(sessionId: string, db: Db = pool()): Promise<SignedIn | null> {
  if (!isUuid(sessionId)) return null;
  const found = await db.query<Row>({
    name: "signed-in",
    text: `SELECT users.id, users.email, users.name, last_seen_at < now() - interval '1 minute' AS stale
             FROM user_sessions JOIN users ON users.id = user_id
            WHERE user_sessions.id = $1 AND ended_at IS NULL AND expires_at > now()`,
    values: [sessionId],
  });
  const [row] = found.rows;
  if (row === undefined) return null;
  if (row.stale) await db.query("UPDATE user_sessions SET last_seen_at = now() WHERE id = $1", [sessionId]);
  return { user: { id: row.id, email: row.email, name: row.name }, sessionId };
}

/** Ends one sign-in of this person; of another's, or one that has ended, nothing changes. */
export async function endSession(userId: string, sessionId: string, db: Db = pool()): Promise<void> {
  if (!isUuid(sessionId)) return;
  await db.query("UPDATE user_sessions SET ended_at = coalesce(ended_at, now()) WHERE id = $1 AND user_id = $2", [
    sessionId,
    userId,
  ]);
}

/** Ends every sign-in of a person but the one that asks, if one does. */
export async function endOtherSessions(userId: string, keep: string | null, db: Db = pool()): Promise<void> {
  await db.query(
    "UPDATE user_sessions SET ended_at = now() WHERE user_id = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $2",
    [userId, keep],
  );
}

export type SessionObject = {
  id: string;
  user_agent: string;
  created_at: string;
  last_seen_at: string;
  /** Whether it is the one that asks. */
  current: boolean;
};

/** The live sign-ins of a person, the most recently seen first. */
export async function listSessions({ user, sessionId }: SignedIn): Promise<SessionObject[]> {
  const found = await pool().query<{ id: string; user_agent: string; created_at: Date; last_seen_at: Date }>(
    `SELECT id, user_agent, created_at, last_seen_at FROM user_sessions
      WHERE user_id = $1 AND ended_at IS NULL AND expires_at > now() ORDER BY last_seen_at DESC, id LIMIT 100`,
    [user.id],
  );
  return found.rows.map((row) => ({
    id: row.id,
    user_agent: row.user_agent,
    created_at: row.created_at.toISOString(),
    last_seen_at: row.last_seen_at.toISOString(),
    current: row.id === sessionId,
  }));
}
