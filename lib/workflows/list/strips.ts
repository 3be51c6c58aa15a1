import type { Db } from "@/lib/db/pool";
import { STRIP_LENGTH, type StripInstance } from "./strip-words";

const STRIPS = `
  SELECT w.id AS workflow_id, s.id, s.status FROM unnest($2::text[]) AS w (id)
   CROSS JOIN LATERAL (SELECT id, status, started_at, seq FROM instances
                        WHERE project_id = $1 AND workflow_id = w.id ORDER BY started_at DESC, seq DESC LIMIT ${STRIP_LENGTH}) s
   ORDER BY s.started_at, s.seq`;

/** The newest instances of each of these workflows, oldest first, by the workflow's id. */
export async function loadStrips(db: Db, projectId: string, ids: string[]): Promise<Map<string, StripInstance[]>> {
  const strips = new Map<string, StripInstance[]>(ids.map((id) => [id, []]));
  const { rows } = await db.query<StripInstance & { workflow_id: string }>(STRIPS, [projectId, ids]);
  for (const { workflow_id: workflowId, ...instance } of rows) strips.get(workflowId)?.push(instance);
  return strips;
}
