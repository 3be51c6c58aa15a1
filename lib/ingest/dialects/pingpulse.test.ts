import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { makeCheck, storedPings } from "@/lib/testing/checks";
import { heartbeats } from "@/lib/testing/heartbeats";

const at = heartbeats();
let key: string;

beforeEach(() => {
  key = at.world.key;
});

describe.each(["hbk", "hhk"])("a pulse to /%s", (door_) => {
  test("by GET, as the reference shows it", async () => {
    const { status, body } = await at.json(`/${door_}/${at.slug}?key=${key}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      status: "success",
      target_id: at.slug,
      state: "healthy",
      next_expected_at: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(await at.lastPing()).toMatchObject({
      kind: "success",
      source: "pingpulse-pulse",
      details: null,
      body: null,
    });
  });

  test("by POST, with metadata and without the key in what is kept", async () => {
    expect((await at.post(`/${door_}/${at.slug}`, { key, status: "ok", rows_processed: 1500 })).status).toBe(200);
    const ping = await at.lastPing();
    expect(ping?.details).toEqual({ status_text: "ok", metadata: { rows_processed: 1500 } });
    expect(JSON.stringify(ping)).not.toContain(key);
  });

  test("to a uuid", async () => {
    expect((await at.json(`/${door_}/${at.id}?key=${key}`)).status).toBe(200);
    expect(await at.pings()).toHaveLength(1);
  });
});

describe("what a status says", () => {
  test.each([
    ["ok", "success", null],
    ["success", "success", null],
    ["up", "success", null],
    ["UP", "success", null],
    ["0", "success", 0],
    ["", "success", null],
    ["fail", "fail", null],
    ["failed", "fail", null],
    ["error", "fail", null],
    ["down", "fail", null],
    ["1", "fail", 1],
    ["255", "fail", 255],
    ["256", "fail", null],
    ["-1", "fail", null],
    ["partly", "success", null],
  ])("%j", async (status, kind, exitStatus) => {
    await at.json(`/hbk/${at.slug}?key=${key}&status=${encodeURIComponent(status)}`);
    expect(await at.lastPing()).toMatchObject({ kind, exit_status: exitStatus });
    await at.post(`/hbk/${at.slug}`, { key, status: /^-?\d+$/.test(status) ? Number(status) : status });
    expect(await at.lastPing()).toMatchObject({ kind, exit_status: exitStatus });
  });

  test("a failure is answered with the state after it", async () => {
    expect((await at.json(`/hbk/${at.slug}?key=${key}&status=$?`)).status).toBe(200); // a shell that has not replaced it
    const { body } = await at.json(`/hbk/${at.slug}?key=${key}&status=2`);
    expect(body).toMatchObject({ state: "down", next_expected_at: null });
    expect(await at.stored()).toMatchObject({ status: "down" });
  });

  test("a check that is paused and resumed by hand says so", async () => {
    await pool().query("UPDATE checks SET status = 'paused', manual_resume = true WHERE id = $1", [at.id]);
    expect((await at.json(`/hbk/${at.slug}?key=${key}`)).body).toMatchObject({
      state: "paused",
      next_expected_at: null,
    });
  });
});

describe("a key", () => {
  const from: [string, () => ReturnType<typeof at.json>][] = [
    ["in the query", () => at.json(`/hbk/${at.slug}?key=${key}`)],
    ["as a bearer", () => at.json(`/hbk/${at.slug}`, { headers: { Authorization: `Bearer ${key}` } })],
    ["in a header", () => at.json(`/hbk/${at.slug}`, { headers: { "X-Api-Key": key } })],
    ["in the body", () => at.post(`/hbk/${at.slug}`, { key })],
  ];
  test.each(from)("is taken %s", async (_where, call) => {
    expect((await call()).status).toBe(200);
  });

  test("may be the project's ping key, or one that only pings or writes", async () => {
    const keys = [
      at.world.project.pingKey,
      await at.world.project.key(["ping"]),
      await at.world.project.key(["write"]),
    ];
    for (const one of keys) expect((await at.json(`/hbk/${at.slug}?key=${one}`)).status).toBe(200);
  });

  test("that may not ping is refused, as is one of another project", async () => {
    const reader = await at.world.project.key(["read"]);
    expect(await at.json(`/hbk/${at.slug}?key=${reader}`)).toMatchObject({ status: 403, body: { code: "forbidden" } });
    expect(await at.json(`/hbk/${at.id}?key=${at.world.foreignKey}`)).toMatchObject({ status: 403 });
    expect(await at.json(`/hbk/${at.slug}?key=${at.world.foreignKey}`)).toMatchObject({ status: 404 });
    expect(await at.json(`/phk/${at.hook}/start?key=${at.world.foreign.pingKey}`)).toMatchObject({ status: 403 });
    expect(await at.pings()).toHaveLength(0);
  });

  test("that is missing, unknown, revoked or expired is 401", async () => {
    const expired = await at.world.project.key(["ping"], new Date(0));
    const revoked = await at.world.project.key(["ping"]);
    await pool().query("UPDATE api_keys SET revoked_at = now() WHERE prefix = $1 AND project_id = $2", [
      revoked.slice(0, 8),
      at.world.project.id,
    ]);
    for (const query of ["", "?key=", "?key=nobody", "?key=%00", `?key=${expired}`, `?key=${revoked}`]) {
      expect(await at.json(`/hbk/${at.slug}${query}`)).toMatchObject({
        status: 401,
        body: { code: "unauthenticated" },
      });
    }
    expect(await at.pings()).toHaveLength(0);
  });
});

describe("a process hook", () => {
  test("start and finish by GET, as the reference shows them", async () => {
    const started = await at.json(`/phk/${at.hook}/start?key=${key}`);
    expect(started).toMatchObject({
      status: 200,
      body: { status: "success", process_hook_id: at.hook, run_id: expect.any(String), started_at: expect.any(String) },
    });
    const finished = await at.json(`/phk/${at.hook}/finish?key=${key}`);
    expect(finished).toMatchObject({
      status: 200,
      body: { status: "success", process_hook_id: at.hook, run_id: started.body["run_id"], run_status: "success" },
    });
    expect(finished.body["duration_ms"]).toBeGreaterThanOrEqual(0);
    expect(await at.stored()).toMatchObject({ status: "up" });
  });

  test("with metadata by POST; the client's own duration is kept beside ours", async () => {
    await at.post(`/phk/${at.hook}/start`, { key, agent: "ci-server", metadata: { job: "nightly_backup" } });
    expect((await at.lastPing())?.details).toEqual({ metadata: { agent: "ci-server", job: "nightly_backup" } });
    const { body } = await at.post(`/phk/${at.hook}/finish`, {
      key,
      agent: "ci-server",
      metadata: { status: "success", duration_ms: 45_000 },
    });
    expect(body["run_status"]).toBe("success");
    expect(body["duration_ms"]).toBeLessThan(45_000);
    expect((await at.lastPing())?.details).toMatchObject({ status_text: "success", reported_duration_ms: 45_000 });
  });

  test("what stands beside the metadata is metadata too, and numbers in it are series", async () => {
    await at.post(`/phk/${at.hook}/start`, { key, host: "db-1", metadata: { job: "nightly" } });
    expect((await at.lastPing())?.details).toEqual({ metadata: { host: "db-1", job: "nightly" } });
    await at.post(`/phk/${at.hook}/finish`, { key, exit_code: 0, metrics: { rows: 3 } });
    expect((await at.lastPing())?.details).toEqual({ metadata: { metrics: { rows: 3 } } });
    const points = await pool().query("SELECT name, value FROM metric_points WHERE check_id = $1", [at.id]);
    expect(points.rows).toEqual([{ name: "rows", value: 3 }]);
  });

  test("an exit code that is a warning is answered as the success it is", async () => {
    await pool().query("UPDATE checks SET warning_exits = '75' WHERE id = $1", [at.id]);
    await at.json(`/phk/${at.hook}/start?key=${key}`);
    expect((await at.post(`/phk/${at.hook}/finish`, { key, exit_code: 75 })).body["run_status"]).toBe("success");
    expect(await at.runs()).toMatchObject([{ status: "success" }]);
  });

  test("a start that is left out names no run", async () => {
    await pool().query("UPDATE checks SET methods = 'POST' WHERE id = $1", [at.id]);
    expect((await at.json(`/phk/${at.hook}/start?key=${key}`)).body["run_id"]).toBeNull();
    expect(await at.lastPing()).toMatchObject({ kind: "ign", rid: null });
  });

  test.each([
    [{ metadata: { status: "failed" } }, "failed"],
    [{ metadata: { status: "error" } }, "failed"],
    [{ metadata: { exit_code: 3 } }, "failed"],
    [{ exit_code: 3 }, "failed"],
    [{ exit_code: "3" }, "failed"],
    [{ status: "failed", exit_code: 0 }, "failed"],
    [{ exit_code: 0 }, "success"],
    [{ metadata: { status: "partial" } }, "success"],
    [{ metadata: "done" }, "success"],
    [{ metadata: [1, 2] }, "success"],
  ])("%j is %s", async (said, runStatus) => {
    await at.json(`/phk/${at.hook}/start?key=${key}`);
    expect((await at.post(`/phk/${at.hook}/finish`, { key, ...said })).body["run_status"]).toBe(runStatus);
    const runs = await pool().query("SELECT status FROM runs WHERE check_id = $1", [at.id]);
    expect(runs.rows).toEqual([{ status: runStatus }]);
  });

  test("overlapping runs: each is ended by its id, and none means the newest", async () => {
    const ids: unknown[] = [];
    for (let count = 0; count < 3; count += 1)
      ids.push((await at.json(`/phk/${at.hook}/start?key=${key}`)).body["run_id"]);
    expect(new Set(ids).size).toBe(3);
    expect((await at.post(`/phk/${at.hook}/finish`, { key, run_id: ids[0] })).body["run_id"]).toBe(ids[0]);
    expect((await at.json(`/phk/${at.hook}/finish?key=${key}`)).body["run_id"]).toBe(ids[2]);
    expect((await at.json(`/phk/${at.hook}/finish?key=${key}&run_id=${String(ids[1])}`)).body["run_id"]).toBe(ids[1]);
    const runs = await pool().query("SELECT count(*) AS n FROM runs WHERE check_id = $1 AND status = 'success'", [
      at.id,
    ]);
    expect(runs.rows[0]?.n).toBe(3);
  });

  test("a finish that ends nothing is told, and changes nothing", async () => {
    const nothing = { status: 409, body: { code: "no_running_run" } };
    expect(await at.json(`/phk/${at.hook}/finish?key=${key}`)).toMatchObject(nothing);
    await at.json(`/phk/${at.hook}/start?key=${key}`);
    expect(await at.json(`/phk/${at.hook}/finish?key=${key}&run_id=another`)).toMatchObject(nothing);
    expect(await at.pings()).toHaveLength(1);
    expect(await at.stored()).toMatchObject({ status: "new" });
  });

  test("a run id of one check means nothing to another", async () => {
    const other = await makeCheck(at.world.project.id);
    const { body } = await at.json(`/phk/${at.hook}/start?key=${key}&run_id=shared`);
    expect(body["run_id"]).toBe("shared");
    expect((await at.json(`/phk/${other}/finish?key=${key}&run_id=shared`)).status).toBe(409);
    expect((await at.json(`/phk/${at.hook}/finish?key=${key}&run_id=shared`)).status).toBe(200);
  });

  test("a second start with one run id gives the first up", async () => {
    await at.json(`/phk/${at.hook}/start?key=${key}&run_id=twice`);
    await at.json(`/phk/${at.hook}/start?key=${key}&run_id=twice`);
    expect((await at.json(`/phk/${at.hook}/finish?key=${key}&run_id=twice`)).status).toBe(200);
    const runs = await pool().query("SELECT status FROM runs WHERE check_id = $1 ORDER BY started_at", [at.id]);
    expect(runs.rows.map((row) => row.status).toSorted()).toEqual(["abandoned", "success"]);
  });
});

describe("a process hook id that came from elsewhere", () => {
  const rename = (id: string, hook: string) =>
    pool().query("UPDATE checks SET process_hook_id = $2 WHERE id = $1", [id, hook]);

  test("belongs to its project: the same in two of them leads to two checks", async () => {
    const foreign = await makeCheck(at.world.foreign.id);
    await rename(at.id, "ph123");
    await rename(foreign, "ph123");
    expect((await at.json(`/phk/ph123/start?key=${at.world.project.pingKey}`)).status).toBe(200);
    expect((await at.json(`/phk/ph123/start?key=${at.world.foreignKey}`)).status).toBe(200);
    expect((await at.json(`/hbk/ph123?key=${at.world.foreignKey}`)).status).toBe(200);
    expect((await at.pings()).map(({ kind }) => kind)).toEqual(["start"]);
    expect((await storedPings(foreign)).map(({ kind }) => kind)).toEqual(["start", "success"]);
    await rename(at.id, at.hook);
    expect((await at.json(`/phk/ph123/start?key=${at.world.project.pingKey}`)).status).toBe(404);
  });

  test("takes no slug away from another project", async () => {
    const foreign = await makeCheck(at.world.foreign.id);
    await rename(foreign, at.slug);
    expect((await at.json(`/hbk/${at.slug}?key=${key}`)).status).toBe(200);
    expect(await at.pings()).toHaveLength(1);
  });
});

describe("what is refused", () => {
  test.each(["/hbk/nobody", "/hbk/%00", "/hbk/%", "/phk/ph0/start", `/phk/${randomUUID()}/finish`])(
    "unknown: %s",
    async (path) => {
      expect(await at.json(`${path}?key=${key}`)).toMatchObject({ status: 404, body: { code: "not_found" } });
    },
  );

  test("several checks of one slug", async () => {
    await makeCheck(at.world.project.id, { slug: at.slug });
    expect(await at.json(`/hbk/${at.slug}?key=${key}`)).toMatchObject({
      status: 409,
      body: { code: "ambiguous_slug" },
    });
  });

  test("a body that is no JSON object, and one that is too large", async () => {
    const text = (body: string) => at.json(`/hbk/${at.slug}?key=${key}`, { method: "POST", body });
    for (const body of ["{", "[1]", "5", '"x"', "null"]) {
      expect(await text(body)).toMatchObject({ status: 400, body: { code: "invalid_input" } });
    }
    expect(await text(JSON.stringify({ x: "y".repeat(1_100_000) }))).toMatchObject({ status: 413 });
    expect(await at.pings()).toHaveLength(0);
  });

  test("metadata with a name that means something to us is kept all the same", async () => {
    await at.post(`/hbk/${at.slug}`, { key, text: "x", status: 404, __proto__: { a: 1 }, constructor: 1 });
    expect((await at.lastPing())?.details).toMatchObject({ metadata: { text: "x", constructor: 1 } });
  });
});
