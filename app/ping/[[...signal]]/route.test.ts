import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { makeCheck, storedPings } from "@/lib/testing/checks";
import { makeProject } from "@/lib/testing/world";
import * as route from "./route";

test("every method of the route handler behaves as at the front door", async () => {
  const project = await makeProject();
  const id = await makeCheck(project.id);
  const send = (handler: (request: Request) => Promise<Response>, method: string) =>
    handler(new Request(`http://x/ping/${id}`, { method }));
  const statuses = [];
  for (const [method, handler] of Object.entries(route)) statuses.push([method, (await send(handler, method)).status]);
  expect(Object.fromEntries(statuses)).toEqual({
    GET: 200,
    HEAD: 200,
    POST: 200,
    PUT: 405,
    PATCH: 405,
    DELETE: 405,
    OPTIONS: 204,
  });
  expect((await storedPings(id)).map((ping) => ping.method).sort()).toEqual(["GET", "HEAD", "POST"]);
});

test("an address that is none is not found", async () => {
  expect((await route.GET(new Request(`http://x/ping/${randomUUID()}`))).status).toBe(404);
  expect((await route.GET(new Request("http://x/elsewhere"))).status).toBe(404);
});
