import { once } from "node:events";
import { createServer } from "node:http";
import { createChannel } from "@/lib/channels/commands";
import { expireChecks } from "@/lib/checks/expire";
import { pool } from "@/lib/db/pool";
import { startLoops } from "@/lib/sweeper/loops";
import { makeProject, type TestProject } from "@/lib/testing/world";
import type { Figure } from "./table";

const CHECKS = 10_000;

/** Checks that fall due in one instant, `seconds` from now, all with one webhook channel. Gives that instant. */
async function makeDue(project: TestProject, channelId: string, seconds: number): Promise<number> {
  await pool().query("TRUNCATE checks, alerts CASCADE");
  const made = await pool().query<{ due_at: Date }>(
    `INSERT INTO checks (project_id, name, timeout_seconds, grace_seconds, status, last_ping_at, due_at, watch_at)
     SELECT $1, 'job ' || i, 3600, 60, 'up', now() - interval '1 hour', at, at
       FROM generate_series(1, $2) AS i, (SELECT now() + $3 * interval '1 second' AS at) AS due RETURNING due_at`,
    [project.id, CHECKS, seconds],
  );
  await pool().query(
    "INSERT INTO check_channels (project_id, check_id, channel_id) SELECT project_id, id, $1 FROM checks",
    [channelId],
  );
  await pool().query("ANALYZE checks, check_channels");
  return made.rows[0]?.due_at.getTime() ?? Number.NaN;
}

async function rows(): Promise<{ down: number; deliveries: number }> {
  const found = await pool().query(
    "SELECT (SELECT count(*) FROM checks WHERE status = 'down') AS down, (SELECT count(*) FROM deliveries) AS deliveries",
  );
  return found.rows[0];
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** The same rows written by one statement that decides nothing: what the database alone needs. */
async function reference(): Promise<void> {
  await pool().query(
    `WITH down AS (UPDATE checks SET status = 'down', due_at = NULL, watch_at = NULL, flip_seq = flip_seq + 1 WHERE due_at <= now() RETURNING *),
          flipped AS (INSERT INTO flips (project_id, check_id, seq, from_status, to_status, reason, at)
                      SELECT project_id, id, flip_seq, 'up', 'down', 'timeout', now() FROM down),
          raised AS (INSERT INTO alerts (project_id, type, severity, subject_type, subject_id, subject_name, message, dedup_key, occurred_at)
                     SELECT project_id, 'check.down', 'critical', 'check', id::text, name, name || ' is down', id::text, now() FROM down
                     RETURNING id, project_id, subject_id)
     INSERT INTO deliveries (project_id, alert_id, channel_id, event, subject_id)
     SELECT raised.project_id, raised.id, channel_id, 'check.down', subject_id
       FROM raised JOIN check_channels ON check_channels.project_id = raised.project_id AND check_id = subject_id::uuid`,
  );
}

async function sweepAll(): Promise<void> {
  while ((await expireChecks(1000)).looked > 0);
}

/** Runs the built-in scheduler until every check is down; gives when the first delivery came, by the receiver's clock. */
async function endToEnd(dueAt: number, firstArrival: Promise<number>): Promise<{ firstMs: number; flippedMs: number }> {
  const loops = startLoops();
  try {
    const firstMs = (await firstArrival) - dueAt;
    for (;;) {
      const { down } = await rows();
      if (down === CHECKS) break;
    }
    return { firstMs, flippedMs: Date.now() - dueAt };
  } finally {
    await loops.stop();
  }
}

/** 10,000 checks fall due in one instant: how long until all are down with their deliveries, and until someone hears. */
export async function deadlines(): Promise<Figure[]> {
  const project = await makeProject();
  let heard: (at: number) => void = () => undefined;
  const firstArrival = new Promise<number>((resolve) => {
    heard = resolve;
  });
  const receiver = createServer((request, response) => {
    heard(Date.now());
    request.resume();
    response.end();
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const address = receiver.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const channel = await createChannel(project.caller, {
    kind: "webhook",
    name: "sink",
    config: { url: `http://127.0.0.1:${port}/` },
    events: [],
  });

  await makeDue(project, channel.id, -1);
  const referenceSeconds = await seconds(reference);
  await makeDue(project, channel.id, -1);
  const sweepSeconds = await seconds(sweepAll);
  const written = await rows();
  if (written.down !== CHECKS || written.deliveries !== CHECKS)
    throw new Error(`wrong rows: ${JSON.stringify(written)}`);
  const { firstMs, flippedMs } = await endToEnd(await makeDue(project, channel.id, 3), firstArrival);
  receiver.closeAllConnections();
  receiver.close();
  return [
    { name: "one SQL statement writes the same rows (reference)", value: referenceSeconds, unit: "s" },
    {
      name: "10,000 overdue checks flipped, deliveries written",
      value: sweepSeconds,
      unit: "s",
      target: { kind: "at most", value: 2 },
    },
    { name: "the same ÷ reference", value: sweepSeconds / referenceSeconds, unit: "×" },
    {
      name: "deadline → first delivery received",
      value: firstMs,
      unit: "ms",
      target: { kind: "at most", value: 2000 },
    },
    { name: "deadline → all 10,000 down, while delivering", value: flippedMs, unit: "ms" },
  ];
}
