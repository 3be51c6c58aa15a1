import pg from "pg";
import type { StatementJob } from "./children";
import { Tally } from "./tally";

// Reference: one prepared statement per ping straight on the database, with the same columns as the product writes and
// none of its decisions. A program of its own that receives one job from its parent and answers with the result.

const PING = {
  name: "ping",
  text: `WITH checked AS (
           UPDATE checks SET status = 'up', last_ping_at = now(), last_duration_ms = NULL, n_pings = n_pings + 1,
                  due_at = now() + (timeout_seconds + grace_seconds) * interval '1 second',
                  watch_at = least(watch_at, now() + (timeout_seconds + grace_seconds) * interval '1 second')
            WHERE id = $1 RETURNING project_id, id, n_pings)
         INSERT INTO pings (project_id, check_id, n, kind, source, created_at, scheme, remote_addr, method, user_agent, rid, exit_status, duration_ms, details, body)
         SELECT project_id, id, n_pings, 'success', 'healthchecks', now(), 'http', $2::inet, 'GET', $3, NULL, NULL, NULL, NULL, NULL
           FROM checked RETURNING n`,
};

async function run({ url, checkIds, connections, seconds, warmUpMs }: StatementJob): Promise<Tally> {
  const clients = Array.from({ length: connections }, () => new pg.Client({ connectionString: url }));
  await Promise.all(clients.map((client) => client.connect()));
  const tally = new Tally(warmUpMs);
  const endAt = tally.startedAt + seconds * 1000;
  let next = 0;
  const repeat = async (client: pg.Client): Promise<void> => {
    while (performance.now() < endAt) {
      const sentAt = performance.now();
      next += 1;
      const values = [checkIds[next % checkIds.length], "127.0.0.1", "curl/8.14.1"];
      const { rowCount } = await client.query({ ...PING, values });
      tally.note(rowCount === 1 ? 200 : 404, sentAt);
    }
  };
  await Promise.all(clients.map(repeat));
  await Promise.all(clients.map((client) => client.end()));
  return tally;
}

process.once("message", (job: StatementJob) => {
  run(job).then(
    (tally) => process.send?.(tally.result(), () => process.exit(0)),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
process.send?.("ready");
