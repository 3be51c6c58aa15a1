import { AppError } from "@/lib/core/errors";
import { randomToken, sha256 } from "@/lib/core/ids";
import { type Db, pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import type { Device } from "./device";
import { canMail, type Letter, requireMail, sendLetter } from "./letter";
import { hashPassword } from "./password";
import type { LinkInput } from "./schema";
import { openSession } from "./sessions";
import { limitTries, normalEmail, type Opened } from "./sign-in";
import { findUser, insertUser, verifyUser } from "./users";

const LINK_SECONDS = 1800;
const TOKEN_LENGTH = 43; // letters and digits with 256 bits between them

type Purpose = "sign_in" | "sign_up";
type NewLink = { purpose: Purpose; email: string; name: string; passwordHash: string | null; next: string };

/** What a request for mail does after its answer has left: a caller cannot tell by the time it takes who is known. */
export type Afterwards = { delivered: Promise<void> };

async function insertLink(db: Db, { purpose, email, name, passwordHash, next }: NewLink): Promise<string> {
  const token = randomToken(TOKEN_LENGTH);
  await db.query(
    `INSERT INTO verifications (hash, purpose, email, name, password_hash, expires_at)
     VALUES ($1, $2::verification_purpose, $3, $4, $5, now() + make_interval(secs => $6))`,
    [sha256(token), purpose, email, name, passwordHash, LINK_SECONDS],
  );
  const target = next === "/" ? "" : `&next=${encodeURIComponent(next)}`;
  return `${env().BASE_URL}/sign-in/link?token=${token}${target}`;
}

function letterOf(purpose: Purpose, to: string, link: string): Letter {
  const isNew = purpose === "sign_up";
  return {
    to,
    link,
    subject: isNew ? "Confirm your address for Pulsetrail" : "Sign in to Pulsetrail",
    sentence: isNew
      ? "Confirm your address to finish signing up. The link works once, for 30 minutes."
      : "Here is your link to sign in. It works once, for 30 minutes.",
    action: isNew ? "Confirm and sign in" : "Sign in",
    why: "You get this mail because your address was typed in at Pulsetrail. If that was not you, ignore it.",
  };
}

async function mailLink(link: NewLink): Promise<void> {
  await sendLetter(letterOf(link.purpose, link.email, await insertLink(pool(), link)));
}

function inBackground(work: Promise<void>): Afterwards {
  return { delivered: work.catch((error: unknown) => log.error({ err: error }, "a mail for signing in was not sent")) };
}

/** Mails a link to sign in, when the address may. The answer is the same for all. Throws `rate_limited`, `unavailable`. */
export async function requestLink({ email: typed, next }: LinkInput, device: Device): Promise<Afterwards> {
  const email = normalEmail(typed);
  await limitTries("link", email, device);
  requireMail();
  return inBackground(
    findUser(pool(), email).then(async (user) => {
      if (user === null && env().SIGNUPS === "closed") return;
      await mailLink({ purpose: user === null ? "sign_up" : "sign_in", email, name: "", passwordHash: null, next });
    }),
  );
}

export type SignUp = { email: string; password: string; name: string };

/**
 * Makes an account, or has its address confirmed by mail first where mail can leave. Nothing tells a caller whether the
 * address is known. Throws `forbidden` when sign-up is closed, `rate_limited`.
 */
export async function signUp(given: SignUp, device: Device): Promise<Afterwards & { confirm: boolean }> {
  if (env().SIGNUPS === "closed") throw new AppError("forbidden", "Sign-up is closed here. Ask for an invitation.");
  const email = normalEmail(given.email);
  await limitTries("sign-up", email, device);
  const passwordHash = await hashPassword(given.password);
  if (!canMail()) {
    await transaction((tx) => insertUser(tx, { email, name: given.name, passwordHash, isVerified: false }));
    return { confirm: false, delivered: Promise.resolve() };
  }
  const afterwards = inBackground(
    findUser(pool(), email).then((user) =>
      mailLink({ purpose: user === null ? "sign_up" : "sign_in", email, name: given.name, passwordHash, next: "/" }),
    ),
  );
  return { confirm: true, ...afterwards };
}

const LIVE = "hash = $1 AND used_at IS NULL AND expires_at > now()";

/** Whom a link would sign in, without using it up; null when it is unknown, used or too old. */
export async function findLink(token: string): Promise<{ email: string; purpose: Purpose } | null> {
  const found = await pool().query<{ email: string; purpose: Purpose }>(
    `SELECT email, purpose FROM verifications WHERE ${LIVE}`,
    [sha256(token)],
  );
  return found.rows[0] ?? null;
}

type LinkRow = { email: string; name: string; purpose: Purpose; password_hash: string | null };

async function personOf(tx: Db, { email, name, purpose, password_hash }: LinkRow): Promise<string | null> {
  const user = await findUser(tx, email);
  if (user !== null) {
    await verifyUser(tx, user);
    return user.id;
  }
  // An account deleted since a link to sign in was sent stays deleted.
  return purpose === "sign_up" ? insertUser(tx, { email, name, passwordHash: password_hash, isVerified: true }) : null;
}

/** Signs in by a mailed link, which works once. Null when it is unknown, used or too old. */
export async function redeemLink(token: string, device: Device): Promise<Opened | null> {
  return transaction(async (tx) => {
    const used = await tx.query<LinkRow>(
      `UPDATE verifications SET used_at = now() WHERE ${LIVE} RETURNING email, name, purpose, password_hash`,
      [sha256(token)],
    );
    const [link] = used.rows;
    const userId = link === undefined ? null : await personOf(tx, link);
    if (link === undefined || userId === null) return null;
    return { userId, email: link.email, sessionId: await openSession(tx, userId, device.userAgent) };
  });
}
