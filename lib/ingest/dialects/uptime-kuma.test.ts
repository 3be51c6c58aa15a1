import { beforeEach, describe, expect, test } from "vitest";
import { heartbeats } from "@/lib/testing/heartbeats";

const at = heartbeats();
let url: string;

beforeEach(() => {
  url = `${at.origin}/api/push/${at.token}`;
});

const push = async (query = "", init?: RequestInit): Promise<[number, unknown]> => {
  const answer = await fetch(`${url}${query}`, init);
  return [answer.status, await answer.json()];
};

test("the address as it is copied from there", async () => {
  expect(await push("?status=up&msg=OK&ping=")).toEqual([200, { ok: true }]);
  expect(await at.lastPing()).toMatchObject({ kind: "success", source: "uptime-kuma", details: { message: "OK" } });
  expect((await at.lastPing())?.details).toEqual({ message: "OK" });
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
  expect(await at.lastPing()).toMatchObject({ kind });
  expect(await at.stored()).toMatchObject({ status });
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
  expect((await at.lastPing())?.details).toEqual(details);
});

test.each(["POST", "PUT", "PATCH", "DELETE"])("%s counts too", async (method) => {
  expect(await push("?msg=hi", { method, body: "the output" })).toEqual([200, { ok: true }]);
  expect(await at.lastPing()).toMatchObject({ method, body: Buffer.from("the output") });
});

test("HEAD counts, OPTIONS does not", async () => {
  expect((await fetch(url, { method: "HEAD" })).status).toBe(200);
  expect((await fetch(url, { method: "OPTIONS" })).status).toBe(204);
  expect(await at.pings()).toHaveLength(1);
});

describe("an unknown token", () => {
  test.each(["nobody", "", "a/b", "%00"])("%s", async (token) => {
    const answer = await at.fetch(`/api/push/${token}?status=up`);
    expect([answer.status, await answer.json()]).toEqual([404, { ok: false, msg: "Monitor not found or not active." }]);
  });
});

test("a message is cut and cleaned of what cannot be stored", async () => {
  await push(`?msg=${"x".repeat(3000)}%00`);
  expect(String((await at.lastPing())?.details?.["message"])).toHaveLength(2000);
  await push("?msg=a%00b");
  expect(await at.lastPing()).toMatchObject({ details: { message: "a\uFFFDb" } });
});
