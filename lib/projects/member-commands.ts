import { audit } from "@/lib/auth/audit";
import { type Caller, type Role, requireScope } from "@/lib/auth/caller";
import { AppError, notFound } from "@/lib/core/errors";
import type { Db } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { lockProject } from "./lock";
import { MEMBER_SELECT, type MemberRow, memberObject } from "./rows";
import type { MemberObject } from "./schema";

export type MemberPath = { projectId: string; userId: string };

async function loadMember(tx: Db, { projectId, userId }: MemberPath): Promise<MemberRow> {
  const found = await tx.query<MemberRow>(`${MEMBER_SELECT} WHERE project_id = $1 AND user_id = $2`, [
    projectId,
    userId,
  ]);
  const [row] = found.rows;
  if (row === undefined) throw notFound("member");
  return row;
}

/** Throws `forbidden` unless the caller may give and take this role: what owners may, only owners decide. */
export function requireMaster(caller: Caller, role: Role): void {
  requireScope(caller, "admin");
  if (role === "owner" && caller.person?.role !== "owner")
    throw new AppError("forbidden", "Only an owner may make or remove owners.");
}

async function requireOtherOwner(tx: Db, { projectId, userId }: MemberPath): Promise<void> {
  const others = await tx.query(
    "SELECT 1 FROM memberships WHERE project_id = $1 AND user_id <> $2 AND role = 'owner' LIMIT 1",
    [projectId, userId],
  );
  if (others.rowCount === 0)
    throw new AppError("conflict", "This is the last owner. Make somebody else an owner first.");
}

/** What a person has offered in a role ends with that role. */
async function withdrawOffers(tx: Db, { projectId, userId }: MemberPath, left: Role | null): Promise<void> {
  await tx.query(
    `UPDATE invitations SET revoked_at = now()
      WHERE project_id = $1 AND invited_by = $2 AND accepted_at IS NULL AND revoked_at IS NULL
        AND (role = 'owner' OR NOT $3)`,
    [projectId, `user:${userId}`, left === "admin"],
  );
}

/** Gives a member another role. Throws `conflict` for the last owner. */
export async function changeRole(caller: Caller, path: MemberPath, role: Role): Promise<MemberObject> {
  requireMaster(caller, role);
  return transaction(async (tx) => {
    await lockProject(tx, caller, path.projectId);
    const member = await loadMember(tx, path);
    requireMaster(caller, member.role);
    if (member.role === role) return memberObject(member);
    if (member.role === "owner") await requireOtherOwner(tx, path);
    await tx.query("UPDATE memberships SET role = $3::role WHERE project_id = $1 AND user_id = $2", [
      path.projectId,
      path.userId,
      role,
    ]);
    if (role !== "owner") await withdrawOffers(tx, path, role);
    await audit(tx, caller, { action: `member.role.${role}`, subjectId: path.userId });
    return memberObject({ ...member, role });
  });
}

/** Takes a member out of a project; anybody may leave. Throws `conflict` for the last owner. */
export async function removeMember(caller: Caller, path: MemberPath): Promise<void> {
  const isLeaving = caller.person?.id === path.userId;
  if (!isLeaving) requireScope(caller, "admin");
  await transaction(async (tx) => {
    await lockProject(tx, caller, path.projectId);
    const member = await loadMember(tx, path);
    if (!isLeaving) requireMaster(caller, member.role);
    if (member.role === "owner") await requireOtherOwner(tx, path);
    await tx.query("DELETE FROM memberships WHERE project_id = $1 AND user_id = $2", [path.projectId, path.userId]);
    await withdrawOffers(tx, path, null);
    await audit(tx, caller, { action: isLeaving ? "member.leave" : "member.remove", subjectId: path.userId });
  });
}
