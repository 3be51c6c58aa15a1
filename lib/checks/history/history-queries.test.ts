import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "@/lib/core/time";
import { pool } from "@/lib/db/pool";
import { makeCheck } from "@/lib/testing/checks";
import { recordingPool, storeSignals } from "@/lib/testing/explain";
import { makePerson } from "@/lib/testing/people";
import { signal } from "@/lib/testing/signals";
import { makeWorld, type World } from "@/lib/testing/world";
import { exportHistory } from "./export-queries";
import { getCheckHistory, type HistoryQuery } from "./history-queries";

let world: World;
let checkId: string;
beforeEach(async () => {
  world = await makeWorld();
  checkId = await makeCheck(world.project.id, { timeoutSeconds: 86_400, graceSeconds: 3600 });
});

const ALL = { from: null, to: null };
const ask = (query: Partial<HistoryQuery> = {}) =>
  getCheckHistory(world.project.caller, { checkId, range: ALL, kinds: [], ...query });
const numbers = async (query: Partial<HistoryQuery> = {}) => (await ask(query)).page.items.map(({ n }) => n);

describe("the history", () => {
  test("shows what signals said, newest first, in a stretch of time", async () => {
    const now = Date.now();
    await pool().query("UPDATE checks SET created_at = now() - interval '5 days' WHERE id = $1", [checkId]);
    await signal(checkId, { agoMs: 3 * DAY, details: { metadata: { rows: 3 } } });
    await signal(checkId, { agoMs: 2 * DAY, body: Buffer.from("héllo"), rid: "night-1" });
    await signal(checkId, { agoMs: DAY, kind: "fail", exitStatus: 3 });
    const viewer = await makePerson({ memberships: { [world.project.id]: "viewer" } });
    const caller = await viewer.caller(world.project.id);
    const { page, signals } = await getCheckHistory(caller, { checkId, range: ALL, kinds: [] });
    expect(signals).toBe(3);
    expect(page.nextCursor).toBeNull();
    expect(page.items).toMatchObject([
      { n: 3, kind: "fail", exit_status: 3, method: "GET", remote_addr: "192.0.2.7" },
      { n: 2, rid: "night-1", body_bytes: 6 },
      { n: 1, details: { metadata: { rows: 3 } } },
    ]);
    const range = { from: now - 2.5 * DAY, to: now - 1.5 * DAY };
    expect(await ask({ range })).toMatchObject({ signals: 1, page: { items: [{ n: 2 }] }, uptime: 1 });
    expect(await numbers({ kinds: ["fail"] })).toEqual([3]);
    expect(await numbers({ kinds: ["fail"], range })).toEqual([]);
  });

  test("is paged without gap or repeat, and a broken cursor begins anew", async () => {
    await storeSignals(world.project.id, checkId, 120);
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const { page } = await ask({ cursor });
      seen.push(...page.items.map(({ n }) => n));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(Array.from({ length: 120 }, (_, index) => 120 - index));
    expect(await numbers({ cursor: "nonsense" })).toEqual(seen.slice(0, 50));
  });

  test("tells the time between signals and how long they took", async () => {
    await signal(checkId, { agoMs: 3 * HOUR });
    await signal(checkId, { agoMs: 2 * HOUR, kind: "start" });
    await signal(checkId, { agoMs: HOUR });
    await signal(checkId, { agoMs: 30 * MINUTE, details: { reported_duration_ms: 1500 } });
    expect((await ask()).timing).toMatchObject({
      isSampled: false,
      points: [
        { gap_ms: expect.closeTo(2 * HOUR, -4), took_ms: expect.closeTo(HOUR, -4) },
        { gap_ms: expect.closeTo(30 * MINUTE, -4), took_ms: 1500 },
      ],
    });
  });

  test("without signals is empty", async () => {
    expect(await ask()).toEqual({
      signals: 0,
      page: { items: [], nextCursor: null },
      timing: { points: [], isSampled: false },
      uptime: null,
    });
  });
});

describe("a long history", () => {
  const LONG = 60_000;
  beforeEach(async () => {
    await storeSignals(world.project.id, checkId, LONG);
    // A neighbour, so that the whole table is not one check.
    await storeSignals(world.project.id, await makeCheck(world.project.id), LONG);
    await pool().query("ANALYZE pings");
  });

  test("is never read as a whole: each query goes by the primary key and sorts next to nothing", async () => {
    const { db, plans } = recordingPool();
    const range = { from: Date.now() - 20 * DAY, to: Date.now() - DAY };
    const query = { checkId, range, kinds: ["fail" as const] };
    const { signals } = await getCheckHistory(world.project.caller, query, db);
    expect(signals).toBe((19 * DAY) / MINUTE);
    for await (const piece of (await exportHistory(world.project.caller, { checkId, format: "csv", kinds: [] }, db))
      .pieces) {
      if (piece.length > 0) break;
    }
    const seen = (await plans()).filter((plan) => plan.includes("pings"));
    expect(seen.length).toBeGreaterThanOrEqual(5);
    for (const plan of seen) {
      expect(plan).not.toContain("Seq Scan");
      expect(plan).toMatch(/Index (Only )?Scan (Backward )?using pings_pkey/);
      expect(plan).not.toMatch(/Bitmap/);
    }
  });

  test("is shown as samples, with the rhythm it has", async () => {
    const { timing, signals } = await ask();
    expect([signals, timing.isSampled, timing.points.length]).toEqual([LONG, true, 200]);
    for (const { gap_ms: gap } of timing.points) expect(gap).toBe(MINUTE);
  });

  test("is looked through for rare kinds part by part, until its end", async () => {
    await pool().query("UPDATE pings SET kind = 'ign' WHERE check_id = $1 AND n = 7", [checkId]);
    const first = await ask({ kinds: ["ign"] });
    expect(first.page.items).toEqual([]);
    const second = await ask({ kinds: ["ign"], cursor: first.page.nextCursor ?? "" });
    const third = await ask({ kinds: ["ign"], cursor: second.page.nextCursor ?? "" });
    expect(third.page.items.map(({ n }) => n)).toEqual([7]);
    expect(third.page.nextCursor).toBeNull();
  });
});

test("Charlie finds none of it, nor does anybody what does not exist", async () => {
  await signal(checkId);
  const charlie = await makePerson({ memberships: { [world.foreign.id]: "owner" } });
  for (const [caller, id] of [
    [await charlie.caller(world.foreign.id), checkId],
    [world.project.caller, randomUUID()],
    [world.project.caller, "nonsense"],
  ] as const)
    await expect(getCheckHistory(caller, { checkId: id, range: ALL, kinds: [] })).rejects.toMatchObject({
      code: "not_found",
    });
});
