import { invalid } from "@/lib/core/errors";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import type { Caller } from "./caller";
import type { Device } from "./device";
import { hashPassword, verifyPassword } from "./password";
import type { AccountChange, AccountObject, PasswordChange } from "./schema";
import { requirePerson } from "./session-caller";
import { endOtherSessions, endSession, listSessions, type SessionObject } from "./sessions";
import { limitTries } from "./sign-in";

const COLUMNS = "id, email, name, password_hash IS NOT NULL AS has_password";

/** The account of the person who calls. */
export async function getAccount(caller: Caller): Promise<AccountObject> {
  const found = await pool().query<AccountObject>(`SELECT ${COLUMNS} FROM users WHERE id = $1`, [
    requirePerson(caller).id,
  ]);
  const [row] = found.rows;
  if (row === undefined) throw new Error("a signed-in person has no row");
  return row;
}

/** Changes what others see of the person. */
export async function updateAccount(caller: Caller, { name }: AccountChange): Promise<AccountObject> {
  await pool().query("UPDATE users SET name = $2 WHERE id = $1", [requirePerson(caller).id, name]);
  return getAccount(caller);
}

/**
 * Sets a new password and ends every other sign-in. Throws `invalid_input` when the present one is not right and
 * `rate_limited` after too many tries.
 */
export async function changePassword(caller: Caller, change: PasswordChange): Promise<void> {
  const { id, email, sessionId } = requirePerson(caller);
  const device: Device = { address: id, userAgent: "" };
  await limitTries("change", email, device);
  const found = await pool().query<{ password_hash: string | null }>("SELECT password_hash FROM users WHERE id = $1", [
    id,
  ]);
  const present = found.rows[0]?.password_hash ?? null;
  if (present !== null && !(await verifyPassword(change.current_password, present)))
    throw invalid("current_password", "is not your present password");
  const hash = await hashPassword(change.password);
  await transaction(async (tx) => {
    await tx.query("UPDATE users SET password_hash = $2 WHERE id = $1", [id, hash]);
    await endOtherSessions(id, sessionId, tx);
  });
}

/** Where the person is signed in. */
export async function listOwnSessions(caller: Caller): Promise<SessionObject[]> {
  const { id, email, name, sessionId } = requirePerson(caller);
  return listSessions({ user: { id, email, name }, sessionId });
}

/** Signs the person out on one device. */
export async function endOwnSession(caller: Caller, sessionId: string): Promise<void> {
  await endSession(requirePerson(caller).id, sessionId);
}

/** Signs the person out everywhere else. */
export async function endOwnOtherSessions(caller: Caller): Promise<void> {
  const { id, sessionId } = requirePerson(caller);
  await endOtherSessions(id, sessionId);
}
