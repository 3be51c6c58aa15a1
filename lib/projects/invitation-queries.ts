import { type Caller, requireScope } from "@/lib/auth/caller";
import { type Page, toPage } from "@/lib/core/cursor";
import { sha256 } from "@/lib/core/ids";
import { type Db, pool } from "@/lib/db/pool";
import { getProject, position } from "./queries";
import { INVITATION_SELECT, type InvitationRow, invitationObject } from "./rows";
import type { InvitationObject, Offer, PageQuery } from "./schema";

/** An offer that still can be taken; of `invitations AS i`. */
export const LIVE_INVITATION = "i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now()";

/** The open offers of a project, also those that have run out, oldest first. */
export async function listInvitations(
  caller: Caller,
  asked: { projectId: string } & PageQuery,
  db: Db = pool(),
): Promise<Page<InvitationObject>> {
  requireScope(caller, "admin");
  await getProject(caller, asked.projectId, db);
  const found = await db.query<InvitationRow>(
    `${INVITATION_SELECT}
      WHERE i.project_id = $1 AND i.accepted_at IS NULL AND i.revoked_at IS NULL
        AND ($2::uuid IS NULL OR (i.created_at, i.id) >
             (SELECT created_at, id FROM invitations WHERE project_id = $1 AND id = $2))
      ORDER BY i.created_at, i.id LIMIT $3`,
    [asked.projectId, position(asked.cursor), asked.limit + 1],
  );
  return toPage(found.rows.map(invitationObject), asked.limit, (one) => [one.id]);
}

/** What a link offers, without using it up; null when it is unknown, used, withdrawn or too old. */
export async function findOffer(token: string): Promise<Offer | null> {
  const found = await pool().query<InvitationRow & { project_name: string }>(
    `${INVITATION_SELECT} WHERE i.hash = $1 AND ${LIVE_INVITATION}`,
    [sha256(token)],
  );
  const [row] = found.rows;
  return row === undefined
    ? null
    : { email: row.email, role: row.role, project: row.project_name, invited_by: invitationObject(row).invited_by };
}
