import { randomUUID } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { pauseCheck } from "@/lib/checks/commands";
import { DAY, HOUR, MINUTE } from "@/lib/core/time";
import { pool } from "@/lib/db/pool";
import { makeCheck } from "@/lib/testing/checks";
import { recordingPool } from "@/lib/testing/explain";
import { makePerson } from "@/lib/testing/people";
import { signal, tick } from "@/lib/testing/signals";
import { makeWorld, type World } from "@/lib/testing/world";
import { successRate } from "./rate";
import { countRuns, listRuns, type RunQuery } from "./run-queries";

let world: World;
let checkId: string;
beforeEach(async () => {
  world = await makeWorld();
  checkId = await makeCheck(world.project.id, { timeoutSeconds: 86_400, graceSeconds: 7200 });
});

const ALL = { from: null, to: null };
const list = async (query: Partial<RunQuery> = {}) =>
  (await listRuns(world.project.caller, { checkId, range: ALL, ...query })).items;

/** A run with what it says. */
async function run(
  rid: string | null,
  minutesAgo: number,
  said: { start?: object; end?: object; kind?: "success" | "fail" },
) {
  const metadata = (fields: object | undefined) => (fields === undefined ? null : { metadata: { ...fields } });
  await signal(checkId, { agoMs: minutesAgo * MINUTE, kind: "start", rid, details: metadata(said.start) });
  await signal(checkId, {
    agoMs: (minutesAgo - 1) * MINUTE,
    kind: said.kind ?? "success",
    rid,
    details: metadata(said.end),
  });
}

test("runs are listed newest first, with what they said and what was new", async () => {
  await run("a", 60, { start: { host: "db-1" }, end: { rows: 10, size: 1 } });
  await run("b", 50, { start: { host: "db-1" }, end: { rows: 12, warnings: 1 } });
  await run("c", 40, { start: { host: "db-1" }, end: { rows: 12, warnings: 1 }, kind: "fail" });
  await signal(checkId, { agoMs: 30 * MINUTE, kind: "start", rid: "d", details: { metadata: { host: "db-2" } } });
  const viewer = await makePerson({ memberships: { [world.project.id]: "viewer" } });
  const { items, nextCursor } = await listRuns(await viewer.caller(world.project.id), { checkId, range: ALL });
  expect(nextCursor).toBeNull();
  expect(items).toMatchObject([
    {
      run_id: "d",
      status: "running",
      ended_at: null,
      start: { metadata: { host: "db-2" } },
      end: null,
      difference: { added: {}, removed: {}, changed: { host: { from: "db-1", to: "db-2" } } },
    },
    { run_id: "c", status: "failed", difference: null },
    {
      run_id: "b",
      status: "success",
      duration_ms: expect.closeTo(MINUTE, -4),
      end: { metadata: { rows: 12, warnings: 1 } },
      difference: { added: { warnings: 1 }, removed: { size: 1 }, changed: { rows: { from: 10, to: 12 } } },
    },
    { run_id: "a", difference: null },
  ]);
});

test("overlapping runs keep what each of them said", async () => {
  const at = Date.now() - HOUR;
  const send = (kind: "start" | "success", rid: string | null, later: number, of: string) =>
    signal(checkId, { agoMs: Date.now() - at - later * 1000, kind, rid, details: { metadata: { of } } });
  await send("start", "a", 0, "start of a");
  await send("start", "b", 1, "start of b");
  await send("start", null, 2, "start of none");
  await send("success", "b", 1000, "end of b");
  await send("success", "a", 1001, "end of a");
  await send("success", null, 1002, "end of none");
  const said = (await list()).map(({ run_id: id, start, end }) => [id, start?.metadata?.["of"], end?.metadata?.["of"]]);
  expect(said.toSorted()).toEqual(
    [
      [null, "start of none", "end of none"],
      ["a", "start of a", "end of a"],
      ["b", "start of b", "end of b"],
    ].toSorted(),
  );
});

test("a run given up has no end that spoke", async () => {
  await signal(checkId, { agoMs: HOUR, kind: "start", rid: "x", details: { metadata: { a: 1 } } });
  await signal(checkId, { agoMs: MINUTE, kind: "fail", details: { metadata: { other: 1 } } });
  await signal(checkId, { kind: "start" });
  await pauseCheck(world.project.caller, checkId);
  expect(await list()).toMatchObject([
    { status: "abandoned", end: null },
    { status: "abandoned", start: { metadata: { a: 1 } }, end: null },
  ]);
});

test("they are narrowed by status and time, and counted in all", async () => {
  await run("old", 3 * 24 * 60, {});
  await run("a", 60, { kind: "fail" });
  await run("b", 50, {});
  await run("c", 45, { end: { rows: 1 } });
  await run("d", 40, { kind: "fail", end: { rows: 2 } });
  const ids = async (query: Partial<RunQuery>) => (await list(query)).map((one) => one.run_id);
  const range = { from: Date.now() - DAY, to: Date.now() - 45.5 * MINUTE };
  expect(await ids({ range })).toEqual(["b", "a"]);
  expect(await ids({ range, status: "failed" })).toEqual(["a"]);
  // The run before is the one before in time, whatever is shown.
  const [newest] = await list({ status: "failed" });
  expect(newest).toMatchObject({ run_id: "d", difference: { changed: { rows: { from: 1, to: 2 } } } });
  const count = await countRuns(world.project.caller, { checkId, range: { ...range, to: null } });
  expect(count).toEqual({ success: 2, failed: 2 });
  expect(successRate(count)).toBe(0.5);
});

test("a run that came late to its end is timed out", async () => {
  const short = await makeCheck(world.project.id, { graceSeconds: 60 });
  await signal(short, { agoMs: HOUR, kind: "start" });
  await tick(short);
  expect(await list({ checkId: short })).toMatchObject([{ status: "timed_out", ended_at: null }]);
});

test("pages have no gap and no repeat, also where runs begin together; a broken cursor begins anew", async () => {
  await pool().query(
    `INSERT INTO runs (project_id, check_id, rid, started_at, ended_at, duration_ms, status)
     SELECT $1, $2, n, now() - n / 40 * interval '1 hour', now(), 5, 'success' FROM generate_series(1, 120) AS n`,
    [world.project.id, checkId],
  );
  const seen: (string | null)[] = [];
  let cursor: string | undefined;
  do {
    const page = await listRuns(world.project.caller, { checkId, range: ALL, cursor });
    seen.push(...page.items.map((one) => one.run_id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toHaveLength(120);
  expect(new Set(seen).size).toBe(120);
  const broken = Buffer.from(JSON.stringify(["x", 1])).toString("base64url");
  for (const given of ["nonsense", broken]) expect(await list({ cursor: given })).toHaveLength(50);
});

test("every query finds its rows through an index", async () => {
  for (let made = 0; made < 20; made += 1) await makeCheck(world.project.id);
  await pool().query(
    `INSERT INTO runs (project_id, check_id, started_at, ended_at, duration_ms, status)
     SELECT project_id, id, now() - n * interval '1 minute', now(), 5, 'success' FROM checks, generate_series(1, 200) AS n
      WHERE project_id = $1`,
    [world.project.id],
  );
  await pool().query(
    `INSERT INTO pings (project_id, check_id, n, kind, source, created_at, scheme, method, user_agent)
     SELECT project_id, id, n, 'start', 'healthchecks', now() - (500 - n) * interval '1 minute', 'http', 'GET', ''
       FROM checks, generate_series(1, 500) AS n WHERE project_id = $1`,
    [world.project.id],
  );
  await pool().query("ANALYZE pings, runs, checks");
  const { db, plans } = recordingPool();
  const range = { from: Date.now() - HOUR, to: null };
  await listRuns(world.project.caller, { checkId, range, status: "success" }, db);
  await countRuns(world.project.caller, { checkId, range }, db);
  const seen = (await plans()).filter((plan) => /runs|pings/.test(plan));
  expect(seen).toHaveLength(5);
  for (const plan of seen) expect(plan).not.toContain("Seq Scan");
});

test("the first and the last day there are, are days", async () => {
  await run("a", 60, {});
  const query = { checkId, range: { from: Date.parse("0000-01-01"), to: Date.parse("9999-12-31") + DAY } };
  expect((await listRuns(world.project.caller, query)).items).toHaveLength(1);
  expect(await countRuns(world.project.caller, query)).toEqual({ success: 1 });
});

test("Charlie finds none of it, nor does anybody what does not exist", async () => {
  const charlie = await makePerson({ memberships: { [world.foreign.id]: "owner" } });
  for (const [caller, id] of [
    [await charlie.caller(world.foreign.id), checkId],
    [world.project.caller, randomUUID()],
    [world.project.caller, "nonsense"],
  ] as const) {
    const query = { checkId: id, range: ALL };
    await expect(listRuns(caller, query)).rejects.toMatchObject({ code: "not_found" });
    await expect(countRuns(caller, query)).rejects.toMatchObject({ code: "not_found" });
  }
});
