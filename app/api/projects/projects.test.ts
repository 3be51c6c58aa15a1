import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { findCaller } from "@/lib/auth/api-keys";
import type { Scope } from "@/lib/auth/caller";
import { isUuid, sha256 } from "@/lib/core/ids";
import { prisma } from "@/lib/db/client";
import { call } from "@/lib/testing/http";
import { makeWorld, type World } from "@/lib/testing/world";
import * as rotateRoute from "./[id]/keys/[keyId]/rotate/route";
import * as keyRoute from "./[id]/keys/[keyId]/route";
import * as keysRoute from "./[id]/keys/route";
import * as projectRoute from "./[id]/route";
import * as projectsRoute from "./route";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});

type Asked = {
  key?: string;
  id?: string;
  keyId?: string;
  body?: unknown;
  path?: string;
  headers?: Record<string, string>;
};
type Routes = {
  GET: typeof projectRoute.GET;
  POST: typeof projectRoute.POST;
  PATCH: typeof projectRoute.PATCH;
  DELETE: typeof projectRoute.DELETE;
};

function ask(
  routes: Routes,
  method: keyof Routes,
  { key = world.key, id = world.project.id, keyId = "", ...rest }: Asked = {},
) {
  return call(routes[method], { method, key, params: { id, keyId }, ...rest });
}

const code = (answer: { body: unknown }) => (answer.body as { code: string }).code;

async function makeKey(scopes: Scope[], more: object = {}): Promise<{ id: string; key: string }> {
  const answer = await ask(keysRoute, "POST", { body: { name: "k", scopes, ...more } });
  expect(answer.status).toBe(201);
  return answer.body as { id: string; key: string };
}

async function idOf(key: string): Promise<string> {
  return (await prisma().apiKey.findFirstOrThrow({ where: { hash: new Uint8Array(sha256(key)) } })).id;
}

describe("projects", () => {
  test("a new one comes with a key that can do everything in it and nothing elsewhere", async () => {
    const made = await ask(projectsRoute, "POST", { body: { name: " Nightly ", time_zone: "Europe/Kiev" } });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: expect.any(String),
      name: "Nightly",
      time_zone: "Europe/Kyiv",
      ping_key: expect.stringMatching(/^[0-9A-Za-z]{22}$/),
      webhook_secret: expect.stringMatching(/^whsec_/),
      created_at: expect.stringMatching(/Z$/),
      api_key: expect.stringMatching(/^pt_[0-9A-Za-z]{40}$/),
    });
    const { id, api_key: key } = made.body as { id: string; api_key: string };
    expect((await findCaller(key))?.scopes).toEqual(new Set(["ping", "read", "write", "approve", "admin"]));
    expect((await ask(projectRoute, "GET", { id, key })).status).toBe(200);
    expect((await ask(projectRoute, "GET", { id })).status).toBe(403);
    expect((await ask(projectRoute, "GET", { key })).status).toBe(403);
    expect(await prisma().auditEntry.findFirst({ where: { projectId: id } })).toMatchObject({
      action: "project.create",
      subjectId: id,
    });
  });

  test.each([
    [{}, "name"],
    [{ name: " " }, "name"],
    [{ name: "x".repeat(101) }, "name"],
    [{ name: "a\0b" }, "name"],
    [{ name: "a\r\nBcc: x" }, "name"],
    [{ name: null }, "name"],
    [{ name: "a", time_zone: "Mars/Base" }, "time_zone"],
    [{ name: "a", time_zone: null }, "time_zone"],
  ])("%j is refused for its %s", async (body, field) => {
    const refused = await ask(projectsRoute, "POST", { body });
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({ code: "invalid_input", invalid_params: [{ name: field }] });
  });

  test("who may read what", async () => {
    const secrets = async (scopes: Scope[]) => {
      const answer = await ask(projectRoute, "GET", { key: await world.project.key(scopes) });
      return [answer.status, ["ping_key", "webhook_secret"].filter((field) => field in (answer.body as object))];
    };
    expect(await secrets(["read"])).toEqual([200, []]);
    expect(await secrets(["write"])).toEqual([200, ["ping_key"]]);
    expect(await secrets(["admin"])).toEqual([200, ["ping_key", "webhook_secret"]]);
    expect((await secrets(["ping", "approve"]))[0]).toBe(403);
    const listed = await ask(projectsRoute, "GET", { key: await world.project.key(["read"]) });
    expect(listed.body).toMatchObject({ projects: [{ id: world.project.id }], next_cursor: null });
  });

  test("a change changes what it names", async () => {
    expect((await ask(projectRoute, "PATCH", { body: { name: "New" } })).body).toMatchObject({
      name: "New",
      time_zone: "UTC",
    });
    expect((await ask(projectRoute, "PATCH", { body: { time_zone: "Asia/Tokyo" } })).body).toMatchObject({
      name: "New",
      time_zone: "Asia/Tokyo",
    });
    expect((await ask(projectRoute, "PATCH", { body: { name: 1 } })).status).toBe(400);
  });

  test("an Idempotency-Key makes one project however often it is sent", async () => {
    const headers = { "Idempotency-Key": "p" };
    const first = await ask(projectsRoute, "POST", { body: { name: "once" }, headers });
    const again = await ask(projectsRoute, "POST", { body: { name: "once" }, headers });
    expect(again.body).toEqual(first.body);
  });
});

describe("keys", () => {
  test("a new one is shown once and kept as a hash", async () => {
    const expiresAt = new Date(Date.now() + 3600_000).toISOString();
    const made = await ask(keysRoute, "POST", {
      body: { name: "ci", scopes: ["ping", "read", "ping"], expires_at: expiresAt },
    });
    const { key, ...rest } = made.body as { key: string; id: string };
    expect(key).toMatch(/^pt_[0-9A-Za-z]{40}$/);
    expect(rest).toEqual({
      id: expect.any(String),
      name: "ci",
      scopes: ["ping", "read"],
      prefix: key.slice(0, 8),
      created_at: expect.any(String),
      expires_at: expiresAt,
      revoked_at: null,
      last_used_at: null,
    });
    expect(isUuid(rest.id)).toBe(true);
    const listed = await ask(keysRoute, "GET");
    expect((listed.body as { keys: object[] }).keys).toContainEqual(rest);
    expect(listed.text).not.toContain(key);
    expect((await findCaller(key))?.projectId).toBe(world.project.id);
  });

  test.each([
    [{ name: "k" }, "scopes"],
    [{ name: "k", scopes: [] }, "scopes"],
    [{ name: "k", scopes: ["root"] }, "scopes.0"],
    [{ name: "k", scopes: "read" }, "scopes"],
    [{ scopes: ["read"] }, "name"],
    [{ name: "a\0", scopes: ["read"] }, "name"],
    [{ name: "k", scopes: ["read"], expires_at: "tomorrow" }, "expires_at"],
    [{ name: "k", scopes: ["read"], expires_at: "2001-01-01T00:00:00Z" }, "expires_at"],
  ])("%j is refused for %s", async (body, field) => {
    const refused = await ask(keysRoute, "POST", { body });
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({ invalid_params: [{ name: field }] });
  });

  test("are listed page by page, oldest first", async () => {
    for (let more = 0; more < 4; more += 1) await makeKey(["read"]);
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const answer = await ask(keysRoute, "GET", { path: `/?limit=2${cursor && `&cursor=${cursor}`}` });
      const page = answer.body as { keys: { id: string }[]; next_cursor: string | null };
      expect(page.keys.length).toBeLessThanOrEqual(2);
      seen.push(...page.keys.map((key) => key.id));
      cursor = page.next_cursor;
    }
    const all = await prisma().apiKey.findMany({
      where: { projectId: world.project.id },
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    });
    expect(seen).toEqual(all.map((key) => key.id));
    for (const query of ["limit=0", "limit=101", "limit=x", "cursor=x", `cursor=${btoa('["x"]')}`]) {
      expect((await ask(keysRoute, "GET", { path: `/?${query}` })).status).toBe(400);
    }
  });

  test("a revoked one is refused from then on", async () => {
    const { id, key } = await makeKey(["read"]);
    expect((await ask(keyRoute, "DELETE", { keyId: id })).status).toBe(204);
    expect((await ask(keyRoute, "DELETE", { keyId: id })).status).toBe(204);
    expect((await ask(projectRoute, "GET", { key })).status).toBe(401);
  });

  test("the last key with admin stays", async () => {
    const own = await idOf(world.key);
    const soon = await world.project.key(["admin"], new Date(Date.now() - 1000));
    const refused = await ask(keyRoute, "DELETE", { keyId: own });
    expect([refused.status, code(refused)]).toEqual([409, "conflict"]);
    expect(soon).toMatch(/^pt_/);
    await makeKey(["admin"]);
    expect((await ask(keyRoute, "DELETE", { keyId: own })).status).toBe(204);
  });

  test("of two admin keys that revoke each other at once, one stays", async () => {
    const other = await makeKey(["admin"]);
    const own = await idOf(world.key);
    await Promise.all([
      ask(keyRoute, "DELETE", { keyId: other.id }),
      ask(keyRoute, "DELETE", { keyId: own, key: other.key }),
    ]);
    const left = await prisma().apiKey.count({
      where: { projectId: world.project.id, scopes: { has: "admin" }, revokedAt: null },
    });
    expect(left).toBe(1);
  });

  test("rotating gives a successor and lets the old one live for the overlap", async () => {
    const old = await makeKey(["read", "ping"]);
    const rotated = await ask(rotateRoute, "POST", { keyId: old.id });
    expect(rotated.status).toBe(201);
    const { key, ...rest } = rotated.body as { key: string };
    expect(rest).toMatchObject({ name: "k", scopes: ["read", "ping"], expires_at: null });
    expect([await findCaller(old.key), await findCaller(key)].map((caller) => caller !== null)).toEqual([true, true]);
    const { expiresAt } = await prisma().apiKey.findUniqueOrThrow({ where: { id: old.id } });
    expect(Math.abs((expiresAt?.getTime() ?? 0) - Date.now() - 86_400_000)).toBeLessThan(60_000);
  });

  test("rotating without overlap ends the old one at once, and an ended one rotates no more", async () => {
    const old = await makeKey(["read"], { expires_at: new Date(Date.now() + 3600_000).toISOString() });
    const rotated = await ask(rotateRoute, "POST", { keyId: old.id, body: { overlap_seconds: 0 } });
    const { expires_at: expires } = rotated.body as { expires_at: string };
    expect(Math.abs(Date.parse(expires) - Date.now() - 3600_000)).toBeLessThan(60_000);
    expect(await findCaller(old.key)).toBeNull();
    expect((await ask(rotateRoute, "POST", { keyId: old.id })).status).toBe(409);
    for (const seconds of [-1, 604_801, 1.5, "60"]) {
      expect((await ask(rotateRoute, "POST", { keyId: old.id, body: { overlap_seconds: seconds } })).status).toBe(400);
    }
  });

  test("an overlap never lengthens the life of the old one", async () => {
    const soon = new Date(Date.now() + 60_000).toISOString();
    const old = await makeKey(["read"], { expires_at: soon });
    await ask(rotateRoute, "POST", { keyId: old.id });
    const { expiresAt } = await prisma().apiKey.findUniqueOrThrow({ where: { id: old.id } });
    expect(expiresAt?.toISOString()).toBe(soon);
  });
});

/** Every endpoint that names a project, with a body that would do. */
const ENDPOINTS = [
  ["GET", projectRoute, {}],
  ["PATCH", projectRoute, { body: { name: "Charlie's" } }],
  ["GET", keysRoute, {}],
  ["POST", keysRoute, { body: { name: "k", scopes: ["read"] } }],
  ["DELETE", keyRoute, {}],
  ["POST", rotateRoute, { body: {} }],
] as const;

describe.each(ENDPOINTS)("%s %#", (method, routes, more) => {
  test("gives Charlie nothing, and changes nothing for Charlie", async () => {
    const keyId = await idOf(world.key);
    const before = await prisma().project.findUniqueOrThrow({
      where: { id: world.project.id },
      include: { apiKeys: { select: { id: true, revokedAt: true, expiresAt: true } } },
    });
    const refused = await ask(routes, method, { ...more, key: world.foreignKey, keyId });
    expect([refused.status, code(refused)]).toEqual([403, "forbidden"]);
    // Nor does a key of Alice reach into the project of Charlie by the path of Charlie.
    if (method !== "GET") {
      const mixed = await ask(routes, method, { ...more, key: world.foreignKey, id: world.foreign.id, keyId });
      if (routes === keyRoute || routes === rotateRoute) expect(mixed.status).toBe(403);
    }
    const after = await prisma().project.findUniqueOrThrow({
      where: { id: world.project.id },
      include: { apiKeys: { select: { id: true, revokedAt: true, expiresAt: true } } },
    });
    expect(after).toEqual(before);
  });

  test("knows no project that does not exist", async () => {
    for (const id of [randomUUID(), "nonsense"])
      expect((await ask(routes, method, { ...more, id, keyId: randomUUID() })).status).toBe(404);
    if (routes === keyRoute || routes === rotateRoute)
      expect((await ask(routes, method, { ...more, keyId: randomUUID() })).status).toBe(404);
  });

  test("needs a key with the scope", async () => {
    expect((await call(routes[method], { method, params: { id: world.project.id, keyId: randomUUID() } })).status).toBe(
      401,
    );
    const key = await world.project.key(
      routes === projectRoute && method === "GET" ? ["ping", "approve"] : ["write", "approve"],
    );
    expect((await ask(routes, method, { ...more, key, keyId: randomUUID() })).status).toBe(403);
  });
});
