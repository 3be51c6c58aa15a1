import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { HOUR } from "@/lib/core/time";
import { pool } from "@/lib/db/pool";
import { makeCheck } from "@/lib/testing/checks";
import { storeSignals } from "@/lib/testing/explain";
import { call } from "@/lib/testing/http";
import { makePerson } from "@/lib/testing/people";
import { signal } from "@/lib/testing/signals";
import { makeWorld, type World } from "@/lib/testing/world";
import { GET, POST } from "./route";

let world: World;
let id: string;
beforeEach(async () => {
  world = await makeWorld();
  id = await makeCheck(world.project.id, { name: "Nightly backup", slug: "nightly-backup" });
});

const ask = (query: Record<string, string> = {}, given: Parameters<typeof call>[1] = {}) =>
  call(GET, { path: `/?${new URLSearchParams(query)}`, key: world.key, params: { id }, ...given });

describe("the export", () => {
  test("is CSV that spreadsheets do not run", async () => {
    await signal(id, { agoMs: HOUR, kind: "start", rid: "night-1", source: "pingura" });
    await signal(id, {
      kind: "fail",
      rid: "night-1",
      exitStatus: 3,
      userAgent: "job, v2",
      details: { message: '=HYPERLINK("x")', status_text: "-bad", metadata: { rows: 3 }, reported_duration_ms: 1500 },
    });
    const { status, headers, text } = await ask();
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
    expect(headers.get("content-disposition")).toBe('attachment; filename="nightly-backup-history.csv"');
    expect(headers.get("cache-control")).toBe("no-store");
    const [head, first, second] = text.split("\r\n");
    expect(head).toMatch(/^n,at,kind,source,run_id,/);
    expect(first).toMatch(/^1,[\d-]+T[\d:.]+Z,start,pingura,night-1,,,,,,,192\.0\.2\.7,GET,curl\/8$/);
    expect(second).toContain(`,night-1,3,`);
    expect(second).toContain(`,1500,'-bad,"'=HYPERLINK(""x"")","{""rows"":3}",192.0.2.7,GET,"job, v2"`);
  });

  test("is JSON and lines of JSON of a range and some kinds", async () => {
    await storeSignals(world.project.id, id, 2500);
    const json = await ask({ format: "json" });
    expect(json.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(json.body).toHaveLength(2500);
    expect((json.body as { n: number }[]).map(({ n }) => n)).toEqual(Array.from({ length: 2500 }, (_, at) => at + 1)); // as it is documented
    const lines = (await ask({ format: "ndjson", kinds: "fail" })).text.trimEnd().split("\n");
    expect(lines).toHaveLength(250);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ n: 10, kind: "fail", metadata: { rows: 10 } });
    const found = await pool().query<{ at: Date }>(
      "SELECT created_at AS at FROM pings WHERE check_id = $1 AND n = 2000",
      [id],
    );
    const from = found.rows[0]?.at.toISOString() ?? "";
    const part = await ask({ format: "json", from });
    expect(part.headers.get("content-disposition")).toContain(`nightly-backup-${from.slice(0, 10)}.json`);
    expect(part.body).toHaveLength(501);
    expect((await ask({ format: "json", to: "2001-01-01" })).body).toEqual([]);
  });

  test("is for people who may look, through a plain link too, and for keys that may read", async () => {
    await signal(id);
    const viewer = await makePerson({ memberships: { [world.foreign.id]: "viewer", [world.project.id]: "viewer" } });
    const { Cookie = "" } = viewer.headers();
    const link = await call(GET, { path: `/?project=${world.project.id}`, headers: { Cookie }, params: { id } });
    expect(link.status).toBe(200);
    expect((await ask({}, { key: await world.project.key(["read"]) })).status).toBe(200);
    expect((await ask({}, { key: await world.project.key(["ping"]) })).status).toBe(403);
    const { key: _key, ...without } = { key: "", path: "/", params: { id } };
    expect((await call(GET, without)).status).toBe(401);
  });

  test("is nothing for others, and nothing where nothing is", async () => {
    await signal(id);
    expect((await ask({}, { key: world.foreignKey })).status).toBe(403);
    const charlie = await makePerson({ memberships: { [world.foreign.id]: "owner" } });
    for (const project of [world.project.id, world.foreign.id, "nonsense"]) {
      const path = `/?project=${project}`;
      const { Cookie = "" } = charlie.headers();
      expect((await call(GET, { path, headers: { Cookie }, params: { id } })).status).toBe(404);
    }
    for (const other of [randomUUID(), "nonsense"]) expect((await ask({}, { params: { id: other } })).status).toBe(404);
  });

  test.each([
    ["format", { format: "xlsx" }],
    ["from", { from: "yesterday" }],
    ["to", { from: "2026-02-01", to: "2026-01-01" }],
    ["kinds", { kinds: "all" }],
  ])("refuses a wrong %s before anything is sent", async (name, query) => {
    const { status, headers, body } = await ask(query);
    expect([status, headers.get("content-type")]).toEqual([400, "application/problem+json"]);
    expect(body).toMatchObject({ code: "invalid_input", invalid_params: [{ name }] });
    expect(headers.get("content-disposition")).toBeNull();
  });

  test("takes years that the database does not have", async () => {
    await signal(id);
    expect((await ask({ format: "json", from: "0000-01-01", to: "9999-12-31" })).body).toHaveLength(1);
  });
});

test("comes page by page, and holds no connection while a slow client reads", async () => {
  await storeSignals(world.project.id, id, 3000);
  const request = new Request("http://pulsetrail.test/?format=ndjson", { headers: { "X-Api-Key": world.key } });
  const response = await GET(request, { params: Promise.resolve({ id }) });
  const lines: number[] = [];
  for await (const piece of response.body ?? []) {
    // The next page may be on its way, but it does not wait for whoever reads this one.
    await expect.poll(() => pool().totalCount - pool().idleCount).toBe(0);
    lines.push(new TextDecoder().decode(piece).trimEnd().split("\n").length);
  }
  expect(lines).toEqual([1000, 1000, 1000]);
});

test("only reading is offered", async () => {
  const answer = await call(POST, { method: "POST", key: world.key, params: { id } });
  expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
  const head = await call(GET, { method: "HEAD", key: world.key, params: { id } });
  expect([head.status, head.text]).toEqual([200, ""]);
});
