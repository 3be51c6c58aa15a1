import type { Db } from "@/lib/db/pool";
import { type Place, timesOf } from "./bounds";
import type { Range } from "./choices";

/** More are not counted: they must not keep a reader waiting. */
const MAX_COUNTED = 100_000;

const OF = "FROM misses WHERE project_id = $1 AND check_id = $2 AND expected_at >= $3 AND expected_at < $4";

/** How many expected signals of a stretch of time did not come; at most 100,000. */
export async function countMisses(db: Db, { projectId, checkId }: Place, range: Range): Promise<number> {
  const found = await db.query<{ count: number }>(
    `SELECT count(*) FROM (SELECT ${OF} LIMIT ${MAX_COUNTED}) AS counted`,
    [projectId, checkId, ...timesOf(range)],
  );
  return found.rows[0]?.count ?? 0;
}

type Part = { range: Range; order: "ASC" | "DESC"; limit: number };

/** The moments of missed signals in a stretch of time, in this order, as epoch milliseconds. */
export async function listMisses(
  db: Db,
  { projectId, checkId }: Place,
  { range, order, limit }: Part,
): Promise<number[]> {
  const found = await db.query<{ at: number }>(
    `SELECT date_part('epoch', expected_at) * 1000 AS at ${OF} ORDER BY expected_at ${order} LIMIT ${limit}`,
    [projectId, checkId, ...timesOf(range)],
  );
  return found.rows.map(({ at }) => Math.round(at));
}
