import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { makeCheck, storedCheck, storedPings } from "@/lib/testing/checks";
import { type Door, openDoor } from "@/lib/testing/door";
import { makeWorld, type World } from "@/lib/testing/world";

let door: Door;
let world: World;
let id: string;
let key: string;
let slug: string;
let hook: string;

beforeAll(async () => {
  door = await openDoor();
  world = await makeWorld();
});
afterAll(() => door.close());

beforeEach(async () => {
  slug = `cron_${randomUUID().slice(0, 8)}`;
  id = await makeCheck(world.project.id, { slug });
  key = world.key;
  const found = await pool().query<{ hook: string }>("SELECT process_hook_id AS hook FROM checks WHERE id = $1", [id]);
  hook = found.rows[0]?.hook ?? "";
});

type Answer = { status: number; body: Record<string, unknown> };

async function send(path: string, init?: RequestInit): Promise<Answer> {
  const answer = await fetch(`${door.url}${path}`, init);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }; // every answer is an object
}
const post = (path: string, body: unknown) =>
  send(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

const lastPing = async () => (await storedPings(id)).at(-1);

describe.each(["hbk", "hhk"])("a pulse to /%s", (door_) => {
  test("by GET, as the reference shows it", async () => {
    const { status, body } = await send(`/${door_}/${slug}?key=${key}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      status: "success",
      target_id: slug,
      state: "healthy",
      next_expected_at: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(await lastPing()).toMatchObject({ kind: "success", source: "pingpulse-pulse", details: null, body: null });
  });

  test("by POST, with metadata and without the key in what is kept", async () => {
    expect((await post(`/${door_}/${slug}`, { key, status: "ok", rows_processed: 1500 })).status).toBe(200);
    const ping = await lastPing();
    expect(ping?.details).toEqual({ status_text: "ok", metadata: { rows_processed: 1500 } });
    expect(JSON.stringify(ping)).not.toContain(key);
  });

  test("to a uuid", async () => {
    expect((await send(`/${door_}/${id}?key=${key}`)).status).toBe(200);
    expect(await storedPings(id)).toHaveLength(1);
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
    await send(`/hbk/${slug}?key=${key}&status=${encodeURIComponent(status)}`);
    expect(await lastPing()).toMatchObject({ kind, exit_status: exitStatus });
    await post(`/hbk/${slug}`, { key, status: /^-?\d+$/.test(status) ? Number(status) : status });
    expect(await lastPing()).toMatchObject({ kind, exit_status: exitStatus });
  });

  test("a failure is answered with the state after it", async () => {
    expect((await send(`/hbk/${slug}?key=${key}&status=$?`)).status).toBe(200); // a shell that has not replaced it
    const { body } = await send(`/hbk/${slug}?key=${key}&status=2`);
    expect(body).toMatchObject({ state: "down", next_expected_at: null });
    expect(await storedCheck(id)).toMatchObject({ status: "down" });
  });

  test("a check that is paused and resumed by hand says so", async () => {
    await pool().query("UPDATE checks SET status = 'paused', manual_resume = true WHERE id = $1", [id]);
    expect((await send(`/hbk/${slug}?key=${key}`)).body).toMatchObject({ state: "paused", next_expected_at: null });
  });
});

describe("a key", () => {
  const from: [string, () => Promise<Answer>][] = [
    ["in the query", () => send(`/hbk/${slug}?key=${key}`)],
    ["as a bearer", () => send(`/hbk/${slug}`, { headers: { Authorization: `Bearer ${key}` } })],
    ["in a header", () => send(`/hbk/${slug}`, { headers: { "X-Api-Key": key } })],
    ["in the body", () => post(`/hbk/${slug}`, { key })],
  ];
  test.each(from)("is taken %s", async (_where, call) => {
    expect((await call()).status).toBe(200);
  });

  test("may be the project's ping key, or one that only pings or writes", async () => {
    const keys = [world.project.pingKey, await world.project.key(["ping"]), await world.project.key(["write"])];
    for (const one of keys) expect((await send(`/hbk/${slug}?key=${one}`)).status).toBe(200);
  });

  test("that may not ping is refused, as is one of another project", async () => {
    const reader = await world.project.key(["read"]);
    expect(await send(`/hbk/${slug}?key=${reader}`)).toMatchObject({ status: 403, body: { code: "forbidden" } });
    expect(await send(`/hbk/${id}?key=${world.foreignKey}`)).toMatchObject({ status: 403 });
    expect(await send(`/hbk/${slug}?key=${world.foreignKey}`)).toMatchObject({ status: 404 });
    expect(await send(`/phk/${hook}/start?key=${world.foreign.pingKey}`)).toMatchObject({ status: 403 });
    expect(await storedPings(id)).toHaveLength(0);
  });

  test("that is missing, unknown, revoked or expired is 401", async () => {
    const expired = await world.project.key(["ping"], new Date(0));
    const revoked = await world.project.key(["ping"]);
    await pool().query("UPDATE api_keys SET revoked_at = now() WHERE prefix = $1 AND project_id = $2", [
      revoked.slice(0, 8),
      world.project.id,
    ]);
    for (const query of ["", "?key=", "?key=nobody", "?key=%00", `?key=${expired}`, `?key=${revoked}`]) {
      expect(await send(`/hbk/${slug}${query}`)).toMatchObject({ status: 401, body: { code: "unauthenticated" } });
    }
    expect(await storedPings(id)).toHaveLength(0);
  });
});

describe("a process hook", () => {
  test("start and finish by GET, as the reference shows them", async () => {
    const started = await send(`/phk/${hook}/start?key=${key}`);
    expect(started).toMatchObject({
      status: 200,
      body: { status: "success", process_hook_id: hook, run_id: expect.any(String), started_at: expect.any(String) },
    });
    const finished = await send(`/phk/${hook}/finish?key=${key}`);
    expect(finished).toMatchObject({
      status: 200,
      body: { status: "success", process_hook_id: hook, run_id: started.body["run_id"], run_status: "success" },
    });
    expect(finished.body["duration_ms"]).toBeGreaterThanOrEqual(0);
    expect(await storedCheck(id)).toMatchObject({ status: "up" });
  });

  test("with metadata by POST; the client's own duration is kept beside ours", async () => {
    await post(`/phk/${hook}/start`, { key, agent: "ci-server", metadata: { job: "nightly_backup" } });
    expect((await lastPing())?.details).toEqual({ metadata: { agent: "ci-server", job: "nightly_backup" } });
    const { body } = await post(`/phk/${hook}/finish`, {
      key,
      agent: "ci-server",
      metadata: { status: "success", duration_ms: 45_000 },
    });
    expect(body["run_status"]).toBe("success");
    expect(body["duration_ms"]).toBeLessThan(45_000);
    expect((await lastPing())?.details).toMatchObject({ status_text: "success", reported_duration_ms: 45_000 });
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
    await send(`/phk/${hook}/start?key=${key}`);
    expect((await post(`/phk/${hook}/finish`, { key, ...said })).body["run_status"]).toBe(runStatus);
    const runs = await pool().query("SELECT status FROM runs WHERE check_id = $1", [id]);
    expect(runs.rows).toEqual([{ status: runStatus }]);
  });

  test("overlapping runs: each is ended by its id, and none means the newest", async () => {
    const ids: unknown[] = [];
    for (let count = 0; count < 3; count += 1) ids.push((await send(`/phk/${hook}/start?key=${key}`)).body["run_id"]);
    expect(new Set(ids).size).toBe(3);
    expect((await post(`/phk/${hook}/finish`, { key, run_id: ids[0] })).body["run_id"]).toBe(ids[0]);
    expect((await send(`/phk/${hook}/finish?key=${key}`)).body["run_id"]).toBe(ids[2]);
    expect((await send(`/phk/${hook}/finish?key=${key}&run_id=${String(ids[1])}`)).body["run_id"]).toBe(ids[1]);
    const runs = await pool().query("SELECT count(*) AS n FROM runs WHERE check_id = $1 AND status = 'success'", [id]);
    expect(runs.rows[0]?.n).toBe(3);
  });

  test("a finish that ends nothing is told, and changes nothing", async () => {
    const nothing = { status: 409, body: { code: "no_running_run" } };
    expect(await send(`/phk/${hook}/finish?key=${key}`)).toMatchObject(nothing);
    await send(`/phk/${hook}/start?key=${key}`);
    expect(await send(`/phk/${hook}/finish?key=${key}&run_id=another`)).toMatchObject(nothing);
    expect(await storedPings(id)).toHaveLength(1);
    expect(await storedCheck(id)).toMatchObject({ status: "new" });
  });

  test("a run id of one check means nothing to another", async () => {
    const other = await makeCheck(world.project.id);
    const { body } = await send(`/phk/${hook}/start?key=${key}&run_id=shared`);
    expect(body["run_id"]).toBe("shared");
    expect((await send(`/phk/${other}/finish?key=${key}&run_id=shared`)).status).toBe(409);
    expect((await send(`/phk/${hook}/finish?key=${key}&run_id=shared`)).status).toBe(200);
  });

  test("a second start with one run id gives the first up", async () => {
    await send(`/phk/${hook}/start?key=${key}&run_id=twice`);
    await send(`/phk/${hook}/start?key=${key}&run_id=twice`);
    expect((await send(`/phk/${hook}/finish?key=${key}&run_id=twice`)).status).toBe(200);
    const runs = await pool().query("SELECT status FROM runs WHERE check_id = $1 ORDER BY started_at", [id]);
    expect(runs.rows.map((row) => row.status).toSorted()).toEqual(["abandoned", "success"]);
  });
});

describe("what is refused", () => {
  test.each(["/hbk/nobody", "/hbk/%00", "/hbk/%", "/phk/ph0/start", `/phk/${randomUUID()}/finish`])(
    "unknown: %s",
    async (path) => {
      expect(await send(`${path}?key=${key}`)).toMatchObject({ status: 404, body: { code: "not_found" } });
    },
  );

  test("several checks of one slug", async () => {
    await makeCheck(world.project.id, { slug });
    expect(await send(`/hbk/${slug}?key=${key}`)).toMatchObject({ status: 409, body: { code: "ambiguous_slug" } });
  });

  test("a body that is no JSON object, and one that is too large", async () => {
    const text = (body: string) => send(`/hbk/${slug}?key=${key}`, { method: "POST", body });
    for (const body of ["{", "[1]", "5", '"x"', "null"]) {
      expect(await text(body)).toMatchObject({ status: 400, body: { code: "invalid_input" } });
    }
    expect(await text(JSON.stringify({ x: "y".repeat(1_100_000) }))).toMatchObject({ status: 413 });
    expect(await storedPings(id)).toHaveLength(0);
  });

  test("metadata with a name that means something to us is kept all the same", async () => {
    await post(`/hbk/${slug}`, { key, text: "x", status: 404, __proto__: { a: 1 }, constructor: 1 });
    expect((await lastPing())?.details).toMatchObject({ metadata: { text: "x", constructor: 1 } });
  });
});
