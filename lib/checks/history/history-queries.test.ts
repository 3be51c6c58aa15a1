import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "@/lib/core/time";
import { pool } from "@/lib/db/pool";
import { makeCheck } from "@/lib/testing/checks";
import { recordingPool, storeSignals } from "@/lib/testing/explain";
import { makePerson } from "@/lib/testing/people";
import { signal } from "@/lib/testing/signals";
import { makeWorld, type World } from "@/lib/testing/world";
import { exportHistory } from "./export-queries";
import { getCheckHistory, type HistoryEntry, type HistoryQuery } from "./history-queries";

let world: World;
let checkId: string;
beforeEach(async () => {
  world = await makeWorld();
  checkId = await makeCheck(world.project.id, { timeoutSeconds: 86_400, graceSeconds: 3600 });
});

const ALL = { from: null, to: null };
const ask = (query: Partial<HistoryQuery> = {}) =>
  getCheckHistory(world.project.caller, { checkId, range: ALL, kinds: [], ...query });
const numberOf = (entry: HistoryEntry): number => (entry.type === "ping" ? entry.n : Number.NaN);
const numbers = async (query: Partial<HistoryQuery> = {}) => (await ask(query)).page.items.map(numberOf);

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
      seen.push(...page.items.map(numberOf));
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
      missed: 0,
      page: { items: [], nextCursor: null },
      timing: { points: [], isSampled: false },
      uptime: null,
    });
  });
});

describe("expected signals that did not come", () => {
  const T0 = Date.UTC(2026, 0, 5);
  /** Signals and misses at these minutes after T0. */
  async function happened(signals: number[], misses: number[]): Promise<void> {
    const at = (minutes: number[]) => minutes.map((minute) => new Date(T0 + minute * MINUTE).toISOString());
    await pool().query(
      `INSERT INTO pings (project_id, check_id, n, kind, source, created_at, scheme, method, user_agent)
       SELECT $1, $2, n, CASE WHEN n % 10 = 0 THEN 'fail' ELSE 'success' END::ping_kind, 'healthchecks', at, 'http', 'GET', ''
         FROM unnest($3::timestamptz[]) WITH ORDINALITY AS made (at, n)`,
      [world.project.id, checkId, at(signals)],
    );
    await pool().query(
      "INSERT INTO misses (project_id, check_id, expected_at) SELECT $1, $2, unnest($3::timestamptz[])",
      [world.project.id, checkId, at(misses)],
    );
  }
  const minuteOf = ({ at }: { at: string }): number => (Date.parse(at) - T0) / MINUTE;
  const newestFirst = (minutes: number[]) => minutes.toSorted((a, b) => b - a);

  /** All pages of a history, each as what it shows. */
  async function pagesOf(query: Partial<HistoryQuery> = {}): Promise<HistoryEntry[][]> {
    const pages: HistoryEntry[][] = [];
    let cursor: string | undefined;
    do {
      const { page } = await ask({ ...query, cursor });
      pages.push(page.items);
      cursor = page.nextCursor ?? undefined;
      expect(pages.length).toBeLessThan(20);
    } while (cursor !== undefined);
    return pages;
  }
  async function exported(query: { kinds?: HistoryQuery["kinds"]; from?: number; to?: number } = {}) {
    const file = await exportHistory(world.project.caller, { checkId, format: "ndjson", kinds: [], ...query });
    const rows: { at: string; kind: string; n: number | null }[] = [];
    for await (const piece of file.pieces) {
      const lines = piece.split("\n").filter(Boolean);
      expect(lines.length).toBeLessThanOrEqual(2000);
      rows.push(...lines.map((line) => JSON.parse(line)));
    }
    return rows;
  }

  test("stand among the others in the order of time, on every page, and are taken away with them", async () => {
    const minutes = fc.uniqueArray(fc.nat(400), { maxLength: 130 });
    const kinds = fc.constantFrom<HistoryQuery["kinds"]>([], ["missed"], ["fail", "missed"], ["success"]);
    const stretch = fc.option(fc.tuple(fc.nat(200), fc.integer({ min: 201, max: 401 })), { nil: null });
    await fc.assert(
      fc.asyncProperty(minutes, minutes, fc.tuple(kinds, stretch), async (signals, misses, [asked, part]) => {
        checkId = await makeCheck(world.project.id);
        const sent = signals.toSorted((a, b) => a - b);
        await happened(sent, misses);
        const isIn = (minute: number) => part === null || (minute >= part[0] && minute < part[1]);
        const missed = misses.filter(isIn);
        const heard = sent.filter((minute, index) => {
          const kind = (index + 1) % 10 === 0 ? ("fail" as const) : ("success" as const);
          return isIn(minute) && (asked.length === 0 || asked.includes(kind));
        });
        const wanted = [...heard, ...(asked.length === 0 || asked.includes("missed") ? missed : [])];
        const range = part === null ? ALL : { from: T0 + part[0] * MINUTE, to: T0 + part[1] * MINUTE };
        const pages = await pagesOf({ kinds: asked, range });
        expect(pages.flat().map(minuteOf)).toEqual(newestFirst(wanted));
        for (const page of pages.slice(0, -1)) expect(page).toHaveLength(50);
        const ends = part === null ? {} : { from: range.from ?? 0, to: range.to ?? 0 };
        const rows = await exported({ kinds: asked, ...ends });
        expect(rows.map(minuteOf)).toEqual(newestFirst(wanted).reverse());
        expect(rows.filter(({ kind }) => kind === "missed")).toHaveLength(wanted.length - heard.length);
        expect(await ask({ range })).toMatchObject({ signals: sent.filter(isIn).length, missed: missed.length });
      }),
      { numRuns: 25 },
    );
  });

  test("are taken away however many there are between two signals", async () => {
    const signals = [0, ...Array.from({ length: 1500 }, (_, index) => 5000 + index * 2), 20_000];
    const misses = [...Array.from({ length: 3300 }, (_, index) => index + 1), 5001, 5003, 7999, 9001, 19_999];
    await happened(signals, [...misses, ...Array.from({ length: 1000 }, (_, index) => 20_001 + index)]);
    const rows = await exported();
    expect(rows).toHaveLength(1502 + 3305 + 1000);
    expect(rows.map(minuteOf)).toEqual(rows.map(minuteOf).toSorted((a, b) => a - b));
    expect(rows.filter(({ n }) => n !== null).map(({ n }) => n)).toEqual(signals.map((_, index) => index + 1));
  });

  test("are not shown before signals that a page has not come to", async () => {
    const signals = Array.from({ length: 45_000 }, (_, index) => index * 2);
    await happened(signals, [1, 41_001, 88_001]);
    await pool().query("UPDATE pings SET kind = 'ign' WHERE check_id = $1 AND n IN (2, 20001)", [checkId]);
    const pages = await pagesOf({ kinds: ["ign", "missed"] });
    expect(pages.map((page) => page.map(minuteOf))).toEqual([[88_001], [41_001, 40_000], [2, 1]]);
  });
});

describe("a long history", () => {
  const LONG = 60_000;
  beforeEach(async () => {
    await storeSignals(world.project.id, checkId, LONG);
    // A neighbour, so that the whole table is not one check.
    await storeSignals(world.project.id, await makeCheck(world.project.id), LONG);
    await pool().query(
      `INSERT INTO misses (project_id, check_id, expected_at)
       SELECT project_id, id, now() - n * interval '1 minute' FROM checks, generate_series(1, 50000) AS n WHERE project_id = $1 AND (id <> $2 OR n < 5000)`,
      [world.project.id, checkId],
    );
    await pool().query("ANALYZE pings, misses");
  });

  test("is never read as a whole: each query goes by the primary key and sorts next to nothing", async () => {
    const { db, plans } = recordingPool();
    const range = { from: Date.now() - 20 * DAY, to: Date.now() - DAY };
    const query = { checkId, range, kinds: ["fail" as const, "missed" as const] };
    const { signals } = await getCheckHistory(world.project.caller, query, db);
    expect(signals).toBe((19 * DAY) / MINUTE);
    for await (const piece of (await exportHistory(world.project.caller, { checkId, format: "csv", kinds: [] }, db))
      .pieces) {
      if (piece.length > 0) break;
    }
    const made = await plans();
    for (const [table, least] of [
      ["pings", 5],
      ["misses", 3],
    ] as const) {
      const seen = made.filter((plan) => plan.includes(table));
      expect(seen.length).toBeGreaterThanOrEqual(least);
      for (const plan of seen) {
        expect(plan).not.toContain("Seq Scan");
        // A count may go by a bitmap of the same key.
        expect(plan).toMatch(new RegExp(`Index (Only )?Scan (Backward )?(using|on) ${table}_pkey`));
        if (table === "pings") expect(plan).not.toMatch(/Bitmap/);
      }
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
    expect(third.page.items.map(numberOf)).toEqual([7]);
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
