import { SCOPES } from "@/lib/auth/caller";
import { hashPassword } from "@/lib/auth/password";
import { randomToken, sha256, webhookSecret } from "@/lib/core/ids";
import { type Db, pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import type { Env } from "@/lib/env";

export type FirstAccount = { email: string; password: string; apiKey: string; pingKey: string };

// "account" in ASCII, cut to what PostgreSQL takes: any number that nothing else locks.
const LOCK = 0x61_63_63_6f_75_6e;
const PREFIX_LENGTH = 8;

/** When there is no user: makes one with a project and a key for everything. Null when there is one already. */
export async function createFirstAccount(settings: Env): Promise<FirstAccount | null> {
  if (await anyUser(pool())) return null;
  const account = {
    email: settings.ADMIN_EMAIL,
    password: settings.ADMIN_PASSWORD ?? randomToken(20),
    apiKey: settings.ADMIN_API_KEY ?? `pt_${randomToken(40)}`,
    pingKey: settings.ADMIN_PING_KEY ?? randomToken(22),
  };
  const passwordHash = await hashPassword(account.password);
  return transaction(async (tx) => {
    await tx.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
    if (await anyUser(tx)) return null;
    await store(tx, account, passwordHash);
    return account;
  });
}

async function anyUser(db: Db): Promise<boolean> {
  const found = await db.query("SELECT 1 FROM users LIMIT 1");
  return found.rowCount !== 0;
}

async function store(tx: Db, { email, apiKey, pingKey }: FirstAccount, passwordHash: string): Promise<void> {
  await tx.query(
    `WITH person AS (
       -- Whoever starts the server vouches for the address: a mailed link must not end this account's password.
       INSERT INTO users (email, password_hash, email_verified_at) VALUES ($1, $2, now()) RETURNING id
     ), first_project AS (
       INSERT INTO projects (name, ping_key, webhook_secret) VALUES ('My project', $3, $4) RETURNING id
     ), ownership AS (
       INSERT INTO memberships (project_id, user_id, role) SELECT first_project.id, person.id, 'owner' FROM first_project, person
     )
     INSERT INTO api_keys (project_id, name, prefix, hash, scopes)
     SELECT id, 'First key', $5, $6, $7::scope[] FROM first_project`,
    [email, passwordHash, pingKey, webhookSecret(), apiKey.slice(0, PREFIX_LENGTH), sha256(apiKey), SCOPES],
  );
}

/** What the first boot prints: the only time these are shown. */
export function announce({ email, password, apiKey, pingKey }: FirstAccount, baseUrl: string): string {
  return `
First start: an account and its keys were made. They are shown this once; keep them.

  E-mail    ${email}
  Password  ${password}
  API key   ${apiKey}
  Ping key  ${pingKey}

Put this at the end of a cron job to have it watched (the first call makes the check):

  curl -fsS -m 10 --retry 5 "${baseUrl}/ping/${pingKey}/my-first-job?create=1"

`;
}
