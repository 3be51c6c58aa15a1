import type { Role } from "@/lib/auth/caller";
import { pool } from "@/lib/db/pool";

export type ProjectOfPerson = { id: string; name: string; role: Role };

/** The projects a person belongs to, in the order they joined them. */
export async function listProjectsOf(userId: string): Promise<ProjectOfPerson[]> {
  const found = await pool().query<ProjectOfPerson>(
    `SELECT projects.id, projects.name, role FROM memberships JOIN projects ON projects.id = project_id
      WHERE user_id = $1 ORDER BY memberships.created_at, projects.id LIMIT 100`,
    [userId],
  );
  return found.rows;
}
