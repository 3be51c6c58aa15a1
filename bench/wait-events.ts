import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "./databases";

const PAUSE_MS = 5;

/** What the database's connections are busy with, as mean numbers of connections: running, waiting for what, for whom. */
export async function sampleBackends({ pool }: Database, ms: number): Promise<string> {
  const seen = new Map<string, number>();
  const endAt = performance.now() + ms;
  let samples = 0;
  while (performance.now() < endAt) {
    const found = await pool.query<{ what: string }>(
      `SELECT concat(state, ', ', coalesce('waits for ' || wait_event_type || ' ' || wait_event, 'runs'), ': ',
                     left(regexp_replace(query, '\\s+', ' ', 'g'), 50)) AS what
         FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`,
    );
    for (const { what } of found.rows) seen.set(what, (seen.get(what) ?? 0) + 1);
    samples += 1;
    await sleep(PAUSE_MS);
  }
  const lines = [...seen].toSorted((a, b) => b[1] - a[1]).slice(0, 12);
  return [
    "connections of the database, on average:",
    ...lines.map(([what, n]) => `${(n / samples).toFixed(2)}  ${what}`),
  ].join("\n");
}
