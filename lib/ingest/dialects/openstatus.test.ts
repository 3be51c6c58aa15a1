import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
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
  url = `${door.url}/heartbeat/${await heartbeatToken(id)}`;
});

test.each(["GET", "HEAD", "POST"])("%s is a heartbeat", async (method) => {
  expect((await fetch(url, { method })).status).toBe(200);
  expect(await storedPings(id)).toMatchObject([{ kind: "success", source: "openstatus", method }]);
});

test("/fail is a failure, with what the job put out", async () => {
  const answer = await fetch(`${url}/fail`, { method: "POST", body: "exit 1" });
  expect([answer.status, await answer.text()]).toEqual([200, "OK"]);
  expect(await storedPings(id)).toMatchObject([{ kind: "fail", body: Buffer.from("exit 1") }]);
  expect(await storedCheck(id)).toMatchObject({ status: "down" });
});

test.each(["nobody", "nobody/fail", "x/1", "x/start", "", "%00"])("unknown: %s", async (path) => {
  const answer = await fetch(`${door.url}/heartbeat/${path}`);
  expect([answer.status, await answer.text()]).toEqual([404, "not found"]);
});

test.each(["/0", "/1", "/start", "/fail/1"])("a good token with %s is unknown", async (suffix) => {
  expect((await fetch(`${url}${suffix}`)).status).toBe(404);
  expect(await storedPings(id)).toEqual([]);
});

test("other methods are refused", async () => {
  expect((await fetch(url, { method: "DELETE" })).status).toBe(405);
  expect(await storedPings(id)).toEqual([]);
});
