import type { Db } from "@/lib/db/pool";

/** Steps of instances, by their numbers: after one and before another, at most so many. */
type Range = { projectId: string; ids: readonly string[]; after: number; end: number; limit: number | null };

/** With how many steps as many bytes of payloads come as fit, and how many bytes those of all take. */
type Fitting = { nFitting: number; bytes: number };

// Only what was packed is unpacked to be measured: its size says little about what it becomes.
const SUMMED = `
  SELECT count(*) FILTER (WHERE bytes <= $6)::int AS "nFitting", coalesce(max(bytes), 0)::float8 AS bytes
    FROM (SELECT coalesce(sum(CASE WHEN pg_column_compression(payload) IS NULL THEN pg_column_size(payload)
                                   ELSE octet_length(payload::text) END) OVER (ORDER BY instance_id, ordinal), 0) AS bytes
            FROM (SELECT instance_id, ordinal, payload FROM stage_executions
                   WHERE project_id = $1 AND instance_id = ANY ($2) AND ordinal > $3 AND ordinal < $4
                   ORDER BY instance_id, ordinal LIMIT $5) AS part) AS summed`;

/** Null when the payloads of steps take at most `max` bytes, so that a process that holds them all at once stays whole. */
export async function beyondBytes(
  db: Db,
  { projectId, ids, after, end, limit }: Range,
  max: number,
): Promise<Fitting | null> {
  const values = [projectId, ids, after, end, limit, max];
  const { rows } = await db.query<Fitting>({ name: "payload-bytes", text: SUMMED, values });
  const [found] = rows;
  return found === undefined || found.bytes <= max ? null : found;
}

const MEGABYTE = 1024 * 1024;

/** Bytes as people say them. */
export const megabytes = (bytes: number): string => `${Math.ceil(bytes / MEGABYTE).toLocaleString("en")} MiB`;
