import { beforeAll, describe, expect, test } from "vitest";
import { prisma } from "@/lib/db/client";
import { call } from "@/lib/testing/http";
import { makeWorld, type World } from "@/lib/testing/world";
import { management } from "./management";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

let runs = 0;
const routes = management({
  GET: { scope: "read", handler: async ({ version, params }) => ({ json: { version, params } }) },
  POST: {
    scope: "write",
    creates: true,
    handler: async ({ body }) => {
      runs += 1;
      if (body["fail"] === true) throw new Error("secret detail");
      return { status: 201, json: { run: runs } };
    },
  },
});

const params = { version: "v3" };
const post = (body: unknown, more: object = {}) => call(routes.POST, { method: "POST", params, body, ...more });

describe("methods and CORS", () => {
  const cors = (headers: Headers) =>
    ["origin", "headers", "methods"].map((name) => headers.get(`access-control-allow-${name}`));

  test("OPTIONS answers a preflight", async () => {
    const { status, headers, text } = await call(routes.OPTIONS, { method: "OPTIONS", params });
    expect([status, text]).toEqual([204, ""]);
    expect(cors(headers)).toEqual(["*", "X-Api-Key", "GET, POST, OPTIONS"]);
    expect(headers.get("access-control-max-age")).toBe("600");
  });

  test.each(["HEAD", "PUT", "PATCH", "DELETE"] as const)("%s is not allowed", async (method) => {
    const { status, headers } = await call(routes[method], { method, params, key: world.key });
    expect(status).toBe(405);
    expect(headers.get("allow")).toBe("GET, POST, OPTIONS");
    expect(cors(headers)).toEqual(["*", "X-Api-Key", "GET, POST, OPTIONS"]);
  });

  test("every answer has CORS and the request's id, errors too", async () => {
    const headers = { "X-Request-Id": "my-request-1" };
    for (const key of [world.key, "wrong"]) {
      const answer = await call(routes.GET, { params, key, headers });
      expect(cors(answer.headers)[0]).toBe("*");
      expect(answer.headers.get("x-request-id")).toBe("my-request-1");
    }
    expect((await call(routes.OPTIONS, { method: "OPTIONS", params })).headers.get("x-request-id")).toMatch(
      /^[0-9a-f-]{36}$/,
    );
  });
});

describe("who calls", () => {
  test("a key is taken from all five places", async () => {
    const { key } = world;
    expect((await post({}, { key })).status).toBe(201);
    expect((await post({}, { headers: { Authorization: `Bearer ${key}` } })).status).toBe(201);
    expect((await post({}, { path: `/api/v3/checks?key=${key}` })).status).toBe(201);
    expect((await post({ key })).status).toBe(201);
    expect((await post({ api_key: key })).status).toBe(201);
  });

  test("none, a wrong one, an expired one, a revoked one", async () => {
    const missing = await call(routes.GET, { params });
    expect([missing.status, missing.body]).toEqual([401, { error: "missing api key" }]);
    expect((await call(routes.GET, { params, key: "" })).body).toEqual({ error: "missing api key" });
    const expired = await world.project.key(["write"], new Date(Date.now() - 1000));
    const revoked = await world.project.key(["write"]);
    await prisma().apiKey.updateMany({ where: { prefix: revoked.slice(0, 8) }, data: { revokedAt: new Date() } });
    for (const key of ["nonsense", "\u0000", expired, revoked]) {
      const answer = await post({ api_key: key });
      expect([answer.status, answer.body]).toEqual([401, { error: "wrong api key" }]);
    }
  });

  test("a key without the scope is a wrong key", async () => {
    const [read, ping, admin] = await Promise.all([
      world.project.key(["read"]),
      world.project.key(["ping"]),
      world.project.key(["admin", "approve"]),
    ]);
    expect((await call(routes.GET, { params, key: read })).status).toBe(200);
    for (const key of [read, ping, admin]) expect((await post({}, { key })).body).toEqual({ error: "wrong api key" });
    for (const key of [ping, admin]) expect((await call(routes.GET, { params, key })).status).toBe(401);
  });
});

describe("bodies come before keys", () => {
  test.each([
    ["{", 400, "could not parse request body"],
    ["[]", 400, "json validation error: value is not an object"],
    ['"x"', 400, "json validation error: value is not an object"],
    ["null", 400, "json validation error: value is not an object"],
    ["", 401, "missing api key"],
    ["{}", 401, "missing api key"],
  ])("%j without a key", async (body, status, error) => {
    const answer = await post(body);
    expect([answer.status, answer.body]).toEqual([status, { error }]);
  });

  test("more than 1 MB is too much", async () => {
    const answer = await post({ desc: "x".repeat(1_000_001) });
    expect(answer.status).toBe(413);
    expect(answer.body).toHaveProperty("error");
  });
});

test("versions 1 to 3 exist", async () => {
  for (const version of [1, 2, 3]) {
    const answer = await call(routes.GET, { params: { version: `v${version}`, id: "x" }, key: world.key });
    expect(answer.body).toEqual({ version, params: { version: `v${version}`, id: "x" } });
  }
  for (const version of ["v4", "v0", "3", "v11", "nonsense"]) {
    expect((await call(routes.GET, { params: { version }, key: world.key })).status).toBe(404);
  }
});

test("a failure of ours says nothing of its cause", async () => {
  const answer = await post({ fail: true }, { key: world.key });
  expect([answer.status, answer.body]).toEqual([500, { error: "Something went wrong on our side." }]);
  expect(answer.headers.get("x-request-id")).not.toBeNull();
});

describe("Idempotency-Key", () => {
  const headers = { "Idempotency-Key": "once" };

  test("gives the first answer again, wherever the key came from and with or without a slash", async () => {
    const first = await post({ a: 1 }, { key: world.key, headers, path: "/api/v3/checks" });
    const again = await post({ a: 1, api_key: world.key }, { headers, path: "/api/v3/checks/" });
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    const other = await post({ a: 2 }, { key: world.key, headers, path: "/api/v3/checks" });
    expect(other.status).toBe(409);
    expect(other.body).toEqual({ error: "This Idempotency-Key was used with another body." });
  });

  test("is each project's own", async () => {
    const mine = await post({ b: 1 }, { key: world.key, headers: { "Idempotency-Key": "shared" } });
    const theirs = await post({ b: 1 }, { key: world.foreignKey, headers: { "Idempotency-Key": "shared" } });
    expect(theirs.body).not.toEqual(mine.body);
  });

  test("must have 1 to 255 characters", async () => {
    const answer = await post({}, { key: world.key, headers: { "Idempotency-Key": "x".repeat(256) } });
    expect(answer.status).toBe(400);
  });
});
