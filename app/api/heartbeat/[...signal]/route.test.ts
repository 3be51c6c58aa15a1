import { expect, test } from "vitest";
import { makeCheck, storedPings } from "@/lib/testing/checks";
import { makeProject } from "@/lib/testing/world";
import * as hbk from "../../../hbk/[...signal]/route";
import * as openstatus from "../../../heartbeat/[...signal]/route";
import * as checkly from "../../../heartbeats/ping/[...signal]/route";
import * as hhk from "../../../hhk/[...signal]/route";
import * as cronitor from "../../../p/[...signal]/route";
import * as phk from "../../../phk/[...signal]/route";
import * as sentry from "../../[version]/cron/[...signal]/route";
import * as push from "../../push/[...signal]/route";
import * as betterStack from "../../v1/heartbeat/[...signal]/route";
import * as heartbeat from "./route";

type Handler = (request: Request) => Promise<Response>;

test.each<[string, (id: string, key: string) => string, Record<string, Handler>]>([
  ["heartbeat", (id) => `/api/heartbeat/${id}`, heartbeat],
  ["hbk", (id, key) => `/hbk/${id}?key=${key}`, hbk],
  ["hhk", (id, key) => `/hhk/${id}?key=${key}`, hhk],
  ["phk", (id, key) => `/phk/${id}/start?key=${key}`, phk],
  ["Better Stack", (id) => `/api/v1/heartbeat/${id}`, betterStack],
  ["OpenStatus", (id) => `/heartbeat/${id}`, openstatus],
  ["Checkly", (id) => `/heartbeats/ping/${id}`, checkly],
  ["Cronitor", (id, key) => `/p/${key}/${id}`, cronitor],
])("%s: every method of the route handler behaves as at the front door", async (_name, pathOf, route) => {
  const project = await makeProject();
  const id = await makeCheck(project.id);
  const statuses: [string, number][] = [];
  for (const [method, handler] of Object.entries(route)) {
    const request = new Request(`http://x${pathOf(id, project.pingKey)}`, { method });
    statuses.push([method, (await handler(request)).status]);
  }
  expect(Object.fromEntries(statuses)).toEqual({
    GET: 200,
    HEAD: 200,
    POST: 200,
    PUT: 405,
    PATCH: 405,
    DELETE: 405,
    OPTIONS: 204,
  });
  expect(await storedPings(id)).toHaveLength(3);
});

test("Sentry: taken is 202 there", async () => {
  const project = await makeProject();
  const id = await makeCheck(project.id);
  const url = `http://x/api/7/cron/${id}/${project.pingKey}/?status=ok`;
  expect((await sentry.POST(new Request(url, { method: "POST" }))).status).toBe(202);
  expect((await sentry.PUT(new Request(url, { method: "PUT" }))).status).toBe(405);
  expect(await storedPings(id)).toHaveLength(1);
});

test("Uptime Kuma: every method but a preflight is a push", async () => {
  const id = await makeCheck((await makeProject()).id);
  const statuses: number[] = [];
  for (const [method, handler] of Object.entries(push)) {
    statuses.push((await handler(new Request(`http://x/api/push/${id}`, { method }))).status);
  }
  expect(statuses.toSorted()).toEqual([200, 200, 200, 200, 200, 200, 204]);
  expect(await storedPings(id)).toHaveLength(6);
});
