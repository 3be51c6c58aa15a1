import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { settle } from "@/lib/env";
import { makeCheck, storedPings } from "@/lib/testing/checks";
import { type Door, openDoor } from "@/lib/testing/door";
import { ask, heartbeatToken, hookId } from "@/lib/testing/heartbeats";
import { makeWorld, type World } from "@/lib/testing/world";
import { addressesOf } from "./addresses";

let door: Door;
let world: World;

beforeAll(async () => {
  settle({ PING_HOST: "pings.example.org" });
  door = await openDoor();
  world = await makeWorld();
});
afterAll(() => door.close());

const named = (fields: { slug?: string; pingHost?: string }) => ({
  origin: "https://pulse.example",
  pingHost: undefined,
  id: "5bf66975-d4c7-4bf5-bcc8-b8d8a82ea278",
  slug: "",
  token: "t0123456789",
  hookId: "ph1",
  pingKey: "key",
  ...fields,
});

test.each([`nightly-${randomUUID().slice(0, 8)}`, ""])(
  "every address is one of the check with the slug %j",
  async (slug) => {
    const id = await makeCheck(world.project.id, { slug });
    const [token, hook] = [await heartbeatToken(id), await hookId(id)];
    const check = { origin: door.url, pingHost: "pings.example.org", id, slug, token, hookId: hook };
    const addresses = addressesOf({ ...check, pingKey: world.project.pingKey });
    for (const { service, url } of addresses) {
      const { host, pathname, search } = new URL(url);
      const [status] = await ask(`${door.url}${pathname}${search}`, { headers: { Host: host } });
      expect([service, Math.floor(status / 100)]).toEqual([service, 2]);
    }
    const heard = await storedPings(id);
    expect(heard).toHaveLength(addresses.length);
    expect(new Set(heard.map(({ kind }) => kind))).toEqual(new Set(["success", "start"]));
  },
);

test("a slug goes before the uuid, and a snitch needs a host of its own", () => {
  const urls = (fields: { slug?: string; pingHost?: string }) => addressesOf(named(fields)).map(({ url }) => url);
  expect(urls({ slug: "nightly" })).toContain("https://pulse.example/ping/key/nightly");
  expect(urls({})).toContain(`https://pulse.example/ping/${named({}).id}`);
  expect(urls({ pingHost: "p.example" })).toContain("https://p.example/t0123456789");
  expect(addressesOf(named({})).map(({ service }) => service)).not.toContain("Dead Man's Snitch");
});
