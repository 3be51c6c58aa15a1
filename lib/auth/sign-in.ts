import { AppError } from "@/lib/core/errors";
import { createLimiter } from "@/lib/core/rate-limit";
import { pool } from "@/lib/db/pool";
import { env } from "@/lib/env";
import type { Device } from "./device";
import { hashPassword, verifyPassword } from "./password";
import { waitWords } from "./problem-words";
import { openSession } from "./sessions";

export type Opened = { userId: string; email: string; sessionId: string };

const WINDOW_SECONDS = 900;
/** Against guessing one person's password, and against trying one password on many people. */
const perPerson = createLimiter({ name: "sign-in", requests: 10, windowSeconds: WINDOW_SECONDS });
const perAddress = createLimiter({ name: "sign-in-address", requests: 60, windowSeconds: WINDOW_SECONDS });

/** Throws `rate_limited` when this person or this network address has tried too often of late. */
export async function limitTries(purpose: string, email: string, { address }: Device): Promise<void> {
  if (env().RATE_LIMITS === "off") return;
  const [person, place] = await Promise.all([perPerson(`${purpose} ${email}`), perAddress(`${purpose} ${address}`)]);
  const over = [person, place].find((rate) => rate.exceeded);
  if (over !== undefined)
    throw new AppError("rate_limited", waitWords(Number(over.headers["Retry-After"])), { headers: over.headers });
}

let decoy: Promise<string> | undefined;

/** A hash that no password has: an unknown address costs the same time as a wrong password. */
function decoyHash(): Promise<string> {
  decoy ??= hashPassword(crypto.randomUUID());
  return decoy;
}

export const normalEmail = (email: string): string => email.trim().toLowerCase();

/**
 * Signs in by password. Null when the address is unknown, has no password, or it is another one: a caller cannot tell
 * which. Throws `rate_limited`.
 */
export async function signInWithPassword(
  given: { email: string; password: string },
  device: Device,
): Promise<Opened | null> {
  const email = normalEmail(given.email);
  await limitTries("password", email, device);
  const found = await pool().query<{ id: string; email: string; password_hash: string | null }>(
    "SELECT id, email, password_hash FROM users WHERE email = $1",
    [email.replaceAll("\0", "")],
  );
  const [user] = found.rows;
  const isRight = await verifyPassword(given.password, user?.password_hash ?? (await decoyHash()));
  if (user === undefined || user.password_hash === null || !isRight) return null;
  const sessionId = await openSession(pool(), user.id, device.userAgent);
  return { userId: user.id, email: user.email, sessionId };
}
