import { type Database, makeProject } from "./databases";

/** Checks that one workload pings and no other touches, so that what is stored can be compared with what was answered. */
export type Fleet = { database: Database; pingKey: string; checks: { id: string; slug: string; token: string }[] };

/** What a workload stores into, so that what is there can be compared with what was answered. */
export type Audited = {
  database: Database;
  /** How many signals it has counted. */
  counted: () => Promise<number>;
  /** How many of its subjects lack a signal or have one too many. */
  broken: () => Promise<number>;
};

/** The checks of a fleet as `Audited`. */
export const auditedFleet = (fleet: Fleet): Audited => ({
  database: fleet.database,
  counted: () => countedPings(fleet),
  broken: () => findBroken(fleet),
});

type Shape = { size?: number; schedules?: string[] };

const PERIOD = "3600, NULL";

/** Makes checks that are up and not due for more than an hour, with periods or with the given cron schedules in turn. */
export async function makeFleet(database: Database, { size = 1000, schedules }: Shape = {}): Promise<Fleet> {
  const project = await makeProject(database);
  const made = await database.pool.query<{ id: string; slug: string; token: string }>(
    `INSERT INTO checks (project_id, name, slug, grace_seconds, status, last_ping_at, due_at, watch_at, timeout_seconds, schedule, time_zone)
     SELECT $1, 'job ' || i, 'job-' || i, 600, 'up', now(), now() + interval '70 minutes', now() + interval '70 minutes',
            ${schedules === undefined ? PERIOD : "NULL, ($3::text[])[1 + i % array_length($3, 1)]"}, 'Europe/Riga'
       FROM generate_series(1, $2) AS i RETURNING id, slug, heartbeat_token AS token`,
    [project.id, size, ...(schedules === undefined ? [] : [schedules])],
  );
  await database.pool.query("ANALYZE checks");
  return { database, pingKey: project.pingKey, checks: made.rows };
}

/** Takes 1,000 checks of a filled database. */
export async function takeFleet(database: Database): Promise<Fleet> {
  const taken = await database.pool.query<{ id: string; slug: string; token: string }>(
    "SELECT id, slug, heartbeat_token AS token FROM checks ORDER BY md5(id::text) LIMIT 1000",
  );
  return { database, pingKey: "", checks: taken.rows };
}

const idsOf = (fleet: Fleet): string[] => fleet.checks.map((check) => check.id);

/** How many pings these checks have counted. */
export async function countedPings(fleet: Fleet): Promise<number> {
  const found = await fleet.database.pool.query<{ n: number }>(
    "SELECT sum(n_pings)::float8 AS n FROM checks WHERE id = ANY ($1::uuid[])",
    [idsOf(fleet)],
  );
  return found.rows[0]?.n ?? Number.NaN;
}

/**
 * How many checks lack a ping or have one too many: for each, the stored pings must be numbered without a gap from the
 * first that retention left to the last that was counted.
 */
async function brokenChecks(fleet: Fleet): Promise<number> {
  const found = await fleet.database.pool.query<{ broken: number }>(
    `SELECT count(*)::int AS broken FROM (
       SELECT c.n_pings, c.pruned_through, count(p.n) AS stored, min(p.n) AS first, max(p.n) AS last
         FROM checks c LEFT JOIN pings p ON p.project_id = c.project_id AND p.check_id = c.id
        WHERE c.id = ANY ($1::uuid[]) GROUP BY c.project_id, c.id) AS seen
      WHERE stored <> n_pings - pruned_through OR (stored > 0 AND (first <> pruned_through + 1 OR last <> n_pings))`,
    [idsOf(fleet)],
  );
  return found.rows[0]?.broken ?? Number.NaN;
}

/** The same, after giving retention the time to note what it has just removed. */
export async function findBroken(fleet: Fleet): Promise<number> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    if ((await brokenChecks(fleet)) === 0) return 0;
    await new Promise((resume) => setTimeout(resume, 500));
  }
  return brokenChecks(fleet);
}
