import { firstSince, type Place } from "@/lib/checks/history/bounds";
import type { Db } from "@/lib/db/pool";
import type { Details } from "@/lib/ingest/signal";

/** A run whose signals are wanted. */
export type Heard = { id: string; rid: string | null; started_at: Date; ended_at: Date | null };
/** What the signals at both its ends said. */
export type Said = { start: Details | null; end: Details | null };

/** So many signals of one moment are looked through: as many as come together. */
const TOGETHER = 200;

/**
 * What the start and the end of each run said. A run is as old as its start and ends with its end, so both are found by
 * their moment; signals that retention has removed say nothing.
 */
export async function loadSaid(db: Db, place: Place, runs: Heard[]): Promise<Map<string, Said>> {
  const wanted = runs.flatMap(({ id, rid, started_at: start, ended_at: end }) => [
    { id, rid, at: start, isStart: true },
    ...(end === null ? [] : [{ id, rid, at: end, isStart: false }]),
  ]);
  // Dates here know milliseconds only, the database knows more.
  const numbers = await firstSince(
    db,
    place,
    wanted.map(({ at }) => at.getTime() - 1),
  );
  const said = new Map<string, Said>(runs.map(({ id }) => [id, { start: null, end: null }]));
  if (numbers.length === 0) return said;
  const found = await db.query<{ place: number; details: Details | null }>(
    `SELECT place, details FROM unnest($3::bigint[], $4::timestamptz[], $5::text[], $6::boolean[])
            WITH ORDINALITY AS wanted (since, at, run, is_start, place), LATERAL (
            SELECT details FROM pings
             WHERE project_id = $1 AND check_id = $2 AND n >= since AND n < since + ${TOGETHER}
               AND abs(extract(epoch FROM created_at - at)) <= 0.001 AND rid IS NOT DISTINCT FROM run
               AND kind = ANY (CASE WHEN is_start THEN '{start}' ELSE '{success,fail}' END::ping_kind[])
             ORDER BY n LIMIT 1) AS signal`,
    [
      place.projectId,
      place.checkId,
      numbers,
      wanted.map(({ at }) => at.toISOString()),
      wanted.map(({ rid }) => rid),
      wanted.map(({ isStart }) => isStart),
    ],
  );
  for (const row of found.rows) {
    const { id = "", isStart } = wanted[row.place - 1] ?? {};
    const known = said.get(id) ?? { start: null, end: null };
    said.set(id, isStart === true ? { ...known, start: row.details } : { ...known, end: row.details });
  }
  return said;
}
