import { beforeEach, describe, expect, test } from "vitest";
import { heartbeats } from "@/lib/testing/heartbeats";

const at = heartbeats();
let url: string;

beforeEach(() => {
  url = `${at.origin}/api/v1/heartbeat/${at.token}`;
});

test.each(["GET", "HEAD", "POST"])("%s is a heartbeat", async (method) => {
  const answer = await fetch(url, { method });
  expect([answer.status, await answer.text()]).toEqual([200, method === "HEAD" ? "" : "OK"]);
  expect(await at.pings()).toMatchObject([{ kind: "success", source: "better-stack", method, details: null }]);
});

test.each([
  ["/fail", "fail", null, "down"],
  ["/0", "success", 0, "up"],
  ["/1", "fail", 1, "down"],
  ["/255/", "fail", 255, "down"],
])("%s tells how it went", async (suffix, kind, exitStatus, status) => {
  expect((await fetch(`${url}${suffix}`)).status).toBe(200);
  expect(await at.pings()).toMatchObject([{ kind, exit_status: exitStatus }]);
  expect(await at.stored()).toMatchObject({ status });
});

test("what the job has put out is kept, cut, also when it is JSON", async () => {
  await fetch(`${url}/fail`, { method: "POST", body: '{"status":"ok"}' });
  await fetch(url, { method: "POST", body: Buffer.alloc(1_500_000, "x") });
  const [failed, large] = await at.pings();
  expect(failed).toMatchObject({ kind: "fail", details: null, body: Buffer.from('{"status":"ok"}') });
  expect(large?.body).toHaveLength(10_000);
});

test("its uuid works as well as the token", async () => {
  expect((await at.fetch(`/api/v1/heartbeat/${at.id}`)).status).toBe(200);
  expect(await at.pings()).toHaveLength(1);
});

describe("what is refused", () => {
  test.each(["/256", "/start", "/FAIL", "/fail/1", "//", "/-1", "/%00"])("a good token with %s", async (suffix) => {
    expect((await fetch(`${url}${suffix}`)).status).toBe(404);
    expect(await at.pings()).toEqual([]);
  });

  test.each(["nobody", "", "x/256", "x/fail/1", "x/FAIL", "a%00b", `${"a".repeat(101)}`])(
    "unknown: %s",
    async (path) => {
      const answer = await at.fetch(`/api/v1/heartbeat/${path}`);
      expect([answer.status, await answer.text()]).toEqual([404, "not found"]);
    },
  );

  test("other methods", async () => {
    const put = await fetch(url, { method: "PUT" });
    expect([put.status, put.headers.get("allow")]).toEqual([405, "HEAD, GET, POST, OPTIONS"]);
    expect((await fetch(url, { method: "OPTIONS" })).status).toBe(204);
    expect(await at.pings()).toEqual([]);
  });
});

test.each(["/api/v1/checks/", "/api/v1/heartbeats", "/api/v2/heartbeat/x", "/api/v1/heartbeat"])(
  "%s is left to the management API",
  async (path) => {
    expect((await at.fetch(`${path}`)).status).toBe(418);
  },
);
