import { audit } from "@/lib/auth/audit";
import type { Caller } from "@/lib/auth/caller";
import type { Device } from "@/lib/auth/device";
import { canMail, sendLetter } from "@/lib/auth/letter";
import { hashPassword } from "@/lib/auth/password";
import { requirePerson } from "@/lib/auth/session-caller";
import { limitTries, normalEmail } from "@/lib/auth/sign-in";
import { insertPerson } from "@/lib/auth/users";
import { AppError, notFound } from "@/lib/core/errors";
import { randomToken, sha256 } from "@/lib/core/ids";
import type { Db } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { LIVE_INVITATION } from "./invitation-queries";
import { lockProject } from "./lock";
import { requireMaster } from "./member-commands";
import { INVITATION_SELECT, type InvitationRow, invitationObject } from "./rows";
import type { InvitationObject, InvitedSignUp, IssuedInvitation, NewInvitation } from "./schema";

const LIFE_SECONDS = 604_800;
const TOKEN_LENGTH = 43; // letters and digits with 256 bits between them

export type InvitationPath = { projectId: string; invitationId: string };

async function requireStranger(tx: Db, projectId: string, email: string): Promise<void> {
  const known = await tx.query(
    "SELECT 1 FROM users JOIN memberships ON user_id = users.id WHERE email = $2 AND project_id = $1",
    [projectId, email],
  );
  if (known.rowCount !== 0) throw new AppError("conflict", "This person is a member already.");
}

async function loadInvitation(tx: Db, id: string): Promise<InvitationObject & { projectName: string }> {
  const found = await tx.query<InvitationRow & { project_name: string }>(`${INVITATION_SELECT} WHERE i.id = $1`, [id]);
  const [row] = found.rows;
  if (row === undefined) throw new Error("the invitation just made has no row");
  return { ...invitationObject(row), projectName: row.project_name };
}

type Fresh = NewInvitation & { projectId: string; token: string };

async function insertInvitation(tx: Db, caller: Caller, { projectId, email, role, token }: Fresh): Promise<string> {
  // A new offer replaces the one before, so that one link at a time leads in.
  await tx.query(
    `UPDATE invitations SET revoked_at = now()
      WHERE project_id = $1 AND email = $2 AND accepted_at IS NULL AND revoked_at IS NULL`,
    [projectId, email],
  );
  const made = await tx.query<{ id: string }>(
    `INSERT INTO invitations (project_id, email, role, hash, invited_by, expires_at)
     VALUES ($1, $2, $3::role, $4, $5, now() + make_interval(secs => $6)) RETURNING id`,
    [projectId, email, role, sha256(token), caller.actor, LIFE_SECONDS],
  );
  return made.rows[0]?.id ?? "";
}

type Mailed = { to: string; link: string; projectName: string; inviter: string };

/** Whether the letter left. An invitation stands without it, because its link can be handed over. */
async function mailInvitation({ to, link, projectName, inviter }: Mailed): Promise<boolean> {
  if (!canMail()) return false;
  const letter = {
    to,
    link,
    subject: `You are invited to ${projectName} on Pulsetrail`,
    sentence: `${inviter} invites you to the project "${projectName}". The link works once, for 7 days.`,
    action: "See the invitation",
    why: "You get this mail because your address was typed in at Pulsetrail. If you do not know why, ignore it.",
  };
  return sendLetter(letter).then(
    () => true,
    (error: unknown) => {
      log.warn({ err: error }, "an invitation was not mailed");
      return false;
    },
  );
}

/** Offers somebody a role in the project. Throws `conflict` for a member, `rate_limited` after many offers. */
export async function invite(caller: Caller, projectId: string, given: NewInvitation): Promise<IssuedInvitation> {
  requireMaster(caller, given.role);
  const email = normalEmail(given.email);
  await limitTries("invite", email, { address: caller.actor, userAgent: "" });
  const token = randomToken(TOKEN_LENGTH);
  const { projectName, ...invitation } = await transaction(async (tx) => {
    await lockProject(tx, caller, projectId);
    await requireStranger(tx, projectId, email);
    const id = await insertInvitation(tx, caller, { projectId, email, role: given.role, token });
    await audit(tx, caller, { action: "invitation.create", subjectId: id });
    return loadInvitation(tx, id);
  });
  const link = `${env().BASE_URL}/invite/${token}`;
  const mailed = await mailInvitation({ to: email, link, projectName, inviter: invitation.invited_by });
  return { ...invitation, link, mailed };
}

/** Withdraws an offer; its link leads nowhere from then on. Doing it again changes nothing. */
export async function revokeInvitation(caller: Caller, { projectId, invitationId }: InvitationPath): Promise<void> {
  requireMaster(caller, "viewer");
  await transaction(async (tx) => {
    await lockProject(tx, caller, projectId);
    const revoked = await tx.query(
      `UPDATE invitations SET revoked_at = coalesce(revoked_at, now())
        WHERE project_id = $1 AND id = $2 AND accepted_at IS NULL`,
      [projectId, invitationId],
    );
    if (revoked.rowCount === 0) throw notFound("invitation");
    await audit(tx, caller, { action: "invitation.revoke", subjectId: invitationId });
  });
}

type Taken = { id: string; project_id: string; email: string; role: string };

/** Uses an invitation up. The project is locked first, as everywhere, so that nothing waits in a circle. */
async function take(tx: Db, token: string): Promise<Taken> {
  const hash = sha256(token);
  await tx.query(
    "SELECT id FROM projects WHERE id = (SELECT project_id FROM invitations WHERE hash = $1) FOR NO KEY UPDATE",
    [hash],
  );
  const taken = await tx.query<Taken>(
    `UPDATE invitations AS i SET accepted_at = now() WHERE hash = $1 AND ${LIVE_INVITATION}
     RETURNING id, project_id, email, role`,
    [hash],
  );
  const [row] = taken.rows;
  if (row === undefined) throw notFound("invitation");
  return row;
}

async function join(tx: Db, userId: string, { id, project_id: projectId, role }: Taken): Promise<void> {
  const joined = await tx.query(
    "INSERT INTO memberships (project_id, user_id, role) VALUES ($1, $2, $3::role) ON CONFLICT DO NOTHING",
    [projectId, userId, role],
  );
  if (joined.rowCount === 0) throw new AppError("conflict", "You are a member of this project already.");
  const entry = { action: "invitation.accept", subjectId: id, projectId };
  await audit(tx, { kind: "session", projectId, actor: `user:${userId}`, scopes: new Set() }, entry);
}

/** Joins the signed-in person. Throws `not_found` for any token that no open offer has. */
export async function acceptInvitation(caller: Caller, token: string): Promise<{ project_id: string }> {
  const { id } = requirePerson(caller);
  return transaction(async (tx) => {
    const taken = await take(tx, token);
    await join(tx, id, taken);
    return { project_id: taken.project_id };
  });
}

/**
 * Makes an account for the invited address, also where sign-up is closed, and joins it. The address stays unproven,
 * because whoever invites sees the link too. Throws `conflict` when the address has an account.
 */
export async function signUpInvited(
  given: InvitedSignUp,
  device: Device,
): Promise<{ email: string; project_id: string }> {
  await limitTries("invited", sha256(given.token).toString("base64"), device);
  const passwordHash = await hashPassword(given.password);
  return transaction(async (tx) => {
    const taken = await take(tx, given.token);
    const person = { email: taken.email, name: given.name, passwordHash, isVerified: false };
    const userId = await insertPerson(tx, person);
    if (userId === null)
      throw new AppError("conflict", "This address has an account already. Sign in with it to accept.");
    await join(tx, userId, taken);
    return { email: taken.email, project_id: taken.project_id };
  });
}
