import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { makeCheck, storedCheck, storedPings } from "@/lib/testing/checks";
import { type Door, openDoor } from "@/lib/testing/door";
import { makeWorld, type World } from "@/lib/testing/world";

let door: Door;
let world: World;

beforeAll(async () => {
  door = await openDoor();
  world = await makeWorld();
});
afterAll(() => door.close());

const ping = (path: string, init?: RequestInit) => fetch(`${door.url}${path}`, init);
const answer = async (path: string, init?: RequestInit) => {
  const response = await ping(path, init);
  return [response.status, await response.text()];
};

describe("an accepted signal", () => {
  test("answers OK with the promised headers", async () => {
    const id = await makeCheck(world.project.id);
    const response = await ping(`/ping/${id}`);
    expect([response.status, await response.text()]).toEqual([200, "OK"]);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/plain; charset=utf-8",
      "access-control-allow-origin": "*",
      "cache-control": "no-store",
      "ping-body-limit": "10000",
      "content-length": "2",
    });
  });

  test.each([
    ["", "success", null, "up"],
    ["/start", "start", null, "new"],
    ["/fail", "fail", null, "down"],
    ["/log", "log", null, "new"],
    ["/0", "success", 0, "up"],
    ["/3", "fail", 3, "down"],
    ["/255", "fail", 255, "down"],
  ])("uuid%s is recorded as %s", async (suffix, kind, exitStatus, status) => {
    const id = await makeCheck(world.project.id);
    expect(await answer(`/ping/${id}${suffix}`)).toEqual([200, "OK"]);
    expect(await storedPings(id)).toMatchObject([{ n: 1, kind, exit_status: exitStatus }]);
    expect(await storedCheck(id)).toMatchObject({ status, n_pings: 1 });
  });

  test("by ping key and slug, and by uuid at the root", async () => {
    const id = await makeCheck(world.project.id, { slug: "nightly" });
    expect(await answer(`/ping/${world.project.pingKey}/nightly`)).toEqual([200, "OK"]);
    expect(await answer(`/${id}/start`)).toEqual([200, "OK"]);
    expect((await storedPings(id)).map((one) => one.kind)).toEqual(["success", "start"]);
  });

  test("HEAD counts and has no body; OPTIONS counts nothing; other methods are refused", async () => {
    const id = await makeCheck(world.project.id);
    expect(await answer(`/ping/${id}`, { method: "HEAD" })).toEqual([200, ""]);
    const preflight = await ping(`/ping/${id}`, { method: "OPTIONS" });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-methods")).toBe("HEAD, GET, POST");
    const put = await ping(`/ping/${id}`, { method: "PUT" });
    expect([put.status, put.headers.get("allow")]).toEqual([405, "HEAD, GET, POST, OPTIONS"]);
    expect((await storedPings(id)).map((one) => one.method)).toEqual(["HEAD"]);
  });

  test("keeps what came with it", async () => {
    const id = await makeCheck(world.project.id);
    const rid = randomUUID();
    await ping(`/ping/${id}?rid=${rid}`, { headers: { "User-Agent": "x".repeat(300), "X-Forwarded-For": "6.6.6.6" } });
    expect(await storedPings(id)).toMatchObject([
      { rid, user_agent: "x".repeat(200), remote_addr: "127.0.0.1", scheme: "http", body: null },
    ]);
  });

  test("measures a run from start to finish", async () => {
    const id = await makeCheck(world.project.id);
    const rid = randomUUID();
    await ping(`/ping/${id}/start?rid=${rid}`);
    await ping(`/ping/${id}?rid=${rid}`);
    const runs = await pool().query("SELECT status, rid, duration_ms, due_at FROM runs WHERE check_id = $1", [id]);
    const [, finish] = await storedPings(id);
    expect(runs.rows).toEqual([{ status: "success", rid, duration_ms: finish?.duration_ms, due_at: null }]);
    expect(finish?.duration_ms).toBeGreaterThanOrEqual(0);
    expect((await storedCheck(id)).last_duration_ms).toBe(finish?.duration_ms);
  });
});

describe("a refused signal leaves no trace", () => {
  const pingKey = () => world.project.pingKey;

  test("unknown uuid, key or slug; also with a bad exit status or run id", async () => {
    for (const path of [
      `/ping/${randomUUID()}`,
      `/ping/${randomUUID()}/256`,
      `/ping/${randomUUID()}?rid=1`,
      `/ping/${pingKey()}/nope`,
      "/ping/nokey/nope?create=1",
    ]) {
      expect(await answer(path)).toEqual([404, "not found"]);
    }
  });

  test("a deleted check", async () => {
    const id = await makeCheck(world.project.id);
    await pool().query("DELETE FROM checks WHERE id = $1", [id]);
    expect(await answer(`/ping/${id}`)).toEqual([404, "not found"]);
  });

  test("a slug that several checks share", async () => {
    const ids = [
      await makeCheck(world.project.id, { slug: "twin" }),
      await makeCheck(world.project.id, { slug: "twin" }),
    ];
    expect(await answer(`/ping/${pingKey()}/twin?create=1`)).toEqual([409, "ambiguous slug"]);
    for (const id of ids) expect(await storedPings(id)).toEqual([]);
  });

  test("a bad exit status or run id records nothing and creates nothing", async () => {
    const id = await makeCheck(world.project.id, { slug: "strict" });
    for (const [path, text] of [
      [`/ping/${id}/256`, "invalid url format"],
      [`/ping/${pingKey()}/strict/999999999999`, "invalid url format"],
      [`/ping/${id}?rid=12345`, "invalid uuid format"],
      [`/ping/${id}?rid=${randomUUID()}%0A`, "invalid uuid format"],
      [`/ping/${pingKey()}/never-made/256?create=1`, "invalid url format"],
      [`/ping/${pingKey()}/never-made?create=1&rid=`, "invalid uuid format"],
      [`/ping/${pingKey()}/Never-Made?create=1`, "invalid url format"],
      [`/ping/${pingKey()}/${"x".repeat(101)}?create=1`, "invalid url format"],
    ] as const) {
      expect(await answer(path)).toEqual([400, text]);
    }
    expect(await storedCheck(id)).toMatchObject({ status: "new", n_pings: 0 });
    expect(await answer(`/ping/${pingKey()}/never-made`)).toEqual([404, "not found"]);
  });

  test("carries none of the headers of success", async () => {
    const response = await ping(`/ping/${randomUUID()}`);
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
    expect(response.headers.get("ping-body-limit")).toBeNull();
  });
});

describe("create=1", () => {
  test("makes the check once, with the defaults and all channels of its project", async () => {
    const channel = await pool().query<{ id: string }>(
      "INSERT INTO channels (project_id, kind, name, config) VALUES ($1, 'webhook', 'c', '') RETURNING id",
      [world.project.id],
    );
    const path = `/ping/${world.project.pingKey}/made-by-ping`;
    const first = await ping(`${path}?create=1`);
    expect([first.status, await first.text(), first.headers.get("ping-body-limit")]).toEqual([201, "Created", "10000"]);
    expect(await answer(`${path}?create=1`)).toEqual([200, "OK"]);
    const made = await pool().query(
      `SELECT name, slug, timeout_seconds, grace_seconds, n_pings,
              (SELECT array_agg(channel_id::text) FROM check_channels WHERE check_id = checks.id) AS channels
         FROM checks WHERE project_id = $1 AND slug = 'made-by-ping'`,
      [world.project.id],
    );
    expect(made.rows).toEqual([
      {
        name: "made-by-ping",
        slug: "made-by-ping",
        timeout_seconds: 86400,
        grace_seconds: 3600,
        n_pings: 2,
        channels: [channel.rows[0]?.id],
      },
    ]);
  });

  test("of 100 simultaneous first pings exactly one makes it, and all are recorded", async () => {
    const path = `/ping/${world.project.pingKey}/stampede/start?create=1`;
    const answers = await Promise.all(Array.from({ length: 100 }, () => ping(path)));
    expect(answers.filter((one) => one.status === 201)).toHaveLength(1);
    expect(answers.filter((one) => one.status === 200)).toHaveLength(99);
    const made = await pool().query("SELECT id, n_pings FROM checks WHERE project_id = $1 AND slug = 'stampede'", [
      world.project.id,
    ]);
    expect(made.rows).toEqual([{ id: expect.any(String), n_pings: 100 }]);
  });

  test("a ping key of another project makes nothing here", async () => {
    await ping(`/ping/${world.foreign.pingKey}/elsewhere?create=1`);
    expect(await answer(`/ping/${world.project.pingKey}/elsewhere`)).toEqual([404, "not found"]);
  });
});

describe("numbers", () => {
  test("200 parallel pings are numbered 1 to 200 without gap or repeat", async () => {
    const id = await makeCheck(world.project.id);
    const kinds = ["", "/start", "/fail", "/log", "/7"];
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => answer(`/ping/${id}${kinds[index % 5]}`)),
    );
    expect(new Set(answers.map(String))).toEqual(new Set(["200,OK"]));
    expect((await storedPings(id)).map((one) => one.n)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    expect((await storedCheck(id)).n_pings).toBe(200);
  });
});

describe("bodies", () => {
  const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

  test.each([
    ["text", Buffer.from("all good\n")],
    ["every byte there is", everyByte],
    ["invalid UTF-8", Buffer.from([0xc3, 0x28, 0xff, 0xfe, 0x00])],
    ["exactly the limit", Buffer.alloc(10_000, "x")],
  ])("%s comes back as it was", async (_name, body) => {
    const id = await makeCheck(world.project.id);
    await ping(`/ping/${id}`, { method: "POST", body });
    expect((await storedPings(id))[0]?.body?.equals(body)).toBe(true);
  });

  test("of 10 MB the first 10,000 bytes are kept, and the answer is OK", async () => {
    const id = await makeCheck(world.project.id);
    const body = Buffer.alloc(10_000_000, everyByte);
    expect(await answer(`/ping/${id}`, { method: "POST", body })).toEqual([200, "OK"]);
    expect((await storedPings(id))[0]?.body?.equals(body.subarray(0, 10_000))).toBe(true);
  });

  test("none is null", async () => {
    const id = await makeCheck(world.project.id);
    await ping(`/ping/${id}`, { method: "POST" });
    expect((await storedPings(id))[0]?.body).toBeNull();
  });

  test("one that breaks off is no signal", async () => {
    const id = await makeCheck(world.project.id);
    await door.raw(`POST /ping/${id} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf`);
    expect(await storedPings(id)).toEqual([]);
  });
});

test.each(["/fail?rid=%00", "/256?rid=%00", "/1?rid=x"])("a failure that is refused is refused: %s", async (suffix) => {
  const id = await makeCheck(world.project.id);
  expect((await answer(`/ping/${id}${suffix}`))[0]).toBe(400);
  expect(await storedPings(id)).toEqual([]);
});

describe("filters", () => {
  const byBody = {
    filterHttpBody: true,
    successKeywords: "done, finished",
    failureKeywords: "error",
    startKeywords: "begin",
  };

  test.each([
    [{ methods: "POST" }, "", null, "ign"],
    [{ methods: "POST" }, "", "x", "success"],
    [byBody, "/fail", "all done", "success"],
    [byBody, "", "done with error", "fail"],
    [byBody, "", "begin", "start"],
    [byBody, "", "DONE", "ign"],
    [{ ...byBody, filterDefaultFail: true }, "/log", "hm", "fail"],
    [byBody, "", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("finished")]), "success"],
  ])("%j %s %s → %s", async (fields, suffix, body, kind) => {
    const id = await makeCheck(world.project.id, fields);
    await ping(`/ping/${id}${suffix}`, body === null ? {} : { method: "POST", body });
    expect((await storedPings(id))[0]?.kind).toBe(kind);
  });

  test("look for keywords in JSON as well, whatever the dialect makes of it", async () => {
    const id = await makeCheck(world.project.id, byBody);
    const key = world.project.pingKey;
    for (const [path, said] of [
      [`/api/heartbeat/${id}`, { message: "done with error" }],
      [`/hbk/${id}`, { key, output: "all done" }],
      [`/api/1/cron/${id}/${key}/`, { status: "ok", output: "an error" }],
      [`/api/heartbeat/${id}`, { message: "hm" }],
    ] as const)
      await ping(path, { method: "POST", body: JSON.stringify(said) });
    expect((await storedPings(id)).map(({ kind }) => kind)).toEqual(["fail", "success", "fail", "ign"]);
    expect((await storedPings(id)).every(({ body }) => body === null)).toBe(true);
  });

  test("a check paused for manual resume records and ignores", async () => {
    const id = await makeCheck(world.project.id, { manualResume: true });
    await pool().query("UPDATE checks SET status = 'paused' WHERE id = $1", [id]);
    expect(await answer(`/ping/${id}/fail`)).toEqual([200, "OK"]);
    expect(await storedCheck(id)).toMatchObject({ status: "paused", n_pings: 1 });
    expect((await storedPings(id))[0]?.kind).toBe("ign");
  });
});
