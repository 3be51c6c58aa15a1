import { beforeEach, describe, expect, test } from "vitest";
import { heartbeats } from "@/lib/testing/heartbeats";

const at = heartbeats();
let url: string;

beforeEach(() => {
  url = `${at.origin}/api/heartbeat/${at.token}`;
});

describe("the reference's examples", () => {
  test("a check-in", async () => {
    const answer = await fetch(url, { method: "POST" });
    expect([answer.status, await answer.json()]).toEqual([200, { ok: true }]);
    expect(await at.lastPing()).toMatchObject({
      kind: "success",
      source: "pingura",
      remote_addr: "127.0.0.1",
      details: null,
    });
  });

  test.each([
    ["/fail", "fail", null, "down"],
    ["/0", "success", 0, "up"],
    ["/1", "fail", 1, "down"],
    ["/255", "fail", 255, "down"],
  ])("%s", async (suffix, kind, exitStatus, status) => {
    expect((await fetch(`${url}${suffix}`, { method: "POST" })).status).toBe(200);
    expect(await at.lastPing()).toMatchObject({ kind, exit_status: exitStatus });
    expect(await at.stored()).toMatchObject({ status });
  });

  const SAID = { status_text: "completed", message: "Processed 1247 records", reported_duration_ms: 12_500 };

  test("metadata in the query", async () => {
    await fetch(`${url}?status=completed&message=Processed+1247+records&duration=12.5s`, { method: "POST" });
    expect(await at.lastPing()).toMatchObject({ details: SAID, body: null });
  });

  test("metadata in JSON", async () => {
    const body = JSON.stringify({ status: "completed", message: "Processed 1247 records", duration: "12.5s", rows: 7 });
    await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    expect(await at.lastPing()).toMatchObject({ details: { ...SAID, metadata: { rows: 7 } }, body: null });
  });
});

test.each(["GET", "HEAD", "POST"])("%s counts", async (method) => {
  expect((await fetch(url, { method })).status).toBe(200);
  expect(await at.pings()).toHaveLength(1);
});

test("its uuid works as well as the token", async () => {
  expect((await at.fetch(`/api/heartbeat/${at.id.toUpperCase()}`)).status).toBe(200);
  expect(await at.pings()).toHaveLength(1);
});

describe("what is odd", () => {
  test("a status is a label and decides nothing", async () => {
    await fetch(`${url}?status=failed`);
    expect(await at.lastPing()).toMatchObject({ kind: "success", details: { status_text: "failed" } });
  });

  test.each([
    ["soon", { reported_duration: "soon" }],
    [[1], { reported_duration: "[1]" }],
    [-4, { reported_duration: "-4" }],
    [90, { reported_duration_ms: 90_000 }],
  ])("a duration of %j is kept as it can be", async (duration, details) => {
    const answer = await fetch(url, { method: "POST", body: JSON.stringify({ duration }) });
    expect(answer.status).toBe(200);
    expect(await at.lastPing()).toMatchObject({ details });
  });

  test("metadata of other types is told in text", async () => {
    await fetch(url, { method: "POST", body: JSON.stringify({ status: { a: 1 }, message: 5, duration: null }) });
    expect((await at.lastPing())?.details).toEqual({ status_text: '{"a":1}', message: "5" });
  });

  test("what PostgreSQL cannot store is replaced", async () => {
    const body = '{"message":"a\\u0000b\\ud800","deep\\u0000":{"x":"\\udfff"}}';
    expect((await fetch(url, { method: "POST", body })).status).toBe(200);
    expect((await at.lastPing())?.details).toEqual({
      message: "a\uFFFDb\uFFFD",
      metadata: { "deep\uFFFD": { x: "\uFFFD" } },
    });
  });

  test("nesting that nobody reads is cut", async () => {
    const body = `{"deep":${"[".repeat(5000)}${"]".repeat(5000)}}`;
    expect((await fetch(url, { method: "POST", body })).status).toBe(200);
    expect(JSON.stringify((await at.lastPing())?.details).length).toBeLessThan(200);
  });

  test.each(["message", "status", "duration"])("also where a text is looked for: %s", async (name) => {
    const body = `{"${name}":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
    expect((await fetch(url, { method: "POST", body })).status).toBe(200);
    expect(JSON.stringify((await at.lastPing())?.details).length).toBeLessThan(200);
  });

  test("metadata of a megabyte is taken, and its size is told instead", async () => {
    const body = JSON.stringify({ rows: "x".repeat(900_000) });
    expect((await fetch(url, { method: "POST", body })).status).toBe(200);
    expect(await at.lastPing()).toMatchObject({
      details: { metadata: { too_large: expect.stringContaining("bytes were sent") } },
    });
  });

  test("a body that is larger is kept like any output, cut", async () => {
    const body = JSON.stringify({ rows: "x".repeat(1_500_000) });
    expect((await fetch(url, { method: "POST", body })).status).toBe(200);
    const ping = await at.lastPing();
    expect(ping?.details).toBeNull();
    expect(ping?.body).toHaveLength(10_000);
  });

  test("output that is not JSON is kept as it came", async () => {
    await fetch(url, { method: "POST", body: "{ all good" });
    expect((await at.lastPing())?.body?.toString()).toBe("{ all good");
  });
});

describe("what is refused", () => {
  test.each(["nobody-has-this-token", "x/fail", "x/1/2", "", "a%00b"])("unknown: %s", async (path) => {
    const answer = await at.fetch(`/api/heartbeat/${path}`);
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.json()).toMatchObject({ status: 404, code: "not_found" });
  });

  test.each(["/256", "/done", "/-1", "/1/2"])("an address that says %s of a good token", async (suffix) => {
    expect((await fetch(`${url}${suffix}`)).status).toBe(404);
    expect(await at.pings()).toHaveLength(0);
  });

  test("other methods", async () => {
    const answer = await fetch(url, { method: "PUT" });
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "HEAD, GET, POST, OPTIONS"]);
  });

  test("a preflight counts nothing", async () => {
    const answer = await fetch(url, { method: "OPTIONS" });
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([204, "*"]);
    expect(await at.pings()).toHaveLength(0);
  });
});
