import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { pauseCheck } from "@/lib/checks/commands";
import { HOUR, MINUTE } from "@/lib/core/time";
import { pool } from "@/lib/db/pool";
import { makeCheck } from "@/lib/testing/checks";
import { planOf } from "@/lib/testing/explain";
import { makePerson } from "@/lib/testing/people";
import { signal } from "@/lib/testing/signals";
import { makeWorld, type World } from "@/lib/testing/world";
import { getHistory, listDurations, listLog } from "./detail-queries";
import type { LogEntry } from "./log";
import { outages, uptime } from "./uptime";

let world: World;
let checkId: string;
beforeEach(async () => {
  world = await makeWorld();
  checkId = await makeCheck(world.project.id, { timeoutSeconds: 86_400, graceSeconds: 3600 });
});

const viewer = async () =>
  (await makePerson({ memberships: { [world.project.id]: "viewer" } })).caller(world.project.id);

const shown = (entry: LogEntry): string => {
  if (entry.type === "miss") return "missed";
  return entry.type === "ping" ? `${entry.kind} ${entry.n}` : `${entry.from} > ${entry.to} (${entry.reason})`;
};

describe("the log", () => {
  test("has pings and status changes, newest first, with all that was sent", async () => {
    await signal(checkId, { agoMs: 3 * HOUR, kind: "start" });
    await signal(checkId, { agoMs: 2 * HOUR, body: Buffer.from("héllo") });
    await signal(checkId, { agoMs: HOUR, kind: "fail", exitStatus: 3, userAgent: "job/1" });
    await pauseCheck(world.project.caller, checkId);
    const { items, nextCursor } = await listLog(await viewer(), { checkId });
    expect(items.map(shown)).toEqual([
      "down > paused (pause)",
      "up > down (fail)",
      "fail 3",
      "new > up (success)",
      "success 2",
      "start 1",
    ]);
    expect(nextCursor).toBeNull();
    expect(items[2]).toMatchObject({ exit_status: 3, user_agent: "job/1", remote_addr: "192.0.2.7", method: "GET" });
    expect(items[4]).toMatchObject({ body_bytes: 6, duration_ms: expect.closeTo(HOUR, -4) });
  });

  test("is filtered by kind", async () => {
    await signal(checkId, { kind: "log" });
    await signal(checkId);
    await signal(checkId, { kind: "fail" });
    const kinds = async (...wanted: Parameters<typeof listLog>[1]["kinds"] & object) =>
      (await listLog(world.project.caller, { checkId, kinds: wanted })).items.map(shown);
    expect(await kinds("fail", "log")).toEqual(["fail 3", "log 1"]);
    expect(await kinds("status")).toEqual(["up > down (fail)", "new > up (success)"]);
    expect(await kinds("status", "success")).toEqual(["up > down (fail)", "new > up (success)", "success 2"]);
    expect(await kinds("start")).toEqual([]);
  });

  test("is paged without gap or repeat, and a broken cursor begins anew", async () => {
    for (let sent = 0; sent < 60; sent += 1) await signal(checkId, { kind: sent % 10 === 9 ? "fail" : "success" });
    const first = await listLog(world.project.caller, { checkId });
    const second = await listLog(world.project.caller, { checkId, cursor: first.nextCursor ?? "" });
    expect([first.items.length, second.nextCursor]).toEqual([50, null]);
    const numbers = [...first.items, ...second.items].flatMap((entry) => (entry.type === "ping" ? [entry.n] : []));
    expect(numbers).toEqual(Array.from({ length: 60 }, (_, index) => 60 - index));
    const flips = [...first.items, ...second.items].filter((entry) => entry.type === "flip");
    expect(flips).toHaveLength(12);
    const foreign = Buffer.from(JSON.stringify(["a", -1])).toString("base64url");
    for (const cursor of ["nonsense", foreign]) {
      expect((await listLog(world.project.caller, { checkId, cursor })).items).toEqual(first.items);
    }
  });
});

test("durations are those of the newest runs whose start was reported, oldest first", async () => {
  await signal(checkId, { agoMs: 60 * MINUTE });
  await signal(checkId, { agoMs: 50 * MINUTE, kind: "start" });
  await signal(checkId, { agoMs: 45 * MINUTE });
  const rid = randomUUID();
  await signal(checkId, { agoMs: 30 * MINUTE, kind: "start", rid });
  await signal(checkId, { agoMs: 20 * MINUTE, kind: "fail", rid });
  await signal(checkId, { kind: "start" });
  const runs = await listDurations(await viewer(), checkId);
  expect(runs.map((run) => [run.duration_ms, run.failed])).toEqual([
    [expect.closeTo(5 * MINUTE, -4), false],
    [expect.closeTo(10 * MINUTE, -4), true],
  ]);
});

test("the history tells uptime and outages", async () => {
  await pool().query("UPDATE checks SET created_at = now() - interval '10 hours' WHERE id = $1", [checkId]);
  await signal(checkId, { agoMs: 8 * HOUR });
  await signal(checkId, { agoMs: 6 * HOUR, kind: "fail" });
  await signal(checkId, { agoMs: 4 * HOUR });
  const history = await getHistory(await viewer(), checkId);
  expect(uptime(history, 24 * HOUR)).toBeCloseTo(6 / 8, 3);
  const [outage] = outages(history, 24 * HOUR);
  expect([outage?.reason, Math.round((outage?.durationMs ?? 0) / MINUTE)]).toEqual(["fail", 120]);
});

test("Charlie finds none of it, nor does anybody what does not exist", async () => {
  await signal(checkId);
  const charlie = await (await makePerson({ memberships: { [world.foreign.id]: "owner" } })).caller(world.foreign.id);
  for (const [caller, id] of [
    [charlie, checkId],
    [world.project.caller, randomUUID()],
    [world.project.caller, "nonsense"],
  ] as const) {
    const refusal = { code: "not_found" };
    await expect(listLog(caller, { checkId: id })).rejects.toMatchObject(refusal);
    await expect(listDurations(caller, id)).rejects.toMatchObject(refusal);
    await expect(getHistory(caller, id)).rejects.toMatchObject(refusal);
  }
});

test("every query finds its rows through an index", async () => {
  await pool().query(
    `INSERT INTO checks (project_id, timeout_seconds, grace_seconds) SELECT id, 60, 60 FROM projects, generate_series(1, 50)`,
  );
  await pool().query(
    `INSERT INTO pings (project_id, check_id, n, kind, source, created_at, scheme, method, user_agent)
     SELECT project_id, id, n + 100, 'success', 'healthchecks', now(), 'http', 'GET', '' FROM checks, generate_series(1, 20) n
         ON CONFLICT DO NOTHING`,
  );
  await pool().query(
    `INSERT INTO flips (project_id, check_id, seq, from_status, to_status, reason, at)
     SELECT project_id, id, n + 100, 'up', 'down', 'fail', now() FROM checks, generate_series(1, 20) n ON CONFLICT DO NOTHING`,
  );
  await pool().query(
    `INSERT INTO runs (project_id, check_id, started_at, ended_at, duration_ms, status)
     SELECT project_id, id, now(), now(), 5, 'success' FROM checks, generate_series(1, 20)`,
  );
  await pool().query("ANALYZE checks, pings, flips, runs");
  const asked: { text: string; values: unknown[] }[] = [];
  const query = (text: string, values: unknown[] = []) => {
    asked.push({ text, values });
    return pool().query(text, values);
  };
  const db = { query } as unknown as ReturnType<typeof pool>; // of the overloads of pg, the queries use only this one
  const caller = world.project.caller;
  await listLog(caller, { checkId }, db);
  await listLog(caller, { checkId, kinds: ["fail", "status"] }, db);
  await listDurations(caller, checkId, db);
  await getHistory(caller, checkId, db);
  expect(asked).toHaveLength(12);
  for (const { text, values } of asked) {
    const lines = await planOf(text, values);
    expect(lines).not.toContain("Seq Scan");
    if (/FROM (pings|flips)/.test(text)) expect(lines).not.toContain("Sort");
  }
});
