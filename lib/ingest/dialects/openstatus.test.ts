import { beforeEach, expect, test } from "vitest";
import { heartbeats } from "@/lib/testing/heartbeats";

const at = heartbeats();
let url: string;

beforeEach(() => {
  url = `${at.origin}/heartbeat/${at.token}`;
});

test.each(["GET", "HEAD", "POST"])("%s is a heartbeat", async (method) => {
  expect((await fetch(url, { method })).status).toBe(200);
  expect(await at.pings()).toMatchObject([{ kind: "success", source: "openstatus", method }]);
});

test("/fail is a failure, with what the job put out", async () => {
  const answer = await fetch(`${url}/fail`, { method: "POST", body: "exit 1" });
  expect([answer.status, await answer.text()]).toEqual([200, "OK"]);
  expect(await at.pings()).toMatchObject([{ kind: "fail", body: Buffer.from("exit 1") }]);
  expect(await at.stored()).toMatchObject({ status: "down" });
});

test.each(["nobody", "nobody/fail", "x/1", "x/start", "", "%00"])("unknown: %s", async (path) => {
  const answer = await at.fetch(`/heartbeat/${path}`);
  expect([answer.status, await answer.text()]).toEqual([404, "not found"]);
});

test.each(["/0", "/1", "/start", "/fail/1"])("a good token with %s is unknown", async (suffix) => {
  expect((await fetch(`${url}${suffix}`)).status).toBe(404);
  expect(await at.pings()).toEqual([]);
});

test("other methods are refused", async () => {
  expect((await fetch(url, { method: "DELETE" })).status).toBe(405);
  expect(await at.pings()).toEqual([]);
});
