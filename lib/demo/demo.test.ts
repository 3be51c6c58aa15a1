import { beforeEach, expect, test } from "vitest";
import { expireChecks } from "@/lib/checks/expire";
import { DAY, MINUTE } from "@/lib/core/time";
import { pool } from "@/lib/db/pool";
import { makeCheck } from "@/lib/testing/checks";
import { makeProject } from "@/lib/testing/world";
import { ANSWERED } from "./approvals-cast";
import { CAST } from "./cast";
import { fillDemo, removeDemo } from "./fill";
import { signalPath, takeNext } from "./live";
import type { Moment } from "./timeline";
import { PLAYS } from "./workflows-fill";

beforeEach(async () => {
  await pool().query("TRUNCATE projects CASCADE");
  await makeProject();
});

type Filled = {
  slug: string;
  status: string;
  runs: number;
  n_pings: number;
  kept: number;
  flips: number;
  late: boolean;
};

async function filled(): Promise<Map<string, Filled>> {
  const { rows } = await pool().query<Filled>(
    `SELECT slug, status, n_pings, due_at - make_interval(secs => grace_seconds) < now() AS late,
            (SELECT count(*) FROM runs WHERE check_id = checks.id AND ended_at IS NULL) AS runs,
            (SELECT count(*) FROM pings WHERE check_id = checks.id) AS kept,
            (SELECT count(*) FROM flips WHERE check_id = checks.id) AS flips
       FROM checks`,
  );
  return new Map(rows.map((row) => [row.slug, row]));
}

test("shows every state a check can be in", async () => {
  await fillDemo();
  const checks = await filled();
  expect(checks.size).toBe(CAST.length);
  expect(checks.get("demo-order-sync")).toMatchObject({ status: "up", late: true });
  expect(checks.get("demo-invoice-run")).toMatchObject({ status: "down" });
  expect(checks.get("demo-thumbnails")).toMatchObject({ status: "down" });
  expect(checks.get("demo-customer-digest")).toMatchObject({ status: "up", runs: 1 });
  expect(checks.get("demo-search-index")).toMatchObject({ status: "paused", runs: 0 });
  expect(checks.get("demo-retrain")).toMatchObject({ status: "new", n_pings: 0 });
  expect(checks.get("demo-mail-queue")).toMatchObject({ status: "up", late: false });
  expect(checks.get("demo-web-1-heartbeat")).toMatchObject({ status: "up", late: false, n_pings: 1000 });
  for (const { n_pings: counted, kept } of checks.values()) expect(kept).toBe(counted);
});

test("an outage in the past is in the history as it would have been", async () => {
  await fillDemo();
  const { rows } = await pool().query<{ to_status: string; reason: string; ago: number; took: number }>(
    `SELECT to_status, reason, extract(epoch FROM now() - at) / 86400 AS ago,
            extract(epoch FROM lead(at) OVER (ORDER BY seq) - at) / 60 AS took
       FROM flips WHERE check_id = (SELECT id FROM checks WHERE slug = 'demo-web-1-heartbeat') ORDER BY seq`,
  );
  const downs = rows.filter((row) => row.to_status === "down");
  expect(downs.map((row) => [row.reason, Math.round(Number(row.ago))])).toEqual([
    ["timeout", 12],
    ["timeout", 3],
  ]);
  // Down two minutes after the last signal, up with the first one after.
  expect(Math.round(Number(downs[0]?.took))).toBe(239);
});

test("alerts stand in the order in which things happened, and only what is open is open", async () => {
  await fillDemo();
  const { rows } = await pool().query<{ at: number; open: boolean; seen: boolean; name: string }>(
    `SELECT extract(epoch FROM occurred_at) AS at, resolved_at IS NULL AS open, acknowledged_at IS NOT NULL AS seen,
            subject_name AS name FROM alerts ORDER BY id`,
  );
  const times = rows.map((row) => Number(row.at));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  const open = rows.filter((row) => row.open).map((row) => [row.name, row.seen]);
  expect(open.toSorted()).toEqual([
    ["Invoice run", false],
    ["Research agent", false],
    ["Thumbnail worker", true],
  ]);
  const sent = await pool().query("SELECT count(*) AS n FROM deliveries");
  expect(sent.rows[0]?.n).toBe(0); // nobody is told of what is long over
});

test("time goes on for it: the late check goes down by the sweeper, when its time has come", async () => {
  await fillDemo();
  expect(await expireChecks(100)).toMatchObject({ down: 0 });
  const due = await pool().query<{ seconds: number }>(
    "SELECT extract(epoch FROM due_at - now()) AS seconds FROM checks WHERE slug = 'demo-order-sync'",
  );
  expect(Number(due.rows[0]?.seconds)).toBeGreaterThan(60);
  expect(Number(due.rows[0]?.seconds)).toBeLessThan(130);
});

test("a second filling takes the place of the first, and people's own checks stay through all of it", async () => {
  const projects = await pool().query<{ id: string }>("SELECT id FROM projects");
  const projectId = projects.rows[0]?.id ?? "";
  const own = await makeCheck(projectId, { name: "Mine", slug: "demo-db-backup", tags: "mine" });
  const tagged = await makeCheck(projectId, { name: "Mine too", slug: "own", tags: "demo" });
  await fillDemo();
  await fillDemo();
  const count = async (table: string) => (await pool().query(`SELECT count(*) AS n FROM ${table}`)).rows[0]?.n;
  expect(await count("checks")).toBe(CAST.length + 2);
  expect(await count("channels")).toBe(1);
  expect(await removeDemo()).toEqual({
    checks: CAST.length,
    workflows: PLAYS.length,
    approvals: ANSWERED.length + 1,
  });
  const left = await pool().query<{ id: string }>("SELECT id FROM checks ORDER BY created_at");
  expect(left.rows.map(({ id }) => id)).toEqual([own, tagged]);
  expect([await count("alerts"), await count("pings"), await count("channels")]).toEqual([0, 0, 0]);
});

test("what is still to come is given in order, whichever check or workflow it is about", async () => {
  const { checks, workflows } = await fillDemo();
  const { rows } = await pool().query<{ now: Date }>("SELECT now()");
  const now = rows[0]?.now.getTime() ?? 0;
  const players = [...checks, ...workflows];
  const sendings = Array.from({ length: 500 }, () => takeNext(players)?.sending);
  const times = sendings.map((sending) => sending?.at ?? Number.NaN);
  expect(times[0]).toBeGreaterThan(now - MINUTE);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times.at(-1)).toBeLessThan(now + DAY);
});

test.each<[Moment & { kind: "start" | "success" | "fail" }, string]>([
  [{ at: 0, kind: "success" }, "/ping/abc"],
  [{ at: 0, kind: "start", rid: "1" }, "/ping/abc/start?rid=1"],
  [{ at: 0, kind: "fail" }, "/ping/abc/fail"],
  [{ at: 0, kind: "fail", exitStatus: 2 }, "/ping/abc/2"],
])("%o is sent to %s", (moment, path) => {
  expect(signalPath("abc", moment)).toBe(path);
});

test("without a project it says what to do", async () => {
  await pool().query("TRUNCATE projects CASCADE");
  await expect(fillDemo()).rejects.toThrow("There is no project to fill");
});
