import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { makeCheck, storedCheck, storedPings } from "@/lib/testing/checks";
import { type Door, openDoor } from "@/lib/testing/door";
import { makeWorld, type World } from "@/lib/testing/world";

let door: Door;
let world: World;
let id: string;
let slug: string;

beforeAll(async () => {
  door = await openDoor();
  world = await makeWorld();
});
afterAll(() => door.close());

beforeEach(async () => {
  slug = `nightly-${randomUUID().slice(0, 8)}`;
  id = await makeCheck(world.project.id, { slug });
});

const send = async (path: string, init?: RequestInit): Promise<[number, string]> => {
  const answer = await fetch(`${door.url}${path}`, init);
  return [answer.status, await answer.text()];
};
const tell = (query: string) => send(`/p/${world.project.pingKey}/${slug}${query}`);
const lastPing = async () => (await storedPings(id)).at(-1);
const checksOf = async (name: string) => {
  const found = await pool().query("SELECT id FROM checks WHERE project_id = $1 AND slug = $2", [
    world.project.id,
    name,
  ]);
  return found.rows.length;
};

describe.each(["p", "ping"])("/%s/<key>/<monitor>", (prefix) => {
  test.each([
    ["run", "start", "new"],
    ["complete", "success", "up"],
    ["fail", "fail", "down"],
    ["ok", "success", "up"],
    ["tick", "success", "up"],
    ["", "success", "up"],
    ["COMPLETE", "success", "up"],
  ])("state=%s", async (state, kind, status) => {
    expect(await send(`/${prefix}/${world.project.pingKey}/${slug}?state=${state}`)).toEqual([200, "OK"]);
    expect(await lastPing()).toMatchObject({ kind, source: "cronitor" });
    expect(await storedCheck(id)).toMatchObject({ status });
  });

  test("a state nobody knows records nothing and makes nothing", async () => {
    const unknown = [400, "unknown state"];
    expect(await send(`/${prefix}/${world.project.pingKey}/${slug}?state=paused`)).toEqual(unknown);
    expect(await send(`/${prefix}/${world.project.pingKey}/never?state=%00`)).toEqual(unknown);
    expect(await storedPings(id)).toEqual([]);
    expect(await checksOf("never")).toBe(0);
  });
});

test("a bare event is a heartbeat, and without a state /ping is Healthchecks'", async () => {
  expect(await tell("")).toEqual([200, "OK"]);
  expect(await send(`/ping/${world.project.pingKey}/${slug}`)).toEqual([200, "OK"]);
  expect(await send(`/ping/${id}/start?state=run`)).toEqual([200, "OK"]);
  expect((await storedPings(id)).map(({ kind, ...ping }) => [kind, "source" in ping && ping.source])).toEqual([
    ["success", "cronitor"],
    ["success", "healthchecks"],
    ["start", "healthchecks"],
  ]);
});

test.each(["GET", "HEAD", "POST"])("%s counts; OPTIONS and others do not", async (method) => {
  const path = `/p/${world.project.pingKey}/${slug}`;
  expect((await send(path, { method }))[0]).toBe(200);
  expect((await send(path, { method: "PUT" }))[0]).toBe(405);
  expect((await send(path, { method: "OPTIONS" }))[0]).toBe(204);
  expect(await storedPings(id)).toHaveLength(1);
});

describe("what an event says", () => {
  test("message, duration, exit status, environment, host, stamp", async () => {
    await tell("?state=fail&message=no+disk&duration=45.2&status_code=3&env=staging&host=db-1&stamp=1.5");
    expect(await lastPing()).toMatchObject({ exit_status: 3 });
    expect((await lastPing())?.details).toEqual({
      message: "no disk",
      reported_duration_ms: 45_200,
      metadata: { env: "staging", host: "db-1", stamp: "1.5" },
    });
  });

  test("metrics, as many as there are and however they are written", async () => {
    await tell("?msg=hi&metric=count:100&metric=rows=12.5&metric=count:read=7&metric=lag:-2&metric=oops&metric=a:b");
    expect((await lastPing())?.details).toEqual({
      message: "hi",
      metadata: {
        metrics: { count: 100, rows: 12.5, "count:read": 7, lag: -2 },
        unread_metrics: ["oops", "a:b"],
      },
    });
  });

  test.each([
    ["duration=soon", { reported_duration: "soon" }],
    ["status_code=256", { metadata: { status_code: "256" } }],
    ["status_code=-1", { metadata: { status_code: "-1" } }],
    ["host=%00", { metadata: { host: "\uFFFD" } }],
  ])("%s is kept as it can be", async (query, details) => {
    expect(await tell(`?state=complete&${query}`)).toEqual([200, "OK"]);
    expect(await lastPing()).toMatchObject({ kind: "success", exit_status: null });
    expect((await lastPing())?.details).toEqual(details);
  });

  test("a stamp of another clock moves nothing", async () => {
    const before = Date.now();
    await tell("?state=complete&stamp=4102444800");
    expect((await storedCheck(id)).last_ping_at?.getTime()).toBeLessThan(before + 60_000);
  });
});

describe("runs", () => {
  test("are told apart by their series, in any order", async () => {
    for (const series of ["one", "two"]) await tell(`?state=run&series=${series}`);
    await tell("?state=complete&series=one");
    await tell("?state=fail&series=two");
    const runs = await pool().query("SELECT rid, status FROM runs WHERE check_id = $1 ORDER BY rid", [id]);
    expect(runs.rows).toEqual([
      { rid: "one", status: "success" },
      { rid: "two", status: "failed" },
    ]);
  });

  test("without a series the end belongs to the run that has none", async () => {
    await tell("?state=run");
    await tell("?state=complete");
    expect((await lastPing())?.duration_ms).toBeGreaterThanOrEqual(0);
  });

  test("a series of another check means nothing here", async () => {
    const other = `other-${randomUUID().slice(0, 8)}`;
    await tell("?state=run&series=shared");
    await send(`/p/${world.project.pingKey}/${other}?state=complete&series=shared`);
    const runs = await pool().query("SELECT status FROM runs WHERE check_id = $1", [id]);
    expect(runs.rows).toEqual([{ status: "running" }]);
  });
});

describe("monitors and keys", () => {
  test("an unknown monitor is made, once", async () => {
    const fresh = `fresh-${randomUUID().slice(0, 8)}`;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => send(`/p/${world.project.pingKey}/${fresh}?state=run`)),
    );
    expect(new Set(answers.map(String))).toEqual(new Set(["200,OK"]));
    expect(await checksOf(fresh)).toBe(1);
  });

  test("a name that is no slug makes nothing", async () => {
    for (const name of ["a.b", "%00", "a%20b", "x".repeat(101), randomUUID()]) {
      expect(await send(`/p/${world.project.pingKey}/${name}`)).toEqual([404, "not found"]);
    }
  });

  test("capitals in a name make no difference", async () => {
    expect(await send(`/p/${world.project.pingKey}/${slug.toUpperCase()}?state=run`)).toEqual([200, "OK"]);
    expect(await storedPings(id)).toHaveLength(1);
  });

  test("the uuid of a check works, and an API key with ping", async () => {
    const key = await world.project.key(["ping"]);
    expect(await send(`/p/${key}/${id}?state=complete`)).toEqual([200, "OK"]);
    expect(await send(`/p/${key}/${slug}`)).toEqual([200, "OK"]);
    expect(await storedPings(id)).toHaveLength(2);
  });

  test("a key that is unknown, may only read, or is of another project", async () => {
    expect(await send(`/p/nokey/${slug}`)).toEqual([401, "unknown key"]);
    expect(await send(`/p/%00/${slug}`)).toEqual([401, "unknown key"]);
    expect(await send(`/p/${await world.project.key(["read"])}/${slug}`)).toEqual([403, "not allowed with this key"]);
    expect(await send(`/p/${world.foreign.pingKey}/${id}`)).toEqual([403, "not allowed with this key"]);
    expect(await storedPings(id)).toEqual([]);
  });

  test("several checks of one slug", async () => {
    await makeCheck(world.project.id, { slug });
    expect(await tell("?state=run")).toEqual([409, "ambiguous slug"]);
  });
});
