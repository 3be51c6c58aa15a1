import type { Db } from "@/lib/db/pool";
import type { Kind } from "@/lib/workflows/definition";
import { stageOf } from "@/lib/workflows/path";
import type { RejectedPing } from "@/lib/workflows/schema";

type Row = Omit<RejectedPing, "rejected_at" | "expected" | "received"> & {
  at: Date;
  expected: string | null;
  received: string | null;
};
type Asked = { projectId: string; workflowId: string; kind: Kind; below: number | null; limit: number };

/** Stage signals that a workflow refused, newest first, those below this id. */
export async function loadRejected(
  db: Db,
  { projectId, workflowId, kind, below, limit }: Asked,
): Promise<RejectedPing[]> {
  const { rows } = await db.query<Row>(
    `SELECT id, instance_id, code, expected, received, agent AS agent_code, at, raw FROM rejected_pings
      WHERE project_id = $1 AND workflow_id = $2 AND id < coalesce($3::int8, 9223372036854775807) ORDER BY id DESC LIMIT $4`,
    [projectId, workflowId, below, limit],
  );
  const shown = (path: string | null) => (path === null ? null : stageOf(kind, path));
  return rows.map(({ at, expected, received, ...rejected }) => ({
    ...rejected,
    expected: shown(expected),
    received: shown(received),
    rejected_at: at.toISOString(),
  }));
}
