import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { makeCheck, storedPings } from "@/lib/testing/checks";
import { type Door, openDoor } from "@/lib/testing/door";
import { ask, heartbeatToken } from "@/lib/testing/heartbeats";
import { makeWorld, type World } from "@/lib/testing/world";

let door: Door;
let world: World;
let id: string;

beforeAll(async () => {
  door = await openDoor();
  world = await makeWorld();
});
afterAll(() => door.close());
beforeEach(async () => {
  id = await makeCheck(world.project.id);
});

test.each(["GET", "HEAD", "POST"])("%s is a heartbeat", async (method) => {
  expect((await fetch(`${door.url}/heartbeats/ping/${id}`, { method })).status).toBe(200);
  expect(await storedPings(id)).toMatchObject([{ kind: "success", source: "checkly", method, details: null }]);
});

test("the Origin says where it came from", async () => {
  const headers = { Origin: "backup-server-prod" };
  expect(await ask(`${door.url}/heartbeats/ping/${id}`, { headers })).toEqual([200, "OK"]);
  expect(await storedPings(id)).toMatchObject([{ details: { metadata: { origin: "backup-server-prod" } } }]);
});

test("the newer address, a uuid at the root, is a ping", async () => {
  expect((await fetch(`${door.url}/${id}`)).status).toBe(200);
  expect(await storedPings(id)).toMatchObject([{ kind: "success", source: "healthchecks" }]);
});

test("the token works as well, and a body is kept", async () => {
  const url = `${door.url}/heartbeats/ping/${await heartbeatToken(id)}`;
  expect((await fetch(url, { method: "POST", body: "done" })).status).toBe(200);
  expect(await storedPings(id)).toMatchObject([{ body: Buffer.from("done") }]);
});

test.each([randomUUID(), "", "x", `${randomUUID()}/fail`, `${randomUUID()}/0`])("unknown: %s", async (path) => {
  expect((await fetch(`${door.url}/heartbeats/ping/${path}`)).status).toBe(404);
});

test("PUT and DELETE are errors, as they are there", async () => {
  for (const method of ["PUT", "DELETE"]) {
    expect((await fetch(`${door.url}/heartbeats/ping/${id}`, { method })).status).toBe(405);
  }
  expect(await storedPings(id)).toEqual([]);
});
