import { invalid } from "@/lib/core/errors";
import type { Db } from "@/lib/db/pool";

type Place = { projectId: string; id: string };

/** Throws `invalid_input` unless these are channels of the project; they stay until the transaction ends. */
async function requireChannels(tx: Db, projectId: string, channelIds: string[]): Promise<void> {
  const found = await tx.query<{ id: string }>(
    "SELECT id FROM channels WHERE project_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR KEY SHARE",
    [projectId, channelIds],
  );
  const known = new Set(found.rows.map((row) => row.id));
  const at = channelIds.findIndex((id) => !known.has(id.toLowerCase()));
  if (at >= 0) throw invalid(`channels.${at}`, "is not a channel of this project");
}

/** Sends the alerts of a workflow to these channels alone; null: to every one of its project, also those still to come. */
export async function chooseChannels(tx: Db, { projectId, id }: Place, channelIds: string[] | null): Promise<void> {
  const chosen = channelIds ?? [];
  await requireChannels(tx, projectId, chosen);
  await tx.query("UPDATE workflows SET all_channels = $3 WHERE project_id = $1 AND id = $2", [
    projectId,
    id,
    channelIds === null,
  ]);
  await tx.query("DELETE FROM workflow_channels WHERE project_id = $1 AND workflow_id = $2", [projectId, id]);
  await tx.query(
    `INSERT INTO workflow_channels (project_id, workflow_id, channel_id)
     SELECT DISTINCT $1::uuid, $2, c.id FROM unnest($3::uuid[]) AS c (id)`,
    [projectId, id, chosen],
  );
}
