import { pool } from "@/lib/db/pool";

/** The newest pings of a check that are kept. */
const KEPT_PINGS = 1000;
/** Checks are pruned when this many pings are to go, so that each visit is worth its cost. */
const SLACK = 100;
const CHECKS_AT_ONCE = 2000;
const SIGNALS_AT_ONCE = 5000;

type Excess = { project_id: string; id: string; through: number };

/**
 * Removes pings beyond the newest 1,000 of each check, and the numbers they came with, in small statements outside of any request. Walks the checks in
 * id order from where the last call stopped. Returns how many rows it removed.
 */
export async function prunePings(deadline: number): Promise<number> {
  let removed = 0;
  for (const check of await nextExcess()) {
    if (performance.now() > deadline) break;
    removed += await pruneCheck(check, deadline);
  }
  return removed;
}

async function nextExcess(): Promise<Excess[]> {
  const seen = await pool().query<Excess & { excess: boolean }>(
    `SELECT project_id, id, n_pings - $1 AS through, n_pings - pruned_through > $1 + $2 AS excess FROM checks
      WHERE id > coalesce((SELECT prune_cursor FROM system_state WHERE id = 1), '00000000-0000-0000-0000-000000000000')
      ORDER BY id LIMIT $3`,
    [KEPT_PINGS, SLACK, CHECKS_AT_ONCE],
  );
  const last = seen.rows.length < CHECKS_AT_ONCE ? null : (seen.rows.at(-1)?.id ?? null);
  await pool().query("UPDATE system_state SET prune_cursor = $1 WHERE id = 1", [last]);
  return seen.rows.filter((row) => row.excess);
}

/** Numbers first, so that none outlives its signal. */
const TABLES = ["metric_points", "pings"];

/** An array and not IN: while nothing is known of a young table, a join would read what is to go for every row. */
const removal = (table: string): string =>
  `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
     SELECT ctid FROM ${table} WHERE project_id = $1 AND check_id = $2 AND n <= $3 LIMIT ${SIGNALS_AT_ONCE}))`;

async function pruneCheck({ project_id, id, through }: Excess, deadline: number): Promise<number> {
  let removed = 0;
  for (const table of TABLES) {
    for (let last = SIGNALS_AT_ONCE; last === SIGNALS_AT_ONCE; removed += last) {
      if (performance.now() > deadline) return removed;
      last = (await pool().query(removal(table), [project_id, id, through])).rowCount ?? 0;
    }
  }
  await pool().query("UPDATE checks SET pruned_through = greatest(pruned_through, $2) WHERE id = $1", [id, through]);
  return removed;
}

/** Removes what is only kept for a day: the first answers of idempotent requests. Returns how many. */
export async function pruneIdempotencyKeys(): Promise<number> {
  const gone = await pool().query("DELETE FROM idempotency_keys WHERE created_at < now() - interval '24 hours'");
  return gone.rowCount ?? 0;
}

/** How long history is kept that nothing open refers to: a quarter, as the reference service does for flips. */
const KEPT_DAYS = 93;
/** How long sums of costs are kept: a year can be asked for and is compared with the one before, in any time zone. */
const KEPT_SUMS_DAYS = 735;
const ROWS_AT_ONCE = 5000;

/**
 * Runs, flips and misses have no index for their age: a BRIN one never forgets the oldest moment its pages have held, so once
 * they are filled anew it leads to all of them.
 */
const OLD = [
  ["runs", `ended_at < now() - interval '${KEPT_DAYS} days'`],
  ["flips", `at < now() - interval '${KEPT_DAYS} days'`],
  ["misses", `expected_at < now() - interval '${KEPT_DAYS} days'`],
  // Their deliveries go with them.
  ["alerts", `resolved_at < now() - interval '${KEPT_DAYS} days'`],
  // With their links, votes and trails.
  ["approvals", "decided_at < now() - interval '1 year'"],
  // Instances keep what they were made from and where.
  ["replay_sessions", "created_at < now() - interval '1 year'"],
  ["audit_entries", "created_at < now() - interval '1 year'"],
  ["cost_rollups", `day < current_date - ${KEPT_SUMS_DAYS}`],
  ["cost_tags", `day < current_date - ${KEPT_SUMS_DAYS}`],
  ["cost_days", `day < current_date - ${KEPT_SUMS_DAYS}`],
  ["cost_reservations", "expires_at < now()"],
  ["verifications", "expires_at < now() - interval '1 day'"],
  ["user_sessions", "expires_at < now() - interval '1 day'"],
] as const;

/**
 * Removes old runs, flips, misses, resolved alerts with their deliveries, approvals, replay sessions, audit entries, sums of
 * costs, reservations, links and sign-ins. Returns how many rows.
 */
export async function pruneHistory(deadline: number): Promise<number> {
  let removed = 0;
  for (const [table, isOld] of OLD) {
    if (performance.now() > deadline) break;
    const gone = await pool().query(
      `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${isOld} LIMIT ${ROWS_AT_ONCE}))`,
    );
    removed += gone.rowCount ?? 0;
  }
  return removed;
}
