import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import * as tree from "@/app/dhk/[workflow]/tree/route";
import type { Handler } from "@/lib/http/route";
import { call } from "@/lib/testing/http";
import { makeWorkflow } from "@/lib/testing/workflows";
import { makeWorld, type World } from "@/lib/testing/world";
import * as flips from "./[version]/checks/[id]/flips/route";
import * as check from "./[version]/checks/[id]/route";
import * as checks from "./[version]/checks/route";
import * as alerts from "./alerts/route";
import * as channel from "./channels/[id]/route";
import * as channels from "./channels/route";
import * as deliveries from "./deliveries/route";
import * as keys from "./projects/[id]/keys/route";
import * as projects from "./projects/route";
import * as handoffs from "./workflows/[id]/handoffs/route";
import * as instances from "./workflows/[id]/instances/route";
import * as rejected from "./workflows/[id]/rejected-pings/route";
import * as workflow from "./workflows/[id]/route";
import * as workflows from "./workflows/route";

let world: World;
let channelId: string;
let uuid: string;
let workflowId: string;

beforeAll(async () => {
  world = await makeWorld();
  workflowId = await makeWorkflow(world.project.id);
  const made = await call(channels.POST, {
    method: "POST",
    key: world.key,
    body: { kind: "email", name: "m", config: { to: "a@example.org" } },
  });
  channelId = (made.body as { id: string }).id; // the contract's shape
  const checked = await call(checks.POST, {
    method: "POST",
    key: world.key,
    body: { name: "c" },
    params: { version: "v3" },
  });
  uuid = (checked.body as { uuid: string }).uuid; // the contract's shape
});

type Endpoint = { handler: Handler; method: string; params: () => Record<string, string> };
const none = () => ({});
const ENDPOINTS: Record<string, Endpoint> = {
  "GET alerts": { handler: alerts.GET, method: "GET", params: none },
  "GET deliveries": { handler: deliveries.GET, method: "GET", params: none },
  "GET channels": { handler: channels.GET, method: "GET", params: none },
  "GET keys": { handler: keys.GET, method: "GET", params: () => ({ id: world.project.id }) },
  "GET checks": { handler: checks.GET, method: "GET", params: () => ({ version: "v3" }) },
  "GET flips": { handler: flips.GET, method: "GET", params: () => ({ version: "v3", id: uuid }) },
  "POST channels": { handler: channels.POST, method: "POST", params: none },
  "PATCH channel": { handler: channel.PATCH, method: "PATCH", params: () => ({ id: channelId }) },
  "POST checks": { handler: checks.POST, method: "POST", params: () => ({ version: "v3" }) },
  "POST check": { handler: check.POST, method: "POST", params: () => ({ version: "v3", id: uuid }) },
  "POST projects": { handler: projects.POST, method: "POST", params: none },
  "POST keys": { handler: keys.POST, method: "POST", params: () => ({ id: world.project.id }) },
  "GET workflows": { handler: workflows.GET, method: "GET", params: none },
  "GET instances": { handler: instances.GET, method: "GET", params: () => ({ id: workflowId }) },
  "GET rejected pings": { handler: rejected.GET, method: "GET", params: () => ({ id: workflowId }) },
  "GET handoffs": { handler: handoffs.GET, method: "GET", params: () => ({ id: workflowId }) },
  "GET tree": { handler: tree.GET, method: "GET", params: () => ({ workflow: workflowId }) },
  "POST workflows": { handler: workflows.POST, method: "POST", params: none },
  "PATCH workflow": { handler: workflow.PATCH, method: "PATCH", params: () => ({ id: workflowId }) },
};

const value = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom(
    "\0",
    "-1",
    "0",
    "101",
    "1e99",
    "null",
    "9007199254740991",
    "WzkwMDcxOTkyNTQ3NDA5OTFd",
    "infinity",
    "2020-99-99",
  ),
  fc
    .array(fc.oneof(fc.string(), fc.double(), fc.constant("2020"), fc.uuid()), { maxLength: 3 })
    .map((list) => Buffer.from(JSON.stringify(list)).toString("base64url")),
);
const query = fc.dictionary(
  fc.constantFrom(
    "cursor",
    "limit",
    "status",
    "type",
    "subject_id",
    "channel_id",
    "alert_id",
    "tag",
    "slug",
    "start",
    "end",
    "seconds",
    "agent",
    "from",
    "to",
    "days",
    "q",
    "instance_id",
  ),
  value,
);
const field = fc.constantFrom(
  "kind",
  "name",
  "config",
  "events",
  "enabled",
  "timeout",
  "grace",
  "schedule",
  "tz",
  "tags",
  "unique",
  "channels",
  "scopes",
  "expires_at",
  "time_zone",
  "methods",
  "slug",
  "id",
  "stages",
  "validation_mode",
  "grace_period_seconds",
);
const body = fc.oneof(fc.dictionary(field, fc.oneof(fc.jsonValue(), value)), fc.jsonValue(), value);
const headers = fc.dictionary(
  fc.constantFrom("Idempotency-Key", "X-Request-Id", "Content-Type"),
  fc.string({ maxLength: 300 }).map((text) => text.replace(/[^\x20-\x7e]/g, "") || "x"),
);

describe("nothing a client can send is a failure of ours", () => {
  test.each(Object.keys(ENDPOINTS))("%s", async (name) => {
    const { handler, method, params } = ENDPOINTS[name] as Endpoint; // a key of the same object
    await fc.assert(
      fc.asyncProperty(query, body, headers, async (asked, sent, sentHeaders) => {
        const text = typeof sent === "string" ? sent : JSON.stringify(sent);
        const answer = await call(handler, {
          method,
          key: world.key,
          path: `/api/x?${new URLSearchParams(asked)}`,
          params: params(),
          headers: sentHeaders,
          ...(method !== "GET" && { body: text }),
        });
        expect(answer.status, `${name} ${answer.text}`).toBeLessThan(500);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ["the largest safe integer", [9007199254740991]],
    ["a year", ["2020", "00000000-0000-0000-0000-000000000000"]],
    ["a time only JavaScript reads", ["Mon, 25 Dec 1995 13:30:00 PST (x)", "00000000-0000-0000-0000-000000000000"]],
    ["a number beyond time", [9007199254740991, "00000000-0000-0000-0000-000000000000"]],
  ])("a cursor with %s", async (_name, values) => {
    const cursor = Buffer.from(JSON.stringify(values)).toString("base64url");
    for (const { GET } of [alerts, deliveries, channels]) {
      const { status } = await call(GET, { key: world.key, path: `/?cursor=${cursor}` });
      expect([200, 400]).toContain(status);
    }
  });

  test("a text that never ends, from nobody we know", async () => {
    // Each backslash begins anew: an expression that looks for the end from every quote would take minutes.
    for (const body of [`"${'\\"'.repeat(450_000)}`, `{"a":"${"\\".repeat(900_001)}`, '"'.repeat(900_001)]) {
      expect((await call(channels.POST, { method: "POST", body })).status).toBe(400);
    }
  });

  test("JSON nested deeper than any data", async () => {
    const deep = `{"kind":"email","name":"x","config":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
    const config = `{"config":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}`;
    const keyed = { "Idempotency-Key": "deep" };
    expect(await call(channels.POST, { method: "POST", key: world.key, body: deep, headers: keyed })).toMatchObject({
      status: 400,
      body: { code: "invalid_json" },
    });
    expect(
      await call(channel.PATCH, { method: "PATCH", key: world.key, body: config, params: { id: channelId } }),
    ).toMatchObject({ status: 400 });
    expect(
      await call(checks.POST, {
        method: "POST",
        key: world.key,
        body: deep,
        headers: keyed,
        params: { version: "v3" },
      }),
    ).toMatchObject({
      status: 400,
      body: { error: "could not parse request body" },
    });
  });
});

describe("Idempotency-Key", () => {
  const create = (key: string, name = "once", path = "/api/channels") =>
    call(channels.POST, {
      method: "POST",
      key,
      path,
      body: { kind: "email", name, config: { to: "a@example.org" } },
      headers: { "Idempotency-Key": "k1" },
    });

  test("gives the first answer again, also with a slash at the end, and refuses another body", async () => {
    const [first, second] = [await create(world.key), await create(world.key, "once", "/api/channels/")];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    expect(await create(world.key, "other")).toMatchObject({ status: 409, body: { code: "idempotency_conflict" } });
  });

  test("shows a made key to nobody who may not make one, nor to another key of the project", async () => {
    const asks = {
      method: "POST",
      body: { name: "ci", scopes: ["admin"] },
      params: { id: world.project.id },
      headers: { "Idempotency-Key": "k2" },
    };
    const first = await call(keys.POST, { ...asks, key: world.key });
    expect(first.status).toBe(201);
    const lesser = await world.project.key(["ping"]);
    expect(await call(keys.POST, { ...asks, key: lesser })).toMatchObject({ status: 403, body: { code: "forbidden" } });
    const peer = await call(keys.POST, { ...asks, key: await world.project.key(["admin"]) });
    expect(peer.status).toBe(201);
    expect(peer.body).not.toMatchObject({ key: (first.body as { key: string }).key }); // the contract's shape
  });
});

test("a key in the body is accepted by every method that has one", async () => {
  const made = await call(checks.POST, {
    method: "POST",
    body: { key: world.key, name: "to go" },
    params: { version: "v3" },
  });
  const gone = await call(check.DELETE, {
    method: "DELETE",
    body: { key: world.key },
    params: { version: "v3", id: (made.body as { uuid: string }).uuid },
  }); // the contract's shape
  expect([made.status, gone.status]).toEqual([201, 200]);
});
