import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { expireChecks } from "@/lib/checks/expire";
import { pool } from "@/lib/db/pool";
import { commitSignals } from "@/lib/ingest/commit";
import { arrived } from "@/lib/testing/checks";
import { planOf } from "@/lib/testing/explain";
import { makeProject, type TestProject } from "@/lib/testing/world";

const OVERDUE = 3000;
const PINGED = 750;
let project: TestProject;
let ids: string[];

beforeAll(async () => {
  project = await makeProject();
});

/** 3,000 checks that went silent, each with one channel. */
beforeEach(async () => {
  await pool().query("TRUNCATE checks, channels, alerts CASCADE");
  await pool().query("INSERT INTO channels (project_id, kind, name, config) VALUES ($1, 'webhook', 'c', '')", [
    project.id,
  ]);
  const made = await pool().query<{ id: string }>(
    `INSERT INTO checks (project_id, name, timeout_seconds, grace_seconds, status, last_ping_at, due_at, watch_at)
     SELECT $1, 'c' || i, 3600, 60, 'up', now() - interval '2 hours', at, at
       FROM generate_series(1, $2) AS i, LATERAL (SELECT now() - interval '1 hour' + i * interval '1 millisecond' AS at) AS due RETURNING id`,
    [project.id, OVERDUE],
  );
  ids = made.rows.map((row) => row.id);
  await pool().query(
    "INSERT INTO check_channels (project_id, check_id, channel_id) SELECT project_id, id, (SELECT id FROM channels) FROM checks",
  );
});

/** Every fourth check, pinged in small batches as a burst would. */
const pinged = () => ids.filter((_, index) => index % 4 === 0).slice(0, PINGED);

async function pingAll(): Promise<void> {
  const all = pinged();
  for (let at = 0; at < all.length; at += 25) await commitSignals(all.slice(at, at + 25).map((id) => arrived(id)));
}

async function sweepUntilDone(limit: number): Promise<void> {
  // A sweeper that finds everything held by others may stop; the others finish the work.
  while ((await expireChecks(limit)).looked > 0);
}

type Defects = { doubled: number; falseDown: number; missed: number; wrongFanOut: number; misdated: number };

/** What an honest observer would complain about afterwards. */
async function defects(): Promise<Defects> {
  const found = await pool().query<Defects>(
    `WITH per_check AS (
       SELECT checks.id, checks.status, checks.id = ANY ($1::uuid[]) AS pinged,
              (SELECT count(*) FROM flips WHERE check_id = checks.id AND to_status = 'down') AS downs,
              (SELECT count(*) FROM flips WHERE check_id = checks.id AND to_status = 'up') AS ups
         FROM checks)
     SELECT count(*) FILTER (WHERE downs > 1 OR ups > 1) AS doubled,
            count(*) FILTER (WHERE pinged AND status <> 'up') AS "falseDown",
            count(*) FILTER (WHERE NOT pinged AND (status <> 'down' OR downs <> 1)) AS missed,
            (SELECT count(*) FROM (SELECT 1 FROM flips f
                LEFT JOIN alerts a ON a.dedup_key = 'check.' || f.to_status || ':' || f.check_id || ':' || f.seq
                LEFT JOIN deliveries d ON d.alert_id = a.id
               GROUP BY f.check_id, f.seq HAVING count(d.id) <> 1) AS wrong)
              + abs((SELECT count(*) FROM deliveries) - (SELECT count(*) FROM flips)) AS "wrongFanOut",
            (SELECT count(*) FROM flips WHERE reason = 'timeout' AND at > now() - interval '59 minutes') AS misdated
       FROM per_check`,
    [pinged()],
  );
  return found.rows[0] as Defects; // an aggregate always gives one row
}

const NONE: Defects = { doubled: 0, falseDown: 0, missed: 0, wrongFanOut: 0, misdated: 0 };

describe("sweepers against 3,000 overdue checks with 750 pings landing beside them", () => {
  test.each([1, 2, 8])("%i sweepers: no double, no false, no missed", async (sweepers) => {
    await Promise.all([pingAll(), ...Array.from({ length: sweepers }, () => sweepUntilDone(40))]);
    await sweepUntilDone(1000);
    expect(await defects()).toEqual(NONE);
  });

  test("a guard that does not compare the deadline is caught by this test", async () => {
    // The well-known shape: read what is due, then flip guarded by the status that was read.
    const due = await pool().query<{ id: string }>("SELECT id FROM checks WHERE due_at <= now()");
    await pingAll();
    await pool().query(
      `WITH flipped AS (
         UPDATE checks SET status = 'down', due_at = NULL, flip_seq = flip_seq + 1
          WHERE id = ANY ($1::uuid[]) AND status = 'up' RETURNING project_id, id, flip_seq)
       INSERT INTO flips (project_id, check_id, seq, from_status, to_status, reason, at)
       SELECT project_id, id, flip_seq, 'up', 'down', 'timeout', now() - interval '1 hour' FROM flipped`,
      [due.rows.map((row) => row.id)],
    );
    expect((await defects()).falseDown).toBe(PINGED);
  });
});

test("the alert says what happened, and is open until the check recovers", async () => {
  const [id = ""] = ids;
  await sweepUntilDone(1000);
  const alert =
    "SELECT type, severity, subject_name, message, resolved_at IS NULL AS open FROM alerts WHERE subject_id = $1 ORDER BY id";
  expect((await pool().query(alert, [id])).rows).toEqual([
    {
      type: "check.down",
      severity: "critical",
      subject_name: "c1",
      message: expect.stringMatching(
        /^"c1" is down: no signal since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC; it is expected every 1 hour with 1 minute of grace; 1 expected signal is missing\.$/,
      ),
      open: true,
    },
  ]);
  await commitSignals([arrived(id)]);
  expect((await pool().query(alert, [id])).rows).toMatchObject([
    { type: "check.down", open: false },
    {
      type: "check.up",
      open: false,
      message: expect.stringMatching(
        /^"c1" is up again after (1 hour|59 minutes).* down; 1 expected signal was missed\.$/,
      ),
    },
  ]);
});

test("a run that does not end takes its check down, once", async () => {
  await pool().query("TRUNCATE checks CASCADE");
  const check = await pool().query<{ id: string }>(
    "INSERT INTO checks (project_id, name, timeout_seconds, grace_seconds) VALUES ($1, 'job', 3600, 60) RETURNING id",
    [project.id],
  );
  const id = check.rows[0]?.id ?? "";
  await commitSignals([{ ...arrived(id), kind: "start", rid: "123e4567-e89b-12d3-a456-426614174000" }]);
  expect(await expireChecks(10)).toEqual({ looked: 0, down: 0 });
  await pool().query(
    "UPDATE runs SET due_at = due_at - interval '1 hour', started_at = started_at - interval '1 hour'",
  );
  expect(await expireChecks(10)).toEqual({ looked: 1, down: 1 });
  expect(await expireChecks(10)).toEqual({ looked: 0, down: 0 });
  const flips = await pool().query(
    "SELECT from_status, to_status, reason, at = (SELECT started_at + interval '1 minute' FROM runs) AS dated FROM flips",
  );
  expect(flips.rows).toEqual([{ from_status: "new", to_status: "down", reason: "run_timeout", dated: true }]);
  expect((await pool().query("SELECT status, due_at, ended_at FROM runs")).rows).toEqual([
    { status: "timed_out", due_at: null, ended_at: null },
  ]);
});

test("the search for what is due uses the partial indexes", async () => {
  await pool().query("UPDATE checks SET watch_at = now() + interval '1 day'");
  await pool().query("ANALYZE checks");
  const due =
    "SELECT id FROM checks WHERE watch_at <= now() ORDER BY watch_at LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED";
  expect(await planOf(due)).toContain("checks_watch_at_idx");
});

test("a check that is looked at before its deadline is left alone and watched until then", async () => {
  const [id = ""] = ids;
  await pool().query("UPDATE checks SET due_at = now() + interval '1 hour' WHERE id = $1", [id]);
  await sweepUntilDone(1000);
  const watched = await pool().query("SELECT status, watch_at = due_at AS exact FROM checks WHERE id = $1", [id]);
  expect(watched.rows).toEqual([{ status: "up", exact: true }]);
});

test("a signal that moves a deadline ahead touches no index, and one that brings it nearer is watched in time", async () => {
  const [id = ""] = ids;
  const watch = async () => (await pool().query("SELECT watch_at, due_at FROM checks WHERE id = $1", [id])).rows[0];
  const before = await watch();
  await commitSignals([arrived(id)]);
  const ahead = await watch();
  expect(ahead.watch_at).toEqual(before.watch_at);
  expect(ahead.due_at.getTime()).toBeGreaterThan(ahead.watch_at.getTime());
  await pool().query(
    "UPDATE checks SET watch_at = now() + interval '1 year', due_at = now() + interval '1 year' WHERE id = $1",
    [id],
  );
  await commitSignals([arrived(id)]);
  const nearer = await watch();
  expect(nearer.due_at.getTime() - nearer.watch_at.getTime()).toBe(60_000); // from when it is late
});

test("the pings of a deleted check are deleted with it", async () => {
  const [id = "", other = ""] = ids;
  await commitSignals([arrived(id), arrived(other)]);
  await pool().query("DELETE FROM checks WHERE id = $1", [id]);
  expect((await pool().query("SELECT check_id FROM pings")).rows).toEqual([{ check_id: other }]);
});
