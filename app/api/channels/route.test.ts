import { beforeEach, describe, expect, test } from "vitest";
import { prisma } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { call } from "@/lib/testing/http";
import { queue, stored } from "@/lib/testing/outbox";
import { openSink } from "@/lib/testing/sink";
import { makeWorld, type World } from "@/lib/testing/world";
import * as one from "./[id]/route";
import * as trial from "./[id]/test/route";
import * as all from "./route";

let world: World;
let key: string;
beforeEach(async () => {
  world = await makeWorld();
  key = world.key;
});

const url = "http://127.0.0.1:9999/hook";
const secret = `whsec_${Buffer.alloc(32, 3).toString("base64")}`;
const webhook = { kind: "webhook", name: "Hook", config: { url, secret, headers: { Authorization: "Bearer hidden" } } };
const email = { kind: "email", name: "Ops", config: { to: "ops@example.com" } };
const shown = { url, has_secret: true, headers: { Authorization: "********" } };

const post = (body: unknown, headers: Record<string, string> = {}) =>
  call(all.POST, { method: "POST", key, body, headers });
const handlers = { GET: one.GET, PATCH: one.PATCH, DELETE: one.DELETE };
const at = (id: string, method: "GET" | "PATCH" | "DELETE", body?: unknown) =>
  call(handlers[method], { method, key, params: { id }, ...(body !== undefined && { body }) });
const tryOut = (id: string) => call(trial.POST, { method: "POST", key, params: { id } });

async function made(body: unknown): Promise<string> {
  const answer = await post(body);
  expect(answer.status).toBe(201);
  return (answer.body as { id: string }).id; // a created channel has an id
}

const entries = async () => {
  const rows = await prisma().auditEntry.findMany({ where: { projectId: world.project.id }, orderBy: { id: "asc" } });
  return rows.map((row) => [row.action, row.subjectId]);
};

describe("a channel", () => {
  test("is made, shown without its secrets, listed, changed and deleted, and each change is noted", async () => {
    const created = await post(webhook);
    const id = (created.body as { id: string }).id; // a created channel has an id
    expect(created.body).toMatchObject({
      kind: "webhook",
      name: "Hook",
      config: shown,
      events: [],
      enabled: true,
      disabled_reason: null,
    });
    expect((await at(id, "GET")).body).toEqual(created.body);
    expect((await call(all.GET, { key })).body).toEqual({ channels: [created.body], next_cursor: null });
    const changed = await at(id, "PATCH", { name: "New", events: ["check.down"] });
    expect(changed.body).toMatchObject({ id, name: "New", events: ["check.down"], config: shown });
    expect((await at(id, "DELETE")).status).toBe(204);
    expect((await at(id, "GET")).status).toBe(404);
    expect(await entries()).toEqual(["create", "update", "delete"].map((verb) => [`channel.${verb}`, id]));
  });

  test("keeps its config encrypted", async () => {
    const id = await made(webhook);
    const found = await pool().query<{ config: Buffer }>("SELECT config FROM channels WHERE id = $1", [id]);
    expect(found.rows[0]?.config.toString("latin1")).not.toMatch(/hidden|whsec|127/);
  });

  test("keeps what a patch of its config does not name, and what it sends back masked", async () => {
    const sink = await openSink();
    const id = await made(webhook);
    expect(
      (await at(id, "PATCH", { config: { url: sink.url, headers: { Authorization: "********", "X-B": "b" } } })).status,
    ).toBe(200);
    await tryOut(id);
    expect(sink.received[0]?.headers).toMatchObject({ authorization: "Bearer hidden", "x-b": "b" });
    const bare = await at(id, "PATCH", { config: { secret: null, headers: null } });
    expect(bare.body).toMatchObject({ config: { url: sink.url, has_secret: false, headers: {} } });
  });

  test("that is enabled again is forgiven", async () => {
    const id = await made(email);
    await pool().query(
      "UPDATE channels SET enabled = false, disabled_reason = 'gone', failing_since = now() WHERE id = $1",
      [id],
    );
    expect((await at(id, "GET")).body).toMatchObject({ enabled: false, disabled_reason: "gone" });
    expect((await at(id, "PATCH", { enabled: true })).body).toMatchObject({
      enabled: true,
      disabled_reason: null,
      failing_since: null,
    });
  });

  test("whose config cannot be read is still listed, and mended by saving it whole", async () => {
    const id = await made(webhook);
    await pool().query("UPDATE channels SET config = '\\x01' WHERE id = $1", [id]);
    expect(await call(all.GET, { key })).toMatchObject({ status: 200, body: { channels: [{ id, config: {} }] } });
    expect((await at(id, "PATCH", { config: { secret } })).status).toBe(400);
    expect((await at(id, "PATCH", { config: webhook.config })).body).toMatchObject({ config: shown });
  });

  test("takes its waiting deliveries along, and they stay in the log", async () => {
    const id = await made(webhook);
    const [delivery] = await queue(world.project, [id]);
    await at(id, "DELETE");
    expect(await stored(delivery)).toMatchObject({ status: "failed", error: "the channel was deleted", wait_ms: null });
  });
});

describe("bad input", () => {
  test.each([
    [{ ...email, kind: "carrier-pigeon" }, "kind"],
    [{ ...email, config: { to: "a@example.com,b@example.com" } }, "config.to"],
    [{ ...email, config: { to: "a@example.com\r\nBcc: b@example.com" } }, "config.to"],
    [{ ...webhook, config: { url: "http://169.254.169.254/" } }, "config.url"],
    [{ ...webhook, config: { url: "http://10.0.0.1/" } }, "config.url"],
    [{ ...webhook, config: { url, secret: "short" } }, "config.secret"],
    [{ ...webhook, events: ["x"] }, "events.0"],
    [{}, "kind"],
    ["[]", "body"],
  ])("%j is refused for its %s, and nothing is made", async (body, name) => {
    const answer = await post(body);
    expect(answer).toMatchObject({
      status: 400,
      body: { code: "invalid_input", invalid_params: [{ name, reason: expect.any(String) }] },
    });
    expect(await prisma().channel.count({ where: { projectId: world.project.id } })).toBe(0);
    expect(await entries()).toEqual([]);
  });

  test.each([
    [{ config: { url: "nonsense" } }, "config.url"],
    [{ config: { url: "http://192.168.1.1/" } }, "config.url"],
    [{ config: { headers: { Host: "x" } } }, "config.headers.Host"],
    [{ config: "x" }, "config"],
    [{ name: "" }, "name"],
    [{ enabled: "yes" }, "enabled"],
  ])("the patch %j is refused for its %s, and nothing is changed", async (patch, name) => {
    const id = await made(webhook);
    const before = await prisma().channel.findUnique({ where: { id } });
    expect(await at(id, "PATCH", patch)).toMatchObject({ status: 400, body: { invalid_params: [{ name }] } });
    expect(await prisma().channel.findUnique({ where: { id } })).toEqual(before);
  });

  test.each([
    "limit=0",
    "limit=101",
    "limit=x",
    "cursor=x",
    `cursor=${Buffer.from('["x","y"]').toString("base64url")}`,
  ])("?%s is refused", async (query) => {
    expect((await call(all.GET, { key, path: `/?${query}` })).status).toBe(400);
  });

  test.each(["x", "00000000-0000-4000-8000-000000000000"])("the id %s is unknown", async (id) => {
    for (const method of ["GET", "PATCH", "DELETE"] as const)
      expect((await at(id, method, method === "PATCH" ? {} : undefined)).status).toBe(404);
    expect((await tryOut(id)).status).toBe(404);
  });
});

test("the same Idempotency-Key makes one channel", async () => {
  const [first, second] = [
    await post(email, { "Idempotency-Key": "k1" }),
    await post(email, { "Idempotency-Key": "k1" }),
  ];
  expect([first.status, second.status, second.body]).toEqual([201, 201, first.body]);
  expect((await post(webhook, { "Idempotency-Key": "k1" })).status).toBe(409);
  expect(await prisma().channel.count({ where: { projectId: world.project.id } })).toBe(1);
});

test("pages hold every channel once, also those made in the same millisecond", async () => {
  const ids = [await made(email), await made(email), await made(email), await made(email), await made(email)];
  await pool().query(
    "UPDATE channels SET created_at = timestamptz '2026-01-01 00:00:00.000001' + (ctid::text::point)[1] * interval '1 microsecond' WHERE project_id = $1",
    [world.project.id],
  );
  const seen: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const { body } = await call(all.GET, { key, path: `/?limit=2${cursor && `&cursor=${cursor}`}` });
    const page = body as { channels: { id: string }[]; next_cursor: string | null }; // the shape of a list
    seen.push(...page.channels.map((channel) => channel.id));
    cursor = page.next_cursor;
  }
  expect(seen).toHaveLength(5);
  expect(new Set(seen)).toEqual(new Set(ids));
});

describe("a trial", () => {
  test("sends a channel.test at once and shows the receiver's answer", async () => {
    const sink = await openSink({ status: 204 });
    const id = await made({ ...webhook, events: ["check.up"], config: { url: sink.url } });
    const answer = await tryOut(id);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        channel_id: id,
        event: "channel.test",
        status: "sent",
        attempts: 1,
        response_status: 204,
        error: null,
        subject: "TEST: Hook",
      },
    });
    expect(JSON.parse(sink.received[0]?.body ?? "")).toMatchObject({
      type: "channel.test",
      data: { subject: { type: "channel", id } },
    });
    expect((await entries()).at(-1)).toEqual(["channel.test", id]);
  });

  test("is tried once, works on a disabled channel, and does not speak against it", async () => {
    const sink = await openSink({ status: 500, body: "broken" });
    const id = await made({ ...webhook, config: { url: sink.url } });
    await at(id, "PATCH", { enabled: false });
    expect((await tryOut(id)).body).toMatchObject({
      status: "failed",
      response_status: 500,
      error: "HTTP 500: broken",
      next_attempt_at: null,
    });
    expect((await at(id, "GET")).body).toMatchObject({ failing_since: null });
    await pool().query("UPDATE channels SET enabled = true, failing_since = now() - interval '6 days' WHERE id = $1", [
      id,
    ]);
    await tryOut(id);
    expect((await at(id, "GET")).body).toMatchObject({ enabled: true });
  });

  test("of a mail without a mail service keeps the mail where it can be read", async () => {
    const answer = await tryOut(await made(email));
    expect(answer.body).toMatchObject({ status: "sent", response_status: null, error: null, subject: "TEST: Ops" });
    expect(answer.body).toMatchObject({
      message: {
        subject: "TEST: Ops",
        text: expect.stringContaining("This is a test"),
        html: expect.stringContaining("<table"),
      },
    });
  });
});

describe("others", () => {
  test("Charlie gets 403 everywhere and changes nothing", async () => {
    const sink = await openSink();
    const id = await made({ ...webhook, config: { url: sink.url } });
    const before = [await prisma().channel.findUnique({ where: { id } }), await entries()];
    key = world.foreignKey;
    const answers = [
      await at(id, "GET"),
      await at(id, "PATCH", { name: "Mine" }),
      await at(id, "DELETE"),
      await tryOut(id),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([403, 403, 403, 403]);
    expect(answers.map((answer) => answer.text).join("")).not.toContain("Hook");
    expect((await call(all.GET, { key })).body).toEqual({ channels: [], next_cursor: null });
    expect([await prisma().channel.findUnique({ where: { id } }), await entries()]).toEqual(before);
    expect(sink.received).toHaveLength(0);
  });

  test("a key that reads may not write, one that pings may do neither, and none is 401", async () => {
    const id = await made(email);
    key = await world.project.key(["read"]);
    expect((await at(id, "GET")).status).toBe(200);
    const writes = [await post(email), await at(id, "PATCH", {}), await at(id, "DELETE"), await tryOut(id)];
    expect(writes.map((answer) => answer.status)).toEqual([403, 403, 403, 403]);
    key = await world.project.key(["ping"]);
    expect([(await at(id, "GET")).status, (await call(all.GET, { key })).status]).toEqual([403, 403]);
    expect((await call(all.GET)).status).toBe(401);
    expect(await prisma().channel.count({ where: { projectId: world.project.id } })).toBe(1);
  });
});
