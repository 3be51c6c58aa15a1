import { beforeAll, describe, expect, test } from "vitest";
import { settle } from "@/lib/env";
import { ask, heartbeats } from "@/lib/testing/heartbeats";

const HOST = "nosnch.example.org";
const at = heartbeats();

beforeAll(() => {
  settle({ PING_HOST: HOST });
});

const send = (target: string, { method = "GET", host = HOST } = {}) =>
  ask(`${at.origin}${target}`, { method, headers: { Host: host } });
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
  expect(await send(`/${at.token}${query}`)).toEqual(TAKEN);
  expect(await at.pings()).toMatchObject([{ kind, source: "dead-mans-snitch", exit_status: exitStatus }]);
  expect(await at.stored()).toMatchObject({ status });
});

test("a message is kept, and a status that is no number", async () => {
  await send(`/${at.token}?m=Finished+in+23.8+seconds.`);
  await send(`/${at.token}/?s=boom&m=%00`);
  const [first, second] = await at.pings();
  expect(first?.details).toEqual({ message: "Finished in 23.8 seconds." });
  expect(second?.details).toEqual({ status_text: "boom", message: "\uFFFD" });
});

describe("what is no snitch", () => {
  test("on any other host it is a page", async () => {
    expect((await send(`/${at.token}`, { host: "localhost" }))[0]).toBe(418);
    expect(await at.pings()).toEqual([]);
  });

  test.each(["/0123456789", "/short", "/a.b.c.d.e.f.g", "/"])("%s is unknown", async (target) => {
    expect(await send(target)).toEqual([404, "not found"]);
  });

  test("a uuid and a slug are pings as before", async () => {
    expect(await send(`/${at.id}`)).toEqual([200, "OK"]);
    expect(await send(`/${at.world.project.pingKey}/made?create=1`)).toEqual([201, "Created"]);
  });

  test("other methods", async () => {
    expect((await send(`/${at.token}`, { method: "PUT" }))[0]).toBe(405);
    expect((await send(`/${at.token}`, { method: "HEAD" }))[0]).toBe(202);
    expect(await at.pings()).toHaveLength(1);
  });
});

test("the other services' addresses work on this host as well", async () => {
  expect(await send(`/api/push/${at.token}`)).toEqual([200, '{"ok":true}']);
  expect(await send(`/heartbeat/${at.token}`)).toEqual([200, "OK"]);
  expect(await send(`/p/${at.world.project.pingKey}/${at.id}?state=run`)).toEqual([200, "OK"]);
  expect(await at.pings()).toHaveLength(3);
});
