import type { Db } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { env } from "@/lib/env";
import { openSession } from "./sessions";
import { normalEmail, type Opened } from "./sign-in";
import { findUser, insertUser, verifyUser } from "./users";

/** A person as a provider vouches for them; the address is null unless the provider has verified it. */
export type Vouched = { provider: string; accountId: string; email: string | null; name: string };

/** Why a provider's word was not enough, as a code for the sign-in page. */
export type Refusal = "AccessDenied" | "Unverified";

type Person = { id: string; email: string };

async function linkedUser(tx: Db, { provider, accountId }: Vouched): Promise<Person | null> {
  const found = await tx.query<Person>(
    `SELECT users.id, users.email FROM accounts JOIN users ON users.id = user_id
      WHERE provider = $1 AND provider_account_id = $2`,
    [provider, accountId],
  );
  return found.rows[0] ?? null;
}

/** The person with this address, made if need be. Null when there is none and sign-up is closed. */
async function personWith(tx: Db, email: string, name: string): Promise<string | null> {
  const user = await findUser(tx, email);
  if (user !== null) {
    await verifyUser(tx, user);
    return user.id;
  }
  if (env().SIGNUPS === "closed") return null;
  const made = await insertUser(tx, { email, name, passwordHash: null, isVerified: true });
  // Null when another request made it a moment ago.
  return made ?? personWith(tx, email, name);
}

async function link(tx: Db, vouched: Vouched): Promise<Person | Refusal> {
  if (vouched.email === null) return "Unverified";
  const email = normalEmail(vouched.email);
  const id = await personWith(tx, email, vouched.name);
  if (id === null) return "AccessDenied";
  await tx.query(
    "INSERT INTO accounts (provider, provider_account_id, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    [vouched.provider, vouched.accountId, id],
  );
  return { id, email };
}

/**
 * Signs in whom a provider vouches for: the person its account was linked to before, whatever address it has today, else
 * the one with the verified address.
 */
export async function signInWithProvider(vouched: Vouched, userAgent: string): Promise<Opened | Refusal> {
  return transaction(async (tx) => {
    const user = (await linkedUser(tx, vouched)) ?? (await link(tx, vouched));
    if (typeof user === "string") return user;
    return { userId: user.id, email: user.email, sessionId: await openSession(tx, user.id, userAgent) };
  });
}
