import { expect, test } from "vitest";
import { makeCheck, storedPings } from "@/lib/testing/checks";
import { makeProject } from "@/lib/testing/world";
import * as hbk from "../../../hbk/[...signal]/route";
import * as hhk from "../../../hhk/[...signal]/route";
import * as phk from "../../../phk/[...signal]/route";
import * as heartbeat from "./route";

type Handler = (request: Request) => Promise<Response>;

test.each<[string, (id: string, key: string) => string, Record<string, Handler>]>([
  ["heartbeat", (id) => `/api/heartbeat/${id}`, heartbeat],
  ["hbk", (id, key) => `/hbk/${id}?key=${key}`, hbk],
  ["hhk", (id, key) => `/hhk/${id}?key=${key}`, hhk],
  ["phk", (id, key) => `/phk/${id}/start?key=${key}`, phk],
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
