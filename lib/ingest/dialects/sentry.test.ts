import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
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
    expect(await get("?status=ok")).toEqual({ status: 202, body: { id: null } });
    expect(await at.runs()).toEqual([]);
  });
});

test("any project, with and without the last slash; an API key with ping; the uuid of the check", async () => {
  const key = await at.world.project.key(["ping"]);
  expect((await at.json(`/api/0/cron/${at.slug}/${key}?status=ok`)).status).toBe(202);
  expect((await at.json(`/api/anything/cron/${at.id.toUpperCase()}/${key}/?status=ok`)).status).toBe(202);
  expect((await at.fetch(`${address()}?status=ok`, { method: "HEAD" })).status).toBe(202);
  expect(await at.pings()).toHaveLength(3);
});

describe("what is odd", () => {
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
