import type { Db } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { env } from "@/lib/env";
import { openSession } from "./sessions";
import { normalEmail, type Opened } from "./sign-in";
import { findUser, insertUser, verifyUser } from "./users";

/** A person as a provider vouches for them; the address must be one that the provider has verified. */
export type Vouched = { provider: string; accountId: string; email: string; name: string };

async function linkedUser(tx: Db, { provider, accountId }: Vouched): Promise<{ id: string; email: string } | null> {
  const found = await tx.query<{ id: string; email: string }>(
    `SELECT users.id, users.email FROM accounts JOIN users ON users.id = user_id
      WHERE provider = $1 AND provider_account_id = $2`,
    [provider, accountId],
  );
  return found.rows[0] ?? null;
}

async function link(tx: Db, vouched: Vouched): Promise<{ id: string; email: string } | null> {
  const email = normalEmail(vouched.email);
  const user = await findUser(tx, email);
  if (user !== null) await verifyUser(tx, user);
  if (user === null && env().SIGNUPS === "closed") return null;
  const id = user?.id ?? (await insertUser(tx, { email, name: vouched.name, passwordHash: null, isVerified: true }));
  if (id === null) return null; // made by another request a moment ago; a second try finds it
  await tx.query(
    "INSERT INTO accounts (provider, provider_account_id, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    [vouched.provider, vouched.accountId, id],
  );
  return { id, email };
}

/** Signs in whom a provider vouches for. Null when nobody here has the address and sign-up is closed. */
export async function signInWithProvider(vouched: Vouched, userAgent: string): Promise<Opened | null> {
  return transaction(async (tx) => {
    const user = (await linkedUser(tx, vouched)) ?? (await link(tx, vouched));
    if (user === null) return null;
    return { userId: user.id, email: user.email, sessionId: await openSession(tx, user.id, userAgent) };
  });
}
