import { beforeEach, expect, test } from "vitest";
import { expireChecks } from "@/lib/checks/expire";
import { pool } from "@/lib/db/pool";
import { commitSignals } from "@/lib/ingest/commit";
import { arrived, makeCheck } from "@/lib/testing/checks";
import { makeWorld } from "@/lib/testing/world";

let id: string;

/** A check that expects a signal every hour, with a minute of grace, and has had one. */
async function hourly(maxMisses: number): Promise<void> {
  const { project } = await makeWorld();
  id = await makeCheck(project.id, { timeoutSeconds: 3600, graceSeconds: 60, maxMisses });
  await commitSignals([arrived(id)]);
}

/** Lets so many minutes pass for it, as far as it can tell. */
const pass = (minutes: number) =>
  pool().query(
    `WITH misses AS (UPDATE misses SET expected_at = expected_at - $1 * interval '1 minute')
     UPDATE checks SET last_ping_at = last_ping_at - t, due_at = due_at - t, late_at = late_at - t, watch_at = watch_at - t,
            missed_through = missed_through - t FROM (SELECT $1 * interval '1 minute' AS t) AS passed`,
    [minutes],
  );

const missed = async (): Promise<number> =>
  (await pool().query<{ count: number }>("SELECT count(*) FROM misses WHERE check_id = $1", [id])).rows[0]?.count ?? -1;

const watched = async () =>
  (await pool().query("SELECT status, round(extract(epoch FROM watch_at - now()) / 60)::int AS minutes FROM checks"))
    .rows;

// Sweeps take whatever is due, so nothing of others may be.
beforeEach(() => pool().query("TRUNCATE checks, alerts CASCADE"));

/** Until nothing is left to look at. */
async function sweep(): Promise<void> {
  while ((await expireChecks(100)).looked > 0);
}

test("signals that do not come are on record while the check is late, and while it stays down", async () => {
  await hourly(3);
  const seen: number[] = [];
  for (let hour = 0; hour < 6; hour += 1) {
    await pass(hour === 0 ? 62 : 60);
    await sweep();
    seen.push(await missed());
  }
  expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
  expect(await watched()).toEqual([{ status: "down", minutes: 59 }]);
  await pass(11 * 60);
  await sweep();
  await sweep();
  expect(await missed()).toBe(17);
  await commitSignals([arrived(id)]);
  const told = await pool().query("SELECT type, (data ->> 'missed')::int AS missed FROM alerts ORDER BY id");
  expect(told.rows).toEqual([
    { type: "check.down", missed: 3 },
    { type: "check.up", missed: 17 },
  ]);
});

test("of one silence a thousand are told apart, and then nobody looks any more", async () => {
  await hourly(1);
  await pass(2000 * 60);
  await sweep();
  expect(await missed()).toBe(1000);
  expect(await watched()).toEqual([{ status: "down", minutes: null }]);
});

test("they are on record after failures, too, also when the first signal was one", async () => {
  const { project } = await makeWorld();
  id = await makeCheck(project.id, { timeoutSeconds: 3600, graceSeconds: 60 });
  await commitSignals([arrived(id, { kind: "fail" })]);
  await pass(122);
  await sweep();
  expect(await missed()).toBe(2);
  await pass(2000 * 60);
  await sweep();
  await commitSignals([arrived(id, { kind: "fail" })]);
  const before = await missed();
  await pass(62);
  await sweep();
  expect(await missed()).toBe(before + 1);
});

test("a check that is paused is not looked at", async () => {
  await hourly(1);
  await pass(62);
  await sweep();
  await pool().query("UPDATE checks SET status = 'paused', watch_at = now()");
  await sweep();
  expect(await missed()).toBe(1);
  expect(await watched()).toEqual([{ status: "paused", minutes: null }]);
});
