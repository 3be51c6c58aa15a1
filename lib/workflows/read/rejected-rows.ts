import type { Db } from "@/lib/db/pool";
import type { RejectedPing } from "@/lib/workflows/schema";

type Row = Omit<RejectedPing, "rejected_at"> & { at: Date };
type Asked = { projectId: string; workflowId: string; below: number | null; limit: number };

/** Stage signals that a workflow refused, newest first, those below this id. */
export async function loadRejected(db: Db, { projectId, workflowId, below, limit }: Asked): Promise<RejectedPing[]> {
  const { rows } = await db.query<Row>(
    `SELECT id, instance_id, code, expected, received, agent AS agent_code, at, raw FROM rejected_pings
      WHERE project_id = $1 AND workflow_id = $2 AND id < coalesce($3::int8, 9223372036854775807) ORDER BY id DESC LIMIT $4`,
    [projectId, workflowId, below, limit],
  );
  return rows.map(({ at, ...rejected }) => ({ ...rejected, rejected_at: at.toISOString() }));
}
