import type { Db } from "@/lib/db/pool";
import type { InstanceStatus } from "@/lib/workflows/schema";

/** How many of the newest instances the list shows of each workflow. */
export const STRIP_LENGTH = 20;

export type StripInstance = { id: string; status: InstanceStatus };

export const STRIPS = `
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

const WORDS: [InstanceStatus, string][] = [
  ["completed", "completed"],
  ["failed", "failed"],
  ["terminated", "terminated"],
  ["paused", "paused"],
  ["running", "running"],
];

/** A strip for those who do not see it: `Last 20 instances: 17 completed, 2 failed, 1 running.` */
export function stripWords(strip: readonly StripInstance[]): string {
  if (strip.length === 0) return "No instances yet.";
  const counts = WORDS.map(([status, word]) => [strip.filter((one) => one.status === status).length, word] as const);
  const parts = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return `Last ${strip.length === 1 ? "instance" : `${strip.length} instances`}: ${parts.join(", ")}.`;
}
