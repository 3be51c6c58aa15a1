import { beforeEach, describe, expect, test } from "vitest";
import { decideApproval } from "@/lib/approvals/commands";
import { expireApprovals } from "@/lib/approvals/expire";
import type { CheckFields } from "@/lib/checks/store/fields";
import { pool } from "@/lib/db/pool";
import { ask } from "@/lib/testing/approvals";
import { makeCheck } from "@/lib/testing/checks";
import { makeProject } from "@/lib/testing/world";
import { blackoutThreshold, markSeen } from "./blackout";

const THRESHOLD = 5_000;

/** Leaves the installation as if it had last been seen this many seconds ago. */
async function lastSeen(sweepSeconds: number, ingestSeconds: number): Promise<void> {
  await pool().query(
    `UPDATE system_state SET last_sweep_at = now() - $1 * interval '1 second', last_ingest_at = now() - $2 * interval '1 second'`,
    [sweepSeconds, ingestSeconds],
  );
}

/** A check whose deadline passed this many seconds ago; returns how far its deadline has been moved, in seconds. */
async function checkDue(secondsAgo: number): Promise<() => Promise<number>> {
  const project = await makeProject();
  const id = await makeCheck(project.id);
  const set = await pool().query<{ due_at: Date }>(
    "UPDATE checks SET status = 'up', due_at = now() - $2 * interval '1 second', watch_at = now() - $2 * interval '1 second' WHERE id = $1 RETURNING due_at",
    [id, secondsAgo],
  );
  return async () => {
    const moved = await pool().query<{ seconds: number }>(
      // To the nearest ten seconds: the outage grows while the test runs.
      "SELECT round(extract(epoch FROM due_at - $2::timestamptz), -1)::float8 AS seconds FROM checks WHERE id = $1",
      [id, set.rows[0]?.due_at],
    );
    return moved.rows[0]?.seconds ?? Number.NaN;
  };
}

beforeEach(async () => {
  await pool().query("TRUNCATE checks CASCADE");
});

describe("blackout credit", () => {
  test("an outage of ours is added to the deadlines that passed inside it, and to no others", async () => {
    await lastSeen(600, 600);
    const [before, inside, ahead] = await Promise.all([checkDue(700), checkDue(300), checkDue(-300)]);
    expect(await markSeen("sweep", THRESHOLD)).toBeGreaterThanOrEqual(600_000);
    expect([await before(), await inside(), await ahead()]).toEqual([0, 600, 0]);
  });

  test("gives people as long to answer as they would have had", async () => {
    await lastSeen(600, 600);
    const project = await makeProject();
    const [inside, ahead, decided] = await Promise.all([ask(project), ask(project), ask(project)]);
    const due =
      "UPDATE approvals SET due_at = now() - $2 * interval '1 second', expires_at = now() - $2 * interval '1 second' WHERE id = $1";
    await pool().query(due, [inside, 300]);
    await pool().query(due, [ahead, -300]);
    await pool().query(
      "UPDATE approvals SET due_at = NULL, status = 'denied', expires_at = now() - interval '300 seconds' WHERE id = $1",
      [decided],
    );
    await markSeen("sweep", THRESHOLD);
    const left = await pool().query(
      `SELECT id, round(extract(epoch FROM expires_at - now()), -1)::float8 AS seconds, due_at IS NOT DISTINCT FROM expires_at AS same
         FROM approvals WHERE project_id = $1`,
      [project.id],
    );
    expect(new Map(left.rows.map(({ id, seconds, same }) => [id, [seconds, same]]))).toEqual(
      new Map([
        [inside, [300, true]],
        [ahead, [300, true]],
        [decided, [-300, false]],
      ]),
    );
    expect(await expireApprovals()).toBe(0);
  });

  test("is found before a vote is told that time has decided", async () => {
    await lastSeen(600, 600);
    const project = await makeProject();
    const [id, late] = await Promise.all([ask(project), ask(project)]);
    const ended =
      "UPDATE approvals SET due_at = now() - $2 * interval '1 second', expires_at = now() - $2 * interval '1 second' WHERE id = $1";
    await pool().query(ended, [id, 300]);
    await pool().query(ended, [late, 700]);
    const vote = (approval: string) =>
      decideApproval(project.caller, { id: approval, decision: "approve", device: { address: "", userAgent: "" } });
    expect(await vote(id)).toMatchObject({ status: "approved", decided_by: "key:unnamed" });
    await expect(vote(late)).rejects.toMatchObject({ code: "already_decided" });
  });

  test("moves the moment from which a check is late as well", async () => {
    await lastSeen(600, 600);
    await checkDue(300);
    await pool().query("UPDATE checks SET late_at = due_at - interval '1 hour'");
    await markSeen("sweep", THRESHOLD);
    const kept = await pool().query("SELECT due_at - late_at = interval '1 hour' AS kept FROM checks");
    expect(kept.rows).toEqual([{ kept: true }]);
  });

  test("is given where one of several signals was due inside it, although the last of them is still ahead", async () => {
    await lastSeen(600, 600);
    const project = await makeProject();
    const several = async (lastPing: number, fields: Partial<CheckFields> = {}): Promise<() => Promise<boolean>> => {
      const id = await makeCheck(project.id, { timeoutSeconds: 1200, graceSeconds: 60, maxMisses: 3, ...fields });
      await pool().query(
        `UPDATE checks SET status = 'up', last_ping_at = now() - $2 * interval '1 second', late_at = now() + (1200 - $2) * interval '1 second',
                due_at = now() + (3660 - $2) * interval '1 second', watch_at = now() + (1200 - $2) * interval '1 second' WHERE id = $1`,
        [id, lastPing],
      );
      return async () => {
        const found = await pool().query<{ moved: boolean }>(
          "SELECT due_at - last_ping_at > interval '4200 seconds' AND due_at - late_at = interval '2460 seconds' AS moved FROM checks WHERE id = $1",
          [id],
        );
        return found.rows[0]?.moved ?? false;
      };
    };
    // Due, with grace, 240 s after the outage began; 40 s before it; the second one 160 s after it began; 40 s ahead.
    const [first, earlier, second, ahead] = await Promise.all([1620, 1900, 2900, 1220].map((ago) => several(ago)));
    const calendar = await several(1900, { timeoutSeconds: null, schedule: "*/20 * * * *" });
    expect(await markSeen("sweep", THRESHOLD)).toBeGreaterThanOrEqual(600_000);
    expect([await first?.(), await earlier?.(), await second?.(), await ahead?.()]).toEqual([true, false, true, false]);
    expect(await calendar()).toBe(true);
  });

  test("is given once, however many ask", async () => {
    await lastSeen(600, 600);
    const moved = await checkDue(300);
    const credits = await Promise.all(
      Array.from({ length: 8 }, (_, index) => markSeen(index % 2 ? "sweep" : "ingest", THRESHOLD)),
    );
    expect(credits.filter((credit) => credit > 0)).toHaveLength(1);
    expect(await moved()).toBe(600);
  });

  test("is also given when a signal is the first to come after the outage", async () => {
    await lastSeen(600, 600);
    const moved = await checkDue(300);
    await markSeen("ingest", THRESHOLD);
    await markSeen("sweep", THRESHOLD);
    expect(await moved()).toBe(600);
  });

  test.each([
    ["signals were taken although no sweep ran", 600, 1],
    ["sweeps ran although no signal came", 1, 600],
    ["a pause is shorter than the threshold", 4, 4],
  ])("none when %s", async (_name, sweep, ingest) => {
    await lastSeen(sweep, ingest);
    const moved = await checkDue(0.5);
    expect(await markSeen("sweep", THRESHOLD)).toBe(0);
    expect(await moved()).toBe(0);
  });

  test("running runs get it too", async () => {
    await lastSeen(600, 600);
    const project = await makeProject();
    const id = await makeCheck(project.id);
    await pool().query(
      "INSERT INTO runs (project_id, check_id, started_at, due_at) VALUES ($1, $2, now(), now() - interval '300 seconds')",
      [project.id, id],
    );
    await markSeen("sweep", THRESHOLD);
    expect((await pool().query("SELECT due_at > now() + interval '290 seconds' AS moved FROM runs")).rows).toEqual([
      { moved: true },
    ]);
  });
});

test.each([
  [1000, 5000],
  [60_000, 120_000],
  [undefined, 120_000],
])("with a sweep every %s ms an outage begins after %s ms", (interval, threshold) => {
  expect(blackoutThreshold(interval)).toBe(threshold);
});
