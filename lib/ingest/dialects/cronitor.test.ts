import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { makeCheck } from "@/lib/testing/checks";
import { heartbeats } from "@/lib/testing/heartbeats";

const at = heartbeats();

const tell = (query: string) => at.text(`/p/${at.world.project.pingKey}/${at.slug}${query}`);
const checksOf = async (name: string) => {
  const found = await pool().query("SELECT id FROM checks WHERE project_id = $1 AND slug = $2", [
    at.world.project.id,
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
    expect(await at.text(`/${prefix}/${at.world.project.pingKey}/${at.slug}?state=${state}`)).toEqual([200, "OK"]);
    expect(await at.lastPing()).toMatchObject({ kind, source: "cronitor" });
    expect(await at.stored()).toMatchObject({ status });
  });

  test("a state nobody knows records nothing and makes nothing", async () => {
    const unknown = [400, "unknown state"];
    expect(await at.text(`/${prefix}/${at.world.project.pingKey}/${at.slug}?state=paused`)).toEqual(unknown);
    expect(await at.text(`/${prefix}/${at.world.project.pingKey}/never?state=%00`)).toEqual(unknown);
    expect(await at.pings()).toEqual([]);
    expect(await checksOf("never")).toBe(0);
  });
});

describe("the state at the end of the path, as older clients have it", () => {
  test.each([
    ["run", "start"],
    ["complete", "success"],
    ["ok", "success"],
    ["tick", "success"],
    ["fail", "fail"],
  ])("/%s", async (state, kind) => {
    expect(await at.text(`/p/${at.world.project.pingKey}/${at.slug}/${state}`)).toEqual([200, "OK"]);
    expect(await at.lastPing()).toMatchObject({ kind, source: "cronitor" });
    expect(await at.text(`/ping/${at.world.project.pingKey}/${at.slug}/${state}/?msg=hi`)).toEqual([200, "OK"]);
    expect(await at.lastPing()).toMatchObject({ kind, source: state === "fail" ? "healthchecks" : "cronitor" });
  });

  test("the query comes first, and a monitor may be called like a state", async () => {
    expect(await tell("/run?state=fail")).toEqual([200, "OK"]);
    expect(await at.lastPing()).toMatchObject({ kind: "fail" });
    expect(await at.text(`/p/${at.world.project.pingKey}/run/run`)).toEqual([200, "OK"]);
    expect(await checksOf("run")).toBe(1);
  });

  test.each(["start", "log", "7", "run/run", "RUN"])("/%s is none", async (suffix) => {
    expect((await at.fetch(`/p/${at.world.project.pingKey}/${at.slug}/${suffix}`)).status).toBe(418);
  });

  test("a uuid is no key", async () => {
    expect((await at.text(`/ping/${at.id}/run`))[0]).toBe(404);
    expect((await at.text(`/ping/${at.id}/complete`))[0]).toBe(404);
    expect(await at.pings()).toEqual([]);
  });
});

test("a bare event is a heartbeat, and without a state /ping is Healthchecks'", async () => {
  expect(await tell("")).toEqual([200, "OK"]);
  expect(await at.text(`/ping/${at.world.project.pingKey}/${at.slug}`)).toEqual([200, "OK"]);
  expect(await at.text(`/ping/${at.id}/start?state=run`)).toEqual([200, "OK"]);
  expect((await at.pings()).map(({ kind, ...ping }) => [kind, "source" in ping && ping.source])).toEqual([
    ["success", "cronitor"],
    ["success", "healthchecks"],
    ["start", "healthchecks"],
  ]);
});

test.each(["GET", "HEAD", "POST"])("%s counts; OPTIONS and others do not", async (method) => {
  const path = `/p/${at.world.project.pingKey}/${at.slug}`;
  expect((await at.text(path, { method }))[0]).toBe(200);
  expect((await at.text(path, { method: "PUT" }))[0]).toBe(405);
  expect((await at.text(path, { method: "OPTIONS" }))[0]).toBe(204);
  expect(await at.pings()).toHaveLength(1);
});

describe("what an event says", () => {
  test("message, duration, exit status, environment, host, stamp", async () => {
    await tell("?state=fail&message=no+disk&duration=45.2&status_code=3&env=staging&host=db-1&stamp=1.5");
    expect(await at.lastPing()).toMatchObject({ exit_status: 3 });
    expect((await at.lastPing())?.details).toEqual({
      message: "no disk",
      reported_duration_ms: 45_200,
      metadata: { env: "staging", host: "db-1", stamp: "1.5" },
    });
  });

  test("metrics, as many as there are and however they are written", async () => {
    await tell("?msg=hi&metric=count:100&metric=rows=12.5&metric=count:read=7&metric=lag:-2&metric=oops&metric=a:b");
    expect((await at.lastPing())?.details).toEqual({
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
    expect(await at.lastPing()).toMatchObject({ kind: "success", exit_status: null });
    expect((await at.lastPing())?.details).toEqual(details);
  });

  test("a stamp of another clock moves nothing", async () => {
    const before = Date.now();
    await tell("?state=complete&stamp=4102444800");
    expect((await at.stored()).last_ping_at?.getTime()).toBeLessThan(before + 60_000);
  });
});

describe("runs", () => {
  test("are told apart by their series, in any order", async () => {
    for (const series of ["one", "two"]) await tell(`?state=run&series=${series}`);
    await tell("?state=complete&series=one");
    await tell("?state=fail&series=two");
    const runs = await pool().query("SELECT rid, status FROM runs WHERE check_id = $1 ORDER BY rid", [at.id]);
    expect(runs.rows).toEqual([
      { rid: "one", status: "success" },
      { rid: "two", status: "failed" },
    ]);
  });

  test("without a series the end belongs to the run that has none", async () => {
    await tell("?state=run");
    await tell("?state=complete");
    expect((await at.lastPing())?.duration_ms).toBeGreaterThanOrEqual(0);
  });

  test("a series of another check means nothing here", async () => {
    const other = `other-${randomUUID().slice(0, 8)}`;
    await tell("?state=run&series=shared");
    await at.text(`/p/${at.world.project.pingKey}/${other}?state=complete&series=shared`);
    const runs = await pool().query("SELECT status FROM runs WHERE check_id = $1", [at.id]);
    expect(runs.rows).toEqual([{ status: "running" }]);
  });
});

describe("monitors and keys", () => {
  test("an unknown monitor is made, once", async () => {
    const fresh = `fresh-${randomUUID().slice(0, 8)}`;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => at.text(`/p/${at.world.project.pingKey}/${fresh}?state=run`)),
    );
    expect(new Set(answers.map(String))).toEqual(new Set(["200,OK"]));
    expect(await checksOf(fresh)).toBe(1);
  });

  test("a name that is no slug makes nothing", async () => {
    for (const name of ["a.b", "%00", "a%20b", "x".repeat(101), randomUUID()]) {
      expect(await at.text(`/p/${at.world.project.pingKey}/${name}`)).toEqual([404, "not found"]);
    }
  });

  test("capitals in a name make no difference", async () => {
    expect(await at.text(`/p/${at.world.project.pingKey}/${at.slug.toUpperCase()}?state=run`)).toEqual([200, "OK"]);
    expect(await at.pings()).toHaveLength(1);
  });

  test("the uuid of a check works, and an API key with ping", async () => {
    const key = await at.world.project.key(["ping"]);
    expect(await at.text(`/p/${key}/${at.id}?state=complete`)).toEqual([200, "OK"]);
    expect(await at.text(`/p/${key}/${at.slug}`)).toEqual([200, "OK"]);
    expect(await at.pings()).toHaveLength(2);
  });

  test("a key that is unknown, may only read, or is of another project", async () => {
    expect(await at.text(`/p/nokey/${at.slug}`)).toEqual([401, "unknown key"]);
    expect(await at.text(`/p/%00/${at.slug}`)).toEqual([401, "unknown key"]);
    expect(await at.text(`/p/${await at.world.project.key(["read"])}/${at.slug}`)).toEqual([
      403,
      "not allowed with this key",
    ]);
    expect(await at.text(`/p/${at.world.foreign.pingKey}/${at.id}`)).toEqual([403, "not allowed with this key"]);
    expect(await at.pings()).toEqual([]);
  });

  test("several checks of one slug", async () => {
    await makeCheck(at.world.project.id, { slug: at.slug });
    expect(await tell("?state=run")).toEqual([409, "ambiguous slug"]);
  });
});
