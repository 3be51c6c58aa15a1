import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { MAX_BUCKETS } from "@/lib/checks/metrics/buckets";
import type { MetricSeries, MetricSummary } from "@/lib/checks/metrics/metric-queries";
import { MINUTE } from "@/lib/core/time";
import { pool } from "@/lib/db/pool";
import { makeCheck } from "@/lib/testing/checks";
import { call } from "@/lib/testing/http";
import { makePerson } from "@/lib/testing/people";
import { signal } from "@/lib/testing/signals";
import { makeWorld, type World } from "@/lib/testing/world";
import { GET, POST } from "./route";

let world: World;
let id: string;
beforeEach(async () => {
  world = await makeWorld();
  id = await makeCheck(world.project.id);
});

const ask = (query: Record<string, string> = {}, given: Parameters<typeof call>[1] = {}) =>
  call(GET, { path: `/?${new URLSearchParams(query)}`, key: world.key, params: { id }, ...given });
// As they are documented.
const list = async () => ((await ask()).body as { metrics: MetricSummary[] }).metrics;
const series = async (query: Record<string, string>) => (await ask(query)).body as MetricSeries;

const send = (agoMs: number, values: Record<string, number>) =>
  signal(id, { agoMs, metrics: Object.entries(values).map(([name, value]) => ({ name, value })) });

describe("the numbers of a check", () => {
  test("are none at first", async () => {
    expect((await ask()).body).toEqual({ metrics: [] });
    expect(await series({ name: "rows" })).toEqual({ name: "rows", bucket_seconds: 1, points: [] });
  });

  test("each have what came last and how often; what is looked for comes first, even where nothing came", async () => {
    await pool().query("UPDATE checks SET metrics = $2 WHERE id = $1", [
      id,
      JSON.stringify([{ name: "rows", min: 1 }, { name: "never" }]),
    ]);
    await send(3 * MINUTE, { rows: 5, lag: 1 });
    await send(2 * MINUTE, {});
    await send(MINUTE, { rows: 7, "a name": -2.5 });
    const found = await list();
    expect(found.map(({ at: _at, ...metric }) => metric)).toEqual([
      { name: "rows", count: 2, value: 7, min: 1, max: null },
      { name: "never", count: 0, value: null, min: null, max: null },
      { name: "a name", count: 1, value: -2.5, min: null, max: null },
      { name: "lag", count: 1, value: 1, min: null, max: null },
    ]);
    expect(found[0]?.at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  test("of signals that arrive at one moment the later one is the newest", async () => {
    const at = Date.now();
    for (const value of [3, 1, 2]) await signal(id, { createdAt: at, metrics: [{ name: "rows", value }] });
    expect(await list()).toMatchObject([{ name: "rows", count: 3, value: 2 }]);
  });
});

describe("one of them", () => {
  test("is told in stretches of time, with what each adds up to", async () => {
    for (const [minutes, rows] of [
      [600, 4],
      [300, 1],
      [300, 3],
      [300, 8],
      [0, 6],
    ] as const)
      await send(minutes * MINUTE, { rows });
    const { points, ...told } = await series({ name: "rows" });
    expect(told).toEqual({ name: "rows", bucket_seconds: 300 });
    expect(points.map(({ at: _at, ...point }) => point)).toEqual([
      { min: 4, avg: 4, max: 4, count: 1 },
      { min: 1, avg: 4, max: 8, count: 3 },
      { min: 6, avg: 6, max: 6, count: 1 },
    ]);
    expect(points.every(({ at }) => Date.parse(at) % 300_000 === 0)).toBe(true);
  });

  test("holds few points however many numbers there are, and counts each", async () => {
    await pool().query(
      `INSERT INTO metric_points SELECT $1, $2, 'rows', now() - n * interval '1 minute', 50001 - n, n FROM generate_series(1, 50000) AS n`,
      [world.project.id, id],
    );
    const { points } = await series({ name: "rows" });
    expect(points.length).toBeLessThanOrEqual(MAX_BUCKETS);
    expect(points.length).toBeGreaterThan(MAX_BUCKETS / 2);
    expect(points.reduce((sum, { count }) => sum + count, 0)).toBe(50_000);
    expect(Math.max(...points.map(({ max }) => max))).toBe(50_000);
  });

  test("from a moment on and before another", async () => {
    const start = Date.now() - 100 * MINUTE;
    for (const minute of [0, 10, 20, 30]) {
      const createdAt = start + minute * MINUTE;
      await signal(id, { createdAt, metrics: [{ name: "rows", value: minute }] });
    }
    const iso = (minute: number) => new Date(start + minute * MINUTE).toISOString();
    const valuesOf = async (query: Record<string, string>) =>
      (await series({ name: "rows", ...query })).points.map(({ avg }) => avg);
    expect(await valuesOf({ from: iso(10), to: iso(30) })).toEqual([10, 20]);
    expect(await valuesOf({ from: iso(11) })).toEqual([20, 30]);
    expect(await valuesOf({ to: iso(10) })).toEqual([0]);
    expect(await valuesOf({ from: iso(31) })).toEqual([]);
    expect(await valuesOf({ from: "0000-01-01", to: "9999-12-31" })).toEqual([0, 10, 20, 30]);
    expect(await valuesOf({ to: "2001-01-01" })).toEqual([]);
  });

  test("may be as large as what is kept", async () => {
    for (const rows of [1e100, 1e100, -1e100]) await send(0, { rows });
    expect((await ask({ name: "rows" })).status).toBe(200);
  });

  test("is known by its exact name", async () => {
    await send(0, { rows: 1 });
    for (const name of ["Rows", "row", "rows ", "\0", "x".repeat(1000)])
      expect(await series({ name })).toMatchObject({ name, points: [] });
  });
});

describe("who may look", () => {
  test("whoever may read, and nobody of another project", async () => {
    await send(0, { rows: 1 });
    expect((await ask({}, { key: await world.project.key(["read"]) })).status).toBe(200);
    expect((await ask({}, { key: await world.project.key(["ping"]) })).status).toBe(403);
    expect((await ask({}, { key: "" })).status).toBe(401);
    for (const query of [{}, { name: "rows" }]) {
      expect((await ask(query, { key: world.foreignKey })).status).toBe(403);
      const charlie = await makePerson({ memberships: { [world.foreign.id]: "owner" } });
      const { key: _key, ...signedIn } = { key: "", headers: charlie.headers(world.project.id), params: { id } };
      expect((await call(GET, { path: `/?${new URLSearchParams(query)}`, ...signedIn })).status).toBe(404);
    }
    for (const other of [randomUUID(), "nonsense"]) expect((await ask({}, { params: { id: other } })).status).toBe(404);
  });

  test.each([
    ["name", { name: "" }],
    ["from", { name: "rows", from: "yesterday" }],
    ["to", { name: "rows", to: "1" }],
  ])("a wrong %s is refused", async (name, query) => {
    const { status, body } = await ask(query);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: "invalid_input", invalid_params: [{ name }] });
  });

  test("only reading is offered", async () => {
    expect((await call(POST, { method: "POST", key: world.key, params: { id } })).status).toBe(405);
  });
});
