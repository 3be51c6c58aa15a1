import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { prisma } from "@/lib/db/client";
import { makeCheck, storedPings } from "@/lib/testing/checks";
import { heartbeats } from "@/lib/testing/heartbeats";

const at = heartbeats();

const address = () => `/api/4511/cron/${at.slug}/${at.world.project.pingKey}/`;
const get = (query: string) => at.json(`${address()}${query}`);
const post = (body: unknown) => at.post(address(), body);

describe("the examples of its documents", () => {
  test.each([
    ["in_progress", "start", "new"],
    ["ok", "success", "up"],
    ["error", "fail", "down"],
  ])("status=%s", async (said, kind, status) => {
    expect((await get(`?status=${said}`)).status).toBe(202);
    expect(await at.lastPing()).toMatchObject({ kind, source: "sentry" });
    expect(await at.stored()).toMatchObject({ status });
  });

  test("start and end without an id are one run", async () => {
    const started = await get("?status=in_progress");
    expect(started.body["id"]).toMatch(/^[0-9a-f-]{36}$/);
    const ended = await get("?status=ok");
    expect(ended.body).toEqual(started.body);
    expect(await at.runs()).toEqual([{ rid: started.body["id"], status: "success" }]);
  });

  test("an end without an id is the newest run's", async () => {
    const first = await get("?status=in_progress");
    const second = await get("?status=in_progress");
    expect((await get("?status=error")).body).toEqual(second.body);
    expect(await at.runs()).toEqual([
      { rid: first.body["id"], status: "running" },
      { rid: second.body["id"], status: "failed" },
    ]);
  });

  test("overlapping runs by their ids, with or without dashes", async () => {
    const [one, two] = [randomUUID(), randomUUID()];
    await get(`?check_in_id=${one}&status=in_progress`);
    await get(`?check_in_id=${two.replaceAll("-", "")}&status=in_progress`);
    expect((await get(`?check_in_id=${one.toUpperCase()}&status=ok`)).body).toEqual({ id: one });
    expect((await post({ check_in_id: two, status: "error" })).body).toEqual({ id: two });
    expect(await at.runs()).toEqual([
      { rid: one, status: "success" },
      { rid: two, status: "failed" },
    ]);
  });

  test("the id of zeros is the latest", async () => {
    const { body } = await get("?status=in_progress");
    expect((await get("?status=ok&check_in_id=00000000000000000000000000000000")).body).toEqual(body);
  });

  test("JSON, with duration and environment", async () => {
    expect((await post({ status: "ok", duration: 21.5, environment: "production" })).status).toBe(202);
    const ping = await at.lastPing();
    expect(ping?.details).toEqual({ reported_duration_ms: 21_500, metadata: { environment: "production" } });
    expect(ping?.body).toBeNull();
  });

  test("a heartbeat alone, of a job that never tells its start", async () => {
    for (const status of ["ok", "error"]) {
      const { body } = await get(`?status=${status}`);
      expect(body).toEqual({ id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
      expect((await at.lastPing())?.rid).toBe(body["id"]);
    }
    expect(await at.runs()).toEqual([]);
  });

  test("the end of a run that was started under no name has an id too", async () => {
    await at.fetch(`/ping/${at.id}/start`);
    expect((await get("?status=ok")).body).toEqual({ id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(await at.runs()).toEqual([{ rid: null, status: "success" }]);
  });
});

test("any project, with and without the last slash; an API key with ping; the uuid of the check", async () => {
  const key = await at.world.project.key(["ping"]);
  expect((await at.json(`/api/0/cron/${at.slug}/${key}?status=ok`)).status).toBe(202);
  expect((await at.json(`/api/anything/cron/${at.id.toUpperCase()}/${key}/?status=ok`)).status).toBe(202);
  expect((await at.fetch(`${address()}?status=ok`, { method: "HEAD" })).status).toBe(202);
  expect(await at.pings()).toHaveLength(3);
});

const HOURLY = { type: "crontab", value: "0 * * * *" };
const CONFIG = {
  schedule: HOURLY,
  timezone: "Europe/Riga",
  checkin_margin: 5,
  max_runtime: 30,
  failure_issue_threshold: 2,
  recovery_threshold: 3,
};
const SET = {
  timeoutSeconds: null,
  schedule: "0 * * * *",
  timeZone: "Europe/Riga",
  graceSeconds: 300,
  maxRunSeconds: 1800,
  maxMisses: 2,
};
const settings = (slug: string) =>
  prisma().check.findMany({
    where: { projectId: at.world.project.id, slug },
    select: {
      timeoutSeconds: true,
      schedule: true,
      timeZone: true,
      graceSeconds: true,
      maxRunSeconds: true,
      maxMisses: true,
    },
  });
const notes = async (subjectId: string) => {
  const found = await prisma().auditEntry.findMany({ where: { subjectId }, orderBy: { id: "asc" } });
  return found.map(({ action, actor }) => `${action} ${actor.replace(/:.*/, "")}`);
};

describe("a check-in with monitor_config", () => {
  const fresh = () => `fresh-${randomUUID().slice(0, 8)}`;
  const upsert = (slug: string, config: unknown, status = "ok") =>
    at.post(`/api/1/cron/${slug}/${at.world.project.pingKey}/`, { status, monitor_config: config });

  test("makes the monitor it names, with its settings", async () => {
    const slug = fresh();
    expect((await upsert(slug, CONFIG, "in_progress")).status).toBe(202);
    expect(await settings(slug)).toEqual([SET]);
    const check = await prisma().check.findFirstOrThrow({ where: { slug } });
    expect([check.name, await notes(check.id)]).toEqual([slug, ["check.create ping-key"]]);
    const [ping] = await storedPings(check.id);
    expect(ping).toMatchObject({ kind: "start", details: { metadata: { monitor_config: { recovery_threshold: 3 } } } });
    const [run] = await prisma().run.findMany({ where: { checkId: check.id } });
    expect((run?.dueAt?.getTime() ?? 0) - (run?.startedAt.getTime() ?? 0)).toBe(1_800_000);
  });

  test("of many at once one makes it, and all are recorded", async () => {
    const slug = fresh();
    const answers = await Promise.all(Array.from({ length: 40 }, () => upsert(slug, CONFIG)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const made = await prisma().check.findMany({ where: { slug } });
    expect(made.map(({ nPings }) => Number(nPings))).toEqual([40]);
    expect(await notes(made[0]?.id ?? "")).toEqual(["check.create ping-key"]);
  });

  test("that the check leaves out changes nothing", async () => {
    const slug = fresh();
    await upsert(slug, CONFIG);
    await prisma().check.updateMany({ where: { slug }, data: { status: "paused", manualResume: true } });
    expect((await upsert(slug, { ...CONFIG, checkin_margin: 9 })).status).toBe(202);
    expect(await settings(slug)).toEqual([SET]);
    const check = await prisma().check.findFirstOrThrow({ where: { slug } });
    expect((await storedPings(check.id)).map(({ kind }) => kind)).toEqual(["success", "ign"]);
  });

  test("changes what differs, moves the deadline and is noted once", async () => {
    const key = await at.world.project.key(["ping"]);
    const tell = (config: unknown) =>
      at.post(`/api/1/cron/${at.slug}/${key}/`, { status: "ok", monitor_config: config });
    for (let count = 0; count < 3; count += 1) await tell(CONFIG);
    expect(await settings(at.slug)).toEqual([SET]);
    expect(await notes(at.id)).toEqual(["check.update key"]);
    await tell({ schedule: { type: "interval", value: 2, unit: "hour" }, failure_issue_threshold: 1 });
    expect(await settings(at.slug)).toEqual([{ ...SET, schedule: null, timeoutSeconds: 7200, maxMisses: 1 }]);
    const { due_at: due, last_ping_at: last } = await at.stored();
    expect((due?.getTime() ?? 0) - (last?.getTime() ?? 0)).toBe(7_500_000);
    expect(await at.pings()).toHaveLength(4);
  });

  test("moves the deadline of a check that only starts a run", async () => {
    await get("?status=ok");
    const before = await at.stored();
    await post({ status: "in_progress", monitor_config: { schedule: { type: "interval", value: 1, unit: "minute" } } });
    const after = await at.stored();
    expect(after.last_ping_at).toEqual(before.last_ping_at);
    expect((after.due_at?.getTime() ?? 0) - (before.due_at?.getTime() ?? 0)).toBe(-86_340_000);
  });

  test("of several in one batch the last one counts", async () => {
    const every = (value: number) => ({ schedule: { type: "interval", value, unit: "hour" } });
    await Promise.all([1, 2, 3].map((value) => upsert(at.slug, every(value))));
    const [stored] = await settings(at.slug);
    const { due_at: due, last_ping_at: last } = await at.stored();
    expect((due?.getTime() ?? 0) - (last?.getTime() ?? 0)).toBe(((stored?.timeoutSeconds ?? 0) + 3600) * 1000);
    expect(await notes(at.id)).toHaveLength(3);
  });

  test("leaves a shortest run its room", async () => {
    await prisma().check.updateMany({ where: { slug: at.slug }, data: { minRunSeconds: 3600, maxRunSeconds: 7200 } });
    await upsert(at.slug, CONFIG);
    expect(await settings(at.slug)).toEqual([{ ...SET, maxRunSeconds: 7200 }]);
  });

  test("that is wrong is told, and the check-in is recorded all the same", async () => {
    const wrong = { schedule: { type: "crontab", value: "61 * * * *" }, timezone: "UTC" };
    const before = await settings(at.slug);
    const { status, body } = await upsert(at.slug, wrong);
    expect([status, body["monitor_config_error"]]).toEqual([
      202,
      "monitor_config: schedule must be a cron expression of five fields that comes due.",
    ]);
    expect(await settings(at.slug)).toEqual(before);
    expect((await at.lastPing())?.details).toEqual({ metadata: { monitor_config: wrong } });
  });

  test("makes nothing when it is wrong, when the key is, or when the name can be no slug", async () => {
    const slug = fresh();
    expect(await upsert(slug, { schedule: "hourly" })).toMatchObject({
      status: 400,
      body: { code: "invalid_input", detail: expect.stringContaining("monitor_config: schedule") },
    });
    const nobody = await at.post(`/api/1/cron/${slug}/nokey/`, { status: "ok", monitor_config: CONFIG });
    expect(nobody.status).toBe(401);
    expect(await settings(slug)).toEqual([]);
    for (const name of ["a.b", "%00", randomUUID(), "x".repeat(101)])
      expect((await upsert(name, CONFIG)).status).toBe(404);
    expect((await at.json(`/api/1/cron/${at.id}/${at.world.foreign.pingKey}/?status=ok`)).status).toBe(403);
  });

  test("changes nothing of another project", async () => {
    const slug = fresh();
    const foreign = await makeCheck(at.world.foreign.id, { slug });
    await upsert(slug, CONFIG);
    expect(await storedPings(foreign)).toEqual([]);
    expect(await settings(slug)).toEqual([SET]);
    const mine = { status: "ok", monitor_config: CONFIG };
    expect((await at.post(`/api/1/cron/${at.id}/${at.world.foreignKey}/`, mine)).status).toBe(403);
    expect((await settings(at.slug))[0]).not.toEqual(SET);
  });
});

describe("what is odd", () => {
  test("what is no text is no status and no id", async () => {
    for (const value of [{ toString: 1 }, { valueOf: 1, toString: null }, [], ["ok"], 5, true]) {
      expect((await post({ status: value })).status).toBe(400);
      expect((await post({ status: "ok", check_in_id: value })).status).toBe(400);
    }
    expect(await at.pings()).toEqual([]);
  });

  test("a duration that cannot be read is kept as text", async () => {
    await post({ status: "ok", duration: { a: 1 } });
    expect((await at.lastPing())?.details).toEqual({ reported_duration: '{"a":1}' });
  });

  test("a body that is no JSON is output of the job", async () => {
    await at.json(`${address()}?status=error`, { method: "POST", body: "no disk" });
    expect(await at.lastPing()).toMatchObject({ kind: "fail", details: null, body: Buffer.from("no disk") });
  });

  test("NULs and lone surrogates are replaced", async () => {
    const body = '{"status":"ok","environment":"a\\u0000b\\ud800"}';
    expect((await at.json(address(), { method: "POST", body })).status).toBe(202);
    expect((await at.lastPing())?.details).toEqual({ metadata: { environment: "a\uFFFDb\uFFFD" } });
  });

  test("metadata of a megabyte is taken, and its size is told instead; more is refused", async () => {
    expect((await post({ status: "ok", notes: "x".repeat(900_000) })).status).toBe(202);
    expect(await at.lastPing()).toMatchObject({ details: { metadata: { too_large: expect.any(String) } } });
    expect((await post({ status: "ok", notes: "x".repeat(1_100_000) })).status).toBe(413);
  });
});

describe("what is refused", () => {
  test.each(["", "?status=", "?status=missed", "?status=OK", "?status=%00", "?status=ok&check_in_id=7"])(
    "%s",
    async (query) => {
      expect(await get(query)).toMatchObject({ status: 400, body: { code: "invalid_input" } });
      expect(await at.pings()).toEqual([]);
    },
  );

  test("an unknown key, a key that may only read, an unknown monitor", async () => {
    const to = (name: string, key: string) => at.json(`/api/1/cron/${name}/${key}/?status=ok`);
    expect(await to(at.slug, "nokey")).toMatchObject({ status: 401 });
    expect(await to(at.slug, await at.world.project.key(["read"]))).toMatchObject({ status: 403 });
    expect(await to(at.id, at.world.foreign.pingKey)).toMatchObject({ status: 403 });
    expect(await to("nobody", at.world.project.pingKey)).toMatchObject({ status: 404 });
    expect(await to("%00", at.world.project.pingKey)).toMatchObject({ status: 404 });
  });

  test.each(["/api/cron/sweep", "/api/1/cron/x", "/api/1/cron/x/y/z"])("%s is none of these", async (path) => {
    expect((await at.fetch(`${path}?status=ok`)).status).toBe(418);
  });
});
