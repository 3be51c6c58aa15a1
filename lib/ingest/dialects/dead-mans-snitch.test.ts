import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { settle } from "@/lib/env";
import { makeCheck, storedCheck, storedPings } from "@/lib/testing/checks";
import { type Door, openDoor } from "@/lib/testing/door";
import { ask, heartbeatToken } from "@/lib/testing/heartbeats";
import { makeWorld, type World } from "@/lib/testing/world";

const HOST = "nosnch.example.org";
let door: Door;
let world: World;
let id: string;
let token: string;

beforeAll(async () => {
  settle({ PING_HOST: HOST });
  door = await openDoor();
  world = await makeWorld();
});
afterAll(() => door.close());

beforeEach(async () => {
  id = await makeCheck(world.project.id);
  token = await heartbeatToken(id);
});

const send = (target: string, { method = "GET", host = HOST } = {}) =>
  ask(`${door.url}${target}`, { method, headers: { Host: host } });
const TAKEN = [202, "Got it, thanks!"];

test.each([
  ["", "success", null, "up"],
  ["?s=", "success", null, "up"],
  ["?s=0", "success", 0, "up"],
  ["?s=1", "fail", 1, "down"],
  ["?s=255", "fail", 255, "down"],
  ["?s=256", "fail", null, "down"],
  ["?s=boom", "fail", null, "down"],
  ["?s=ok", "fail", null, "down"],
])("%s", async (query, kind, exitStatus, status) => {
  expect(await send(`/${token}${query}`)).toEqual(TAKEN);
  expect(await storedPings(id)).toMatchObject([{ kind, source: "dead-mans-snitch", exit_status: exitStatus }]);
  expect(await storedCheck(id)).toMatchObject({ status });
});

test("a message is kept, and a status that is no number", async () => {
  await send(`/${token}?m=Finished+in+23.8+seconds.`);
  await send(`/${token}/?s=boom&m=%00`);
  const [first, second] = await storedPings(id);
  expect(first?.details).toEqual({ message: "Finished in 23.8 seconds." });
  expect(second?.details).toEqual({ status_text: "boom", message: "\uFFFD" });
});

describe("what is no snitch", () => {
  test("on any other host it is a page", async () => {
    expect((await send(`/${token}`, { host: "localhost" }))[0]).toBe(418);
    expect(await storedPings(id)).toEqual([]);
  });

  test.each(["/0123456789", "/short", "/a.b.c.d.e.f.g", "/"])("%s is unknown", async (target) => {
    expect(await send(target)).toEqual([404, "not found"]);
  });

  test("a uuid and a slug are pings as before", async () => {
    expect(await send(`/${id}`)).toEqual([200, "OK"]);
    expect(await send(`/${world.project.pingKey}/made?create=1`)).toEqual([201, "Created"]);
  });

  test("other methods", async () => {
    expect((await send(`/${token}`, { method: "PUT" }))[0]).toBe(405);
    expect((await send(`/${token}`, { method: "HEAD" }))[0]).toBe(202);
    expect(await storedPings(id)).toHaveLength(1);
  });
});

test("the other services' addresses work on this host as well", async () => {
  expect(await send(`/api/push/${token}`)).toEqual([200, '{"ok":true}']);
  expect(await send(`/heartbeat/${token}`)).toEqual([200, "OK"]);
  expect(await send(`/p/${world.project.pingKey}/${id}?state=run`)).toEqual([200, "OK"]);
  expect(await storedPings(id)).toHaveLength(3);
});
