import pg from "pg";
import { bringUpToDate } from "@/lib/boot/database";
import type { EmbeddedServer } from "@/lib/db/embedded";

/** A database of the bench's server, brought to the committed schema. */
export type Database = { url: string; pool: pg.Pool };

/** So many stored pings of each check that the pings of the bench do not reach the number kept. */
const PINGS_PER_CHECK = 500;

function createPool(connectionString: string, max: number): pg.Pool {
  // The server may stop before the last idle connection has gone: no reason to lose what was measured.
  return new pg.Pool({ connectionString, max }).on("error", () => undefined);
}

export async function createDatabase(server: EmbeddedServer, name: string): Promise<Database> {
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const maintenance = createPool(server.url, 1);
  await maintenance.query(`CREATE DATABASE ${name}`);
  await maintenance.end();
  await bringUpToDate(url.href, new AbortController().signal);
  return { url: url.href, pool: createPool(url.href, 3) };
}

export async function makeProject({ pool }: Database): Promise<{ id: string; pingKey: string }> {
  const made = await pool.query<{ id: string; pingKey: string }>(
    `INSERT INTO projects (name, ping_key, webhook_secret) VALUES ('bench', left(replace(gen_random_uuid()::text, '-', ''), 22), 'none')
     RETURNING id, ping_key AS "pingKey"`,
  );
  const project = made.rows[0];
  if (project === undefined) throw new Error("INSERT … RETURNING gave no row");
  return project;
}

/** Constraints cost more than the rows themselves when millions are added, so they are put back afterwards. */
async function withoutConstraints(pool: pg.Pool, work: () => Promise<void>): Promise<void> {
  const found = await pool.query<{ name: string; definition: string }>(
    `SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
      WHERE conrelid = 'pings'::regclass AND contype IN ('p', 'f') ORDER BY contype DESC`,
  );
  for (const { name } of found.rows) await pool.query(`ALTER TABLE pings DROP CONSTRAINT "${name}"`);
  await work();
  for (const { name, definition } of found.rows)
    await pool.query(`ALTER TABLE pings ADD CONSTRAINT "${name}" ${definition}`);
}

/** How much is in a database before a workload begins. */
export type Filling = { checks: number; pingsPerCheck: number };

/** So many checks with so many pings in all, at most 500 for each. */
export function fillingOf(pings: number): Filling {
  const pingsPerCheck = Math.min(PINGS_PER_CHECK, Math.ceil(pings / 1000));
  return { checks: Math.ceil(pings / pingsPerCheck), pingsPerCheck };
}

/** Makes checks and stores their pings in the order of time, and leaves the tables as a quiet night would. */
export async function fill(database: Database, { checks, pingsPerCheck }: Filling): Promise<void> {
  const { id } = await makeProject(database);
  const pool = createPool(database.url, 1); // settings below are those of one session
  await pool.query("SET maintenance_work_mem = '512MB'");
  await pool.query(
    `INSERT INTO checks (project_id, name, slug, timeout_seconds, grace_seconds, status, last_ping_at, due_at, watch_at, n_pings)
     SELECT $1, 'job ' || i, 'job-' || i, 3600, 600, 'up', now(), now() + interval '70 minutes', now() + interval '70 minutes', $3
       FROM generate_series(1, $2) AS i`,
    [id, checks, pingsPerCheck],
  );
  await withoutConstraints(pool, async () => {
    for (let n = 1; n <= pingsPerCheck; n += 1) {
      await pool.query(
        `INSERT INTO pings (project_id, check_id, n, kind, source, created_at, scheme, remote_addr, method, user_agent)
         SELECT project_id, id, $1::int, 'success', 'healthchecks', now() - ($2::int - $1::int) * interval '1 hour', 'http', '127.0.0.1', 'GET', 'curl/8.14.1'
           FROM checks`,
        [n, pingsPerCheck],
      );
    }
  });
  await pool.query("VACUUM (FREEZE, ANALYZE) pings");
  await pool.query("VACUUM ANALYZE checks");
  await pool.query("CHECKPOINT");
  await pool.end();
}

/** Bytes that a ping takes in the table and in its index. */
export async function bytesPerPing({ pool }: Database): Promise<{ heap: number; index: number }> {
  const found = await pool.query<{ heap: number; index: number }>(
    `SELECT (pg_relation_size('pings') / count(*))::float8 AS heap, (pg_indexes_size('pings') / count(*))::float8 AS index FROM pings`,
  );
  return found.rows[0] ?? { heap: Number.NaN, index: Number.NaN };
}

/** What the database server has written to its log for durability so far. */
export async function written({ pool }: Database): Promise<{ walBytes: number; flushes: number }> {
  const found = await pool.query<{ walBytes: number; flushes: number }>(
    `SELECT (pg_current_wal_insert_lsn() - '0/0')::float8 AS "walBytes",
            (SELECT sum(fsyncs)::float8 FROM pg_stat_io WHERE object = 'wal') AS flushes`,
  );
  return found.rows[0] ?? { walBytes: Number.NaN, flushes: Number.NaN };
}

/** Such as 18.4. */
export async function postgresVersion(url: string): Promise<string> {
  const pool = createPool(url, 1);
  const found = await pool.query<{ version: string }>("SELECT current_setting('server_version') AS version");
  await pool.end();
  return found.rows[0]?.version ?? "";
}
