import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { deleteCheck } from "@/lib/checks/commands";
import { toSummary } from "@/lib/checks/list/summary";
import { loadViews } from "@/lib/checks/store/view";
import { pool } from "@/lib/db/pool";
import { settle } from "@/lib/env";
import { commitSignals } from "@/lib/ingest/commit";
import { arrived, makeCheck, storedCheck, storedPings } from "@/lib/testing/checks";
import { type Door, openDoor } from "@/lib/testing/door";
import { ask, heartbeatToken, hookId } from "@/lib/testing/heartbeats";
import { makeWorld, type World } from "@/lib/testing/world";
import type { MetricSetting } from "./metric";

const HOST = "signals.example.org";
let door: Door;
let world: World;
let id: string;
let slug: string;
beforeAll(async () => {
  settle({ PING_HOST: HOST });
  door = await openDoor();
  world = await makeWorld();
});
afterAll(() => door.close());
beforeEach(async () => {
  slug = `job-${randomUUID().slice(0, 8)}`;
  id = await makeCheck(world.project.id, { name: "Import", slug });
});

async function look(metrics: MetricSetting[]): Promise<void> {
  await pool().query("UPDATE checks SET metrics = $2 WHERE id = $1", [id, JSON.stringify(metrics)]);
}

async function send(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<number> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const init = body === undefined ? { headers } : { method: "POST", body: text, headers };
  const answer = await fetch(`${door.url}${path}`, init);
  await answer.arrayBuffer();
  return answer.status;
}

type Point = { name: string; n: number; value: number };

async function points(): Promise<Point[]> {
  const found = await pool().query<Point>(
    `SELECT name, points.n, value FROM metric_points AS points
       JOIN pings ON pings.check_id = points.check_id AND pings.n = points.n AND pings.created_at = points.at
      WHERE points.check_id = $1 AND points.project_id = $2 ORDER BY points.n, name`,
    [id, world.project.id],
  );
  return found.rows;
}
const values = async () => Object.fromEntries((await points()).map(({ name, value }) => [name, value]));

describe("the numbers of a signal become series, whoever's words it speaks", () => {
  type Way = { path: (token: string) => string | Promise<string>; body?: unknown; headers?: Record<string, string> };
  const key = () => world.project.pingKey;
  const rows = "metric=rows:120";

  test.each<[string, Way, Record<string, number>]>([
    ["Healthchecks", { path: () => `/ping/${id}?${rows}&metric=lag:-2.5` }, { rows: 120, lag: -2.5 }],
    ["Healthchecks by slug", { path: () => `/ping/${key()}/${slug}/start?${rows}` }, { rows: 120 }],
    ["Healthchecks with a log line", { path: () => `/ping/${id}/log?${rows}`, body: "hello" }, { rows: 120 }],
    ["Pingura", { path: (token) => `/api/heartbeat/${token}?${rows}&duration=12.5s` }, { rows: 120, duration: 12.5 }],
    [
      "Pingura in JSON",
      { path: (token) => `/api/heartbeat/${token}`, body: { duration: 3, metrics: { rows: 120 } } },
      { rows: 120, duration: 3 },
    ],
    ["a pulse", { path: () => `/hbk/${slug}?key=${key()}&${rows}` }, { rows: 120 }],
    ["a pulse in JSON", { path: () => `/hhk/${slug}?key=${key()}`, body: { metrics: { rows: "120" } } }, { rows: 120 }],
    [
      "a process hook",
      {
        path: async () => `/phk/${await hookId(id)}/start?key=${key()}`,
        body: { metadata: { metrics: { rows: 120 } } },
      },
      { rows: 120 },
    ],
    ["Better Stack", { path: (token) => `/api/v1/heartbeat/${token}/fail?${rows}` }, { rows: 120 }],
    ["Uptime Kuma", { path: (token) => `/api/push/${token}?status=up&ping=35&${rows}` }, { rows: 120, ping: 35 }],
    ["OpenStatus", { path: (token) => `/heartbeat/${token}?${rows}` }, { rows: 120 }],
    ["Checkly", { path: () => `/heartbeats/ping/${id}?${rows}` }, { rows: 120 }],
    [
      "Cronitor",
      {
        path: () =>
          `/p/${key()}/${slug}?state=complete&metric=count:120&metric=duration:45.2&metric=error_count:0&metric=lag=7`,
      },
      { count: 120, duration: 45.2, error_count: 0, lag: 7 },
    ],
    ["Cronitor's duration", { path: () => `/ping/${key()}/${slug}?state=fail&duration=45.2` }, { duration: 45.2 }],
    [
      "Sentry",
      { path: () => `/api/7/cron/${slug}/${key()}/?status=ok`, body: { duration: 1.5, metrics: { rows: 120 } } },
      { rows: 120, duration: 1.5 },
    ],
  ])("%s", async (_name, { path, body, headers }, expected) => {
    expect(await send(await path(await heartbeatToken(id)), body, headers)).toBeLessThan(300);
    expect(await storedPings(id)).toHaveLength(1);
    expect(await values()).toEqual(expected);
  });

  test("Dead Man's Snitch, at its own host", async () => {
    const headers = { Host: HOST };
    expect(await ask(`${door.url}/${await heartbeatToken(id)}?m=done&${rows}`, { headers })).toMatchObject([202, {}]);
    expect(await values()).toEqual({ rows: 120 });
  });
});

describe("what a check looks for by name", () => {
  test("is found in what is said beside a signal, and in JSON that comes with a plain ping", async () => {
    await look([{ name: "rows" }, { name: "db.lag" }]);
    expect(await send(`/ping/${id}`, { rows: 3, db: { lag: 0.5 }, other: 9 })).toBe(200);
    expect(await send(`/ping/${id}/start`, { rows: "4" })).toBe(200);
    expect(await send(`/api/heartbeat/${await heartbeatToken(id)}`, { rows: 5 })).toBe(200);
    expect(await send(`/hbk/${slug}?key=${world.project.pingKey}`, { db: { lag: 1 } })).toBe(200);
    expect((await points()).map(({ name, n, value }) => `${n} ${name}=${value}`)).toEqual([
      "1 db.lag=0.5",
      "1 rows=3",
      "2 rows=4",
      "3 rows=5",
      "4 db.lag=1",
    ]);
    // The body is kept as it came.
    expect((await storedPings(id))[0]?.body?.toString()).toContain('"other":9');
  });

  test("is not looked for in what nobody asked of", async () => {
    expect(await send(`/ping/${id}`, { rows: 3 })).toBe(200);
    expect(await values()).toEqual({});
  });
});

describe("a number that cannot be kept loses nothing", () => {
  test.each(["rows:NaN", "rows:Infinity", "rows:1e400", "rows:many", ":1", "rows", "%00", `${"x".repeat(101)}:1`])(
    "metric=%s",
    async (metric) => {
      await look([{ name: "rows", min: 1 }]);
      expect(await send(`/ping/${id}?metric=${metric}`)).toBe(200);
      expect(await storedCheck(id)).toMatchObject({ status: "up", n_pings: 1 });
      expect((await storedPings(id))[0]?.details?.["metadata"]).toMatchObject({ unread_metrics: [expect.any(String)] });
      expect(await values()).toEqual({});
    },
  );

  test.each(['{"rows": 1e400}', '{"rows": null}', '{"rows": "NaN"}', '{"rows": {}}', '{"": 5}', '{"rows": 0', "[0]"])(
    "the body %s",
    async (body) => {
      await look([{ name: "rows", min: 1 }]);
      expect(await send(`/ping/${id}`, body)).toBe(200);
      expect(await send(`/api/heartbeat/${await heartbeatToken(id)}`, body)).toBe(200);
      expect(await storedCheck(id)).toMatchObject({ status: "up", n_pings: 2 });
      expect(await values()).toEqual({});
    },
  );

  test("a thousand numbers in one signal: the first fifty, and those that are looked for", async () => {
    await look([{ name: "m999", max: 1 }]);
    const metrics = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`m${index}`, index]));
    const query = Object.entries(metrics).map(([name, value]) => `metric=${name}:${value}`);
    expect(await send(`/ping/${id}?${query.slice(0, 900).join("&")}`)).toBe(200);
    expect(await points()).toHaveLength(50);
    expect(await send(`/api/heartbeat/${await heartbeatToken(id)}`, { metrics: { ...metrics, m0: undefined } })).toBe(
      200,
    );
    expect((await storedPings(id)).map(({ kind }) => kind)).toEqual(["success", "success"]);
    const small = Object.fromEntries(Object.entries(metrics).slice(700));
    expect(await send(`/api/heartbeat/${await heartbeatToken(id)}`, { metrics: small })).toBe(200);
    expect((await storedPings(id)).at(-1)?.kind).toBe("fail");
    expect((await points()).filter(({ n }) => n === 3)).toHaveLength(50);
  });
});

describe("a bound", () => {
  const sentence = async () => {
    const [view] = await loadViews(pool(), { where: "id = $1", values: [id] });
    return view === undefined ? "" : toSummary(view).sentence;
  };

  test("makes a success a failure, takes the check down, and the alert, the history and the page say why", async () => {
    await look([{ name: "rows", min: 1 }]);
    expect(await send(`/ping/${id}?metric=rows:1`)).toBe(200);
    expect(await storedCheck(id)).toMatchObject({ status: "up" });
    expect(await send(`/ping/${id}?metric=rows:0`)).toBe(200);
    expect(await storedCheck(id)).toMatchObject({ status: "down", n_pings: 2 });
    const out = [{ name: "rows", min: 1, value: 0 }];
    expect((await storedPings(id)).at(-1)).toMatchObject({ kind: "fail", details: { out_of_bounds: out } });
    const alerts = await pool().query("SELECT type, message, data FROM alerts WHERE subject_id = $1", [id]);
    expect(alerts.rows).toMatchObject([
      {
        type: "check.down",
        message: '"Import" is down: rows was 0, at least 1 is asked.',
        data: { reason: "fail", exit_status: null, out_of_bounds: out },
      },
    ]);
    expect(await sentence()).toMatch(/^Down for .*: rows was 0, at least 1 is asked\. Last signal/);
    expect(await send(`/ping/${id}?metric=rows:2`)).toBe(200);
    expect(await storedCheck(id)).toMatchObject({ status: "up" });
    expect((await points()).map(({ value }) => value)).toEqual([1, 0, 2]);
  });

  test("is about the duration in seconds, and about an exit status that only warns", async () => {
    await look([{ name: "duration", max: 60 }]);
    await pool().query("UPDATE checks SET warning_exits = '3' WHERE id = $1", [id]);
    const token = await heartbeatToken(id);
    expect(await send(`/api/heartbeat/${token}/3?duration=1m`)).toBe(200);
    expect(await storedCheck(id)).toMatchObject({ status: "up" });
    expect(await send(`/api/heartbeat/${token}/3?duration=61s`)).toBe(200);
    expect(await sentence()).toContain(": duration was 61 s, at most 60 s is asked.");
  });

  test("ends the run as failed, and the answer of a hook says so", async () => {
    await look([{ name: "rows", min: 1 }]);
    const hook = `${door.url}/phk/${await hookId(id)}`;
    const post = (verb: string, metadata: object) =>
      fetch(`${hook}/${verb}?key=${world.project.pingKey}&run_id=r1`, {
        method: "POST",
        body: JSON.stringify({ metadata }),
      });
    await (await post("start", {})).json();
    expect(await (await post("finish", { rows: 0 })).json()).toMatchObject({ run_id: "r1", run_status: "failed" });
    const runs = await pool().query("SELECT status FROM runs WHERE check_id = $1", [id]);
    expect(runs.rows).toEqual([{ status: "failed" }]);
  });

  test.each(["start", "fail", "log"])("does not touch /%s", async (what) => {
    await look([{ name: "rows", min: 1 }]);
    expect(await send(`/ping/${id}/${what}?metric=rows:0`)).toBe(200);
    expect(await storedPings(id)).toMatchObject([{ kind: what, details: { metadata: { metrics: { rows: 0 } } } }]);
    expect((await storedPings(id))[0]?.details).not.toHaveProperty("out_of_bounds");
    expect(await values()).toEqual({ rows: 0 });
  });

  test("counts for signals that leave no row, and the one that takes the check down leaves one", async () => {
    await look([{ name: "rows", min: 1 }]);
    const details = (rows: number) => ({ metadata: { metrics: { rows } } });
    const thin = (rows: number) => arrived(id, { thinned: true, details: details(rows) });
    await commitSignals([thin(1), thin(0), thin(0), thin(2)]);
    expect(await storedPings(id)).toMatchObject([{ n: 1, kind: "fail" }]);
    expect(await points()).toEqual([{ name: "rows", n: 1, value: 0 }]);
    expect(await storedCheck(id)).toMatchObject({ status: "up", n_pings: 1 });
    const alerts = await pool().query("SELECT message FROM alerts WHERE subject_id = $1 ORDER BY id", [id]);
    expect(alerts.rows[0]).toMatchObject({ message: expect.stringContaining("rows was 0") });
  });

  test("is nothing to signals that are ignored", async () => {
    await look([{ name: "rows", min: 1 }]);
    await pool().query("UPDATE checks SET methods = 'POST' WHERE id = $1", [id]);
    expect(await send(`/ping/${id}?metric=rows:0`)).toBe(200);
    expect(await storedPings(id)).toMatchObject([{ kind: "ign" }]);
    expect(await values()).toEqual({});
  });
});

test("many signals at once keep each its own numbers", async () => {
  await Promise.all(Array.from({ length: 50 }, (_, at) => send(`/ping/${id}?metric=at:${at}&rid=${randomUUID()}`)));
  const pings = await storedPings(id);
  const found = await points();
  expect(found).toHaveLength(50);
  for (const { n, value } of found)
    expect(pings[n - 1]?.details).toMatchObject({ metadata: { metrics: { at: value } } });
});

test("a check that is deleted takes its numbers along, and those of others stay", async () => {
  const other = await makeCheck(world.project.id);
  for (const check of [id, other]) expect(await send(`/ping/${check}?metric=rows:1`)).toBe(200);
  const count = async (check: string) =>
    (await pool().query("SELECT n FROM metric_points WHERE check_id = $1", [check])).rows.length;
  expect([await count(id), await count(other)]).toEqual([1, 1]);
  await deleteCheck(world.project.caller, id);
  expect([await count(id), await count(other)]).toEqual([0, 1]);
});
