import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeCheck, storedCheck, storedPings } from "@/lib/testing/checks";
import { type Door, openDoor } from "@/lib/testing/door";
import { heartbeatToken } from "@/lib/testing/heartbeats";
import { makeWorld, type World } from "@/lib/testing/world";

let door: Door;
let world: World;
let id: string;
let url: string;

beforeAll(async () => {
  door = await openDoor();
  world = await makeWorld();
});
afterAll(() => door.close());

beforeEach(async () => {
  id = await makeCheck(world.project.id);
  url = `${door.url}/api/push/${await heartbeatToken(id)}`;
});

const push = async (query = "", init?: RequestInit): Promise<[number, unknown]> => {
  const answer = await fetch(`${url}${query}`, init);
  return [answer.status, await answer.json()];
};
const lastPing = async () => (await storedPings(id)).at(-1);

test("the address as it is copied from there", async () => {
  expect(await push("?status=up&msg=OK&ping=")).toEqual([200, { ok: true }]);
  expect(await lastPing()).toMatchObject({ kind: "success", source: "uptime-kuma", details: { message: "OK" } });
  expect((await lastPing())?.details).toEqual({ message: "OK" });
});

test.each([
  ["", "success", "up"],
  ["?status=", "success", "up"],
  ["?status=up", "success", "up"],
  ["?status=down", "fail", "down"],
  ["?status=UP", "fail", "down"],
  ["?status=0", "fail", "down"],
])("%s", async (query, kind, status) => {
  expect(await push(query)).toEqual([200, { ok: true }]);
  expect(await lastPing()).toMatchObject({ kind });
  expect(await storedCheck(id)).toMatchObject({ status });
});

test.each([
  ["250", { reported_duration_ms: 250 }],
  ["12.4", { reported_duration_ms: 12 }],
  ["-3", { reported_duration: "-3" }],
  ["soon", { reported_duration: "soon" }],
  ["1e999", { reported_duration: "1e999" }],
  ["%00", { reported_duration: "\uFFFD" }],
])("ping=%s is a duration in milliseconds, kept as it can be", async (ping, details) => {
  expect(await push(`?ping=${ping}`)).toEqual([200, { ok: true }]);
  expect((await lastPing())?.details).toEqual(details);
});

test.each(["POST", "PUT", "PATCH", "DELETE"])("%s counts too", async (method) => {
  expect(await push("?msg=hi", { method, body: "the output" })).toEqual([200, { ok: true }]);
  expect(await lastPing()).toMatchObject({ method, body: Buffer.from("the output") });
});

test("HEAD counts, OPTIONS does not", async () => {
  expect((await fetch(url, { method: "HEAD" })).status).toBe(200);
  expect((await fetch(url, { method: "OPTIONS" })).status).toBe(204);
  expect(await storedPings(id)).toHaveLength(1);
});

describe("an unknown token", () => {
  test.each(["nobody", "", "a/b", "%00"])("%s", async (token) => {
    const answer = await fetch(`${door.url}/api/push/${token}?status=up`);
    expect([answer.status, await answer.json()]).toEqual([404, { ok: false, msg: "Monitor not found or not active." }]);
  });
});

test("a message is cut and cleaned of what cannot be stored", async () => {
  await push(`?msg=${"x".repeat(3000)}%00`);
  expect(String((await lastPing())?.details?.["message"])).toHaveLength(2000);
  await push("?msg=a%00b");
  expect(await lastPing()).toMatchObject({ details: { message: "a\uFFFDb" } });
});
