import { randomUUID } from "node:crypto";
import type { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { bodyOf, checkOf, makeCheck, pingsOf } from "./api";

// The packages have no types that could be used; these are their documented methods.
type Api = {
  getChecks: (tags?: string[]) => Promise<{ checks: { name: string }[] }>;
  getCheck: (id: string) => Promise<Record<string, unknown>>;
  createCheck: (info: object) => Promise<Record<string, unknown>>;
  updateCheck: (id: string, info: object) => Promise<Record<string, unknown>>;
  pauseCheck: (id: string) => Promise<Record<string, unknown>>;
  deleteCheck: (id: string) => Promise<Record<string, unknown>>;
  listPings: (id: string) => Promise<{ pings: { type: string }[] }>;
  listFlips: (id: string, filter?: object) => Promise<{ flips: { up: number }[] }>;
  getIntegrations: () => Promise<{ channels: object[] }>;
};
type Pinger = Record<"start" | "success" | "fail", (payload?: string) => Promise<string | undefined>>;
type Client = { new (options: object): Api };
type PingClient = { new (options: object): Pinger };
type Beating = EventEmitter & { stop: () => void };

const load = createRequire(join(inject("folder"), "package.json"));
const { HealthChecksApiClient, HealthChecksPingClient } = load("healthchecks-io-client") as {
  HealthChecksApiClient: Client;
  HealthChecksPingClient: PingClient;
}; // see above
const { healthcheck } = load("healthchecks.io") as { healthcheck: (url: string, minutes: number) => Beating }; // see above

const unique = (name: string): string => `${name}-${randomUUID().slice(0, 8)}`;

describe("healthchecks-io-client", () => {
  describe.each([1, 2, 3])("version %i of the management API", (apiVersion) => {
    const api = new HealthChecksApiClient({ apiKey: inject("apiKey"), baseUrl: inject("origin"), apiVersion });

    test("makes, finds, changes, pauses and removes a check", async () => {
      const [name, tag] = [unique("client"), unique("tag")];
      const info = { name, tags: `${tag} nightly`, desc: "all of it", timeout: 3600, grace: 600, unique: ["name"] };
      const made = await api.createCheck(info);
      expect(made).toMatchObject({ name, timeout: 3600, grace: 600, status: "new", n_pings: 0 });
      const id = String(made["ping_url"]).split("/").at(-1) ?? "";
      expect((await api.createCheck(info))["ping_url"]).toBe(made["ping_url"]);
      expect(await api.getCheck(id)).toMatchObject({ name, desc: "all of it" });
      expect((await api.getChecks([tag])).checks.map((check) => check.name)).toEqual([name]);
      expect(await api.updateCheck(id, { schedule: "0 3 * * *", tz: "Europe/Riga" })).toMatchObject({
        schedule: "0 3 * * *",
        tz: "Europe/Riga",
      });
      expect(await api.pauseCheck(id)).toMatchObject({ status: "paused" });
      expect(await api.listPings(id)).toEqual({ pings: [] });
      expect((await api.listFlips(id, { seconds: 60 })).flips.map(({ up }) => up)).toEqual([0]);
      expect(await api.getIntegrations()).toEqual({ channels: expect.any(Array) });
      expect(await api.deleteCheck(id)).toMatchObject({ name });
      await expect(api.getCheck(id)).rejects.toMatchObject({ statusCode: 404 });
    });

    test("tells what was refused", async () => {
      const stranger = new HealthChecksApiClient({ apiKey: "nobody", baseUrl: inject("origin"), apiVersion });
      await expect(stranger.getChecks()).rejects.toMatchObject({ statusCode: 401 });
      await expect(api.createCheck({ schedule: "surprise" })).rejects.toMatchObject({ statusCode: 400 });
    });
  });

  test("reports start, success and failure with what the job said", async () => {
    const { uuid } = await makeCheck(unique("pinged"));
    const client = new HealthChecksPingClient({ uuid, baseUrl: inject("origin"), returnResponse: true });
    expect(await client.start()).toBe("OK");
    expect(await client.success("all good")).toBe("OK");
    expect(await client.success()).toBe("OK");
    expect(await client.fail("no disk")).toBe("OK");
    const pings = await pingsOf(uuid);
    expect(pings.map(({ type }) => type)).toEqual(["start", "success", "success", "fail"]);
    expect(await Promise.all(pings.map(bodyOf))).toEqual(["", "all good", "", "no disk"]);
    expect(await checkOf(uuid)).toMatchObject({ status: "down", n_pings: 4 });
    const stranger = new HealthChecksPingClient({ uuid: randomUUID(), baseUrl: inject("origin") });
    await expect(stranger.success()).rejects.toMatchObject({ statusCode: 404 });
  });
});

describe("healthchecks.io", () => {
  test("beats at once and then at its interval, until it is stopped", async () => {
    const { uuid } = await makeCheck(unique("beating"));
    const beating = healthcheck(`${inject("origin")}/ping/${uuid}`, 0.2 / 60);
    await expect.poll(async () => (await pingsOf(uuid)).length, { timeout: 10_000 }).toBeGreaterThanOrEqual(3);
    beating.stop();
    expect(new Set((await pingsOf(uuid)).map(({ type }) => type))).toEqual(new Set(["success"]));
    expect(await checkOf(uuid)).toMatchObject({ status: "up" });
  });
});
