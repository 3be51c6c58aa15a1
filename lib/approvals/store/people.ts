import type { Role } from "@/lib/auth/caller";
import { scopesOf } from "@/lib/auth/session-caller";
import { plainArray } from "@/lib/db/columns";
import type { Db } from "@/lib/db/pool";

/** A person who may approve in a project. */
export type Approver = { id: string; email: string };

type Row = { project_id: string; id: string; email: string; role: Role };

/** Who may approve in these projects, by the project, the longest a member first. */
export async function approversOf(tx: Db, projectIds: string[]): Promise<Map<string, Approver[]>> {
  const { rows } = await tx.query<Row>({
    name: "approvers-of-projects",
    text: `SELECT m.project_id, u.id, u.email, m.role FROM memberships m JOIN users u ON u.id = m.user_id
            WHERE m.project_id = ANY ($1::uuid[]) ORDER BY m.created_at, u.id`,
    values: [plainArray(projectIds)],
  });
  const people = new Map<string, Approver[]>();
  for (const { project_id, id, email, role } of rows) {
    if (!scopesOf(role).has("approve")) continue;
    const known = people.get(project_id);
    if (known === undefined) people.set(project_id, [{ id, email }]);
    else known.push({ id, email });
  }
  return people;
}
