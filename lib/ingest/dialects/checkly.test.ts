import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { ask, heartbeats } from "@/lib/testing/heartbeats";

const at = heartbeats();

test.each(["GET", "HEAD", "POST"])("%s is a heartbeat", async (method) => {
  expect((await at.fetch(`/heartbeats/ping/${at.id}`, { method })).status).toBe(200);
  expect(await at.pings()).toMatchObject([{ kind: "success", source: "checkly", method, details: null }]);
});

test("the Origin says where it came from", async () => {
  const headers = { Origin: "backup-server-prod" };
  expect(await ask(`${at.origin}/heartbeats/ping/${at.id}`, { headers })).toEqual([200, "OK"]);
  expect(await at.pings()).toMatchObject([{ details: { metadata: { origin: "backup-server-prod" } } }]);
});

test("the newer address, a uuid at the root, is a ping", async () => {
  expect((await at.fetch(`/${at.id}`)).status).toBe(200);
  expect(await at.pings()).toMatchObject([{ kind: "success", source: "healthchecks" }]);
});

test("the token works as well, and a body is kept", async () => {
  const url = `${at.origin}/heartbeats/ping/${at.token}`;
  expect((await fetch(url, { method: "POST", body: "done" })).status).toBe(200);
  expect(await at.pings()).toMatchObject([{ body: Buffer.from("done") }]);
});

test.each([randomUUID(), "", "x", `${randomUUID()}/fail`, `${randomUUID()}/0`])("unknown: %s", async (path) => {
  expect((await at.fetch(`/heartbeats/ping/${path}`)).status).toBe(404);
});

test("PUT and DELETE are errors, as they are there", async () => {
  for (const method of ["PUT", "DELETE"]) {
    expect((await at.fetch(`/heartbeats/ping/${at.id}`, { method })).status).toBe(405);
  }
  expect(await at.pings()).toEqual([]);
});
