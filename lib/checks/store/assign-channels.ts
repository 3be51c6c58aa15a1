import { AppError } from "@/lib/core/errors";
import type { Db } from "@/lib/db/pool";

type Channel = { id: string; name: string };

/**
 * The channels an input names: `*` for all, blank for none, else ids or exact names separated by commas. They stay until
 * the transaction ends. Throws `invalid_input` in the reference's own words.
 */
export async function resolveChannels(tx: Db, projectId: string, wanted: string): Promise<string[]> {
  if (wanted === "") return [];
  const found = await tx.query<Channel>(
    "SELECT id, name FROM channels WHERE project_id = $1 ORDER BY id FOR KEY SHARE",
    [projectId],
  );
  if (wanted === "*") return found.rows.map((channel) => channel.id);
  return [...new Set(wanted.split(",").map((name) => pick(found.rows, name)))];
}

function pick(channels: Channel[], name: string): string {
  if (name === "") throw new AppError("invalid_input", "empty channel identifier");
  const [match, second] = channels.filter((channel) => channel.id === name || channel.name === name);
  if (match === undefined) throw new AppError("invalid_input", `invalid channel identifier: ${name}`);
  if (second !== undefined) throw new AppError("invalid_input", `non-unique channel identifier: ${name}`);
  return match.id;
}

/** Makes these the channels of a check, and no others. */
export async function assignChannels(
  tx: Db,
  check: { projectId: string; id: string },
  channelIds: string[],
): Promise<void> {
  const values = [check.projectId, check.id, channelIds];
  await tx.query(
    "DELETE FROM check_channels WHERE project_id = $1 AND check_id = $2 AND channel_id <> ALL ($3::uuid[])",
    values,
  );
  await tx.query(
    `INSERT INTO check_channels (project_id, check_id, channel_id)
     SELECT $1, $2, id FROM unnest($3::uuid[]) AS c (id) ON CONFLICT DO NOTHING`,
    values,
  );
}
