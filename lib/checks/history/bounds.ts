import type { Db } from "@/lib/db/pool";
import type { Range } from "./choices";

/** A check of a project. */
export type Place = { projectId: string; checkId: string };
/** Numbers of signals: from `first` on, before `end`. */
export type Bounds = { first: number; end: number };

/**
 * Signals have no index on their time, which every one of them would pay for. Their numbers grow with time, so a moment is
 * found by halving: one look-up by primary key for each step, about twenty among a million. Numbers may be missing.
 */
const SEARCH = `
  WITH RECURSIVE ends AS (
    SELECT (SELECT n FROM pings WHERE project_id = $1 AND check_id = $2 ORDER BY n LIMIT 1) AS low,
           (SELECT n FROM pings WHERE project_id = $1 AND check_id = $2 ORDER BY n DESC LIMIT 1) + 1 AS high
  ), search AS (
    SELECT at, place, low, high FROM ends, unnest($3::timestamptz[]) WITH ORDINALITY AS asked (at, place) WHERE low IS NOT NULL
     UNION ALL
    SELECT search.at, search.place, CASE WHEN is_before THEN found.n + 1 ELSE low END, CASE WHEN is_before THEN high ELSE (low + high) / 2 END
      FROM search, LATERAL (
             SELECT n, created_at < search.at AS is_before FROM pings
              WHERE project_id = $1 AND check_id = $2 AND n >= (low + high) / 2 ORDER BY n LIMIT 1) AS found
     WHERE low < high
  )
  SELECT low AS n FROM search WHERE low >= high ORDER BY place`;

/** For each moment the number of the first signal at or after it, or the one after the last; none without signals. */
export async function firstSince(db: Db, { projectId, checkId }: Place, moments: number[]): Promise<number[]> {
  const found = await db.query<{ n: number }>(SEARCH, [projectId, checkId, moments.map(timeOf)]);
  return found.rows.map(({ n }) => n);
}

/** Within what PostgreSQL takes, before and after anything that was ever recorded. */
const [NEVER, ALWAYS] = [0, Date.UTC(9000, 0)];
const within = (moment: number): number => Math.min(Math.max(moment, NEVER), ALWAYS);

const endsOf = ({ from, to }: Range): [number, number] => [within(from ?? NEVER), within(to ?? ALWAYS)];
const timeOf = (moment: number): string => new Date(moment).toISOString();

/** The ends of a stretch of time as PostgreSQL takes them. */
export const timesOf = (range: Range): string[] => endsOf(range).map(timeOf);

/** The numbers of the signals within a stretch of time; the same twice when there are none. */
export async function boundsOf(db: Db, place: Place, range: Range): Promise<Bounds> {
  const [first = 0, end = 0] = await firstSince(db, place, endsOf(range));
  return { first, end: Math.max(first, end) };
}
