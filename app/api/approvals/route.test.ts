import { beforeAll, describe, expect, test } from "vitest";
import type { Approval } from "@/lib/approvals/schema";
import { ask, runOut, storedApproval } from "@/lib/testing/approvals";
import { call } from "@/lib/testing/http";
import { makePerson } from "@/lib/testing/people";
import { makeWorld, type World } from "@/lib/testing/world";
import * as cancel from "./[id]/cancel/route";
import * as claim from "./[id]/claim/route";
import * as decision from "./[id]/decision/route";
import * as events from "./[id]/events/route";
import * as one from "./[id]/route";
import * as view from "./[id]/view/route";
import * as all from "./route";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

type More = { key?: string; body?: unknown; headers?: Record<string, string> };
const POSTS = { cancel, claim, decision, view };
const post = (verb: keyof typeof POSTS, id: string, more: More = {}) =>
  call(POSTS[verb].POST, {
    method: "POST",
    params: { id },
    ...(more.headers === undefined && { key: world.key }),
    ...more,
  });
const decide = (id: string, verdict: "approve" | "deny", more: More = {}) =>
  post("decision", id, { body: { decision: verdict }, ...more });
const create = (body: unknown, more: More = {}) => call(all.POST, { method: "POST", key: world.key, body, ...more });
const get = (id: string, key = world.key) => call(one.GET, { key, params: { id } });
const trail = async (id: string) =>
  ((await call(events.GET, { key: world.key, params: { id } })).body as { events: object[] }).events; // documented so

describe("the samples of the reference", () => {
  test("create, poll, decide, poll", async () => {
    const created = await create({
      context: "Publish blog post: Q4 Earnings Report (1,500 words)",
      timeout_seconds: 300,
      timeout_action: "deny",
    });
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      approval_id: expect.stringMatching(/^apr_[0-9a-z]{16}$/),
      status: "pending",
      result: null,
      expires_at: expect.stringMatching(/Z$/),
      action_digest: null,
      review_url: expect.stringMatching(/\/projects\/[0-9a-f-]+\/approvals\/apr_/),
    });
    const id = (created.body as Approval).approval_id; // as asserted above
    const pending = (await get(id)).body as Approval; // documented so
    expect(pending).toMatchObject({ approval_id: id, status: "pending", result: null });
    expect(pending.seconds_remaining).toBeGreaterThan(290);
    expect(pending.seconds_remaining).toBeLessThanOrEqual(300);
    expect(pending).not.toHaveProperty("decided_by");
    const bob = await makePerson({ memberships: { [world.project.id]: "member" } });
    const decided = await post("decision", id, {
      headers: bob.headers(world.project.id),
      body: { decision: "approve", notes: " Looks good, proceed! " },
    });
    expect(decided.status).toBe(200);
    const after = await get(id);
    expect(after.body).toEqual(decided.body);
    expect(after.body).toMatchObject({
      approval_id: id,
      status: "approved",
      result: 1,
      notes: "Looks good, proceed!",
      decided_by: bob.email,
    });
    expect(after.body).not.toHaveProperty("seconds_remaining");
  });

  test("a denial is 0, and so is what was cancelled", async () => {
    const [denied, cancelled] = [await ask(world.project), await ask(world.project)];
    expect((await decide(denied, "deny")).body).toMatchObject({ status: "denied", result: 0, notes: null });
    expect((await post("cancel", cancelled)).body).toMatchObject({
      status: "cancelled",
      result: 0,
      decided_by: "key:test",
    });
  });

  test("time decides as it was told, also before anything has swept", async () => {
    const [id, other] = [await ask(world.project), await ask(world.project, { timeout_action: "approve" })];
    await Promise.all([runOut(id), runOut(other)]);
    expect((await get(id)).body).toMatchObject({ status: "pending", seconds_remaining: 0 });
    const late = await decide(id, "approve");
    expect(late.status).toBe(409);
    expect(late.body).toMatchObject({
      code: "already_decided",
      approval: { status: "denied", result: 0, decided_by: "timeout" },
    });
    const { body } = await get(id);
    const { decided_at, expires_at } = body as Approval; // documented so
    expect(body).toMatchObject({ status: "denied", result: 0, decided_by: "timeout" });
    expect(decided_at).toBe(expires_at);
    expect((await post("claim", other, { body: {} })).status).toBe(200);
    expect((await get(other)).body).toMatchObject({ status: "approved", result: 1, decided_by: "timeout" });
  });
});

describe("several voices", () => {
  test("as many as are needed, each once, and one denial is enough", async () => {
    const people = await Promise.all(
      [1, 2, 3].map(() => makePerson({ memberships: { [world.project.id]: "member" } })),
    );
    const as = (index: number): More => ({ headers: people[index]?.headers(world.project.id) ?? {} });
    const id = await ask(world.project, { need: 2 });
    expect((await decide(id, "approve", as(0))).body).toMatchObject({
      status: "pending",
      votes: [{ decision: "approve" }],
    });
    expect(await decide(id, "deny", as(0))).toMatchObject({
      status: 409,
      body: { code: "already_voted", approval: { status: "pending" } },
    });
    expect((await decide(id, "approve", as(1))).body).toMatchObject({
      status: "approved",
      decided_by: people[1]?.email,
    });
    expect(await decide(id, "deny", as(2))).toMatchObject({
      status: 409,
      body: { code: "already_decided", approval: { result: 1 } },
    });
    const other = await ask(world.project, { need: 3 });
    await decide(other, "approve", as(0));
    expect((await decide(other, "deny", as(1))).body).toMatchObject({ status: "denied", result: 0 });
    expect(
      (await trail(id)).map((entry) => ("kind" in entry ? entry.kind : "")).filter((kind) => kind !== "notified"),
    ).toEqual(["requested", "voted", "voted", "decided"]);
  });

  test("only those who are named, whoever else may approve", async () => {
    const ann = await makePerson({ memberships: { [world.project.id]: "member" } });
    const eve = await makePerson({ memberships: { [world.project.id]: "owner" } });
    const { body } = await create({ context: "Pay", approvers: [ann.email.toUpperCase()] });
    const id = (body as Approval).approval_id; // documented so
    expect((await get(id)).body).toMatchObject({ approvers: [ann.email] });
    for (const other of [{}, { headers: eve.headers(world.project.id) }]) {
      expect(await decide(id, "approve", other)).toMatchObject({ status: 403, body: { code: "not_an_approver" } });
    }
    expect((await get(id)).body).toMatchObject({ status: "pending", votes: [] });
    expect((await decide(id, "approve", { headers: ann.headers(world.project.id) })).status).toBe(200);
  });
});

describe("who may not", () => {
  test("a viewer, a key without the scope, another project, and of high risk who asked", async () => {
    const id = await ask(world.project);
    const before = await storedApproval(id);
    const viewer = await makePerson({ memberships: { [world.project.id]: "viewer" } });
    const stranger = await makePerson({ memberships: { [world.foreign.id]: "owner" } });
    const weak = await world.project.key(["write"]);
    const tries: [More, number, string][] = [
      [{ headers: viewer.headers(world.project.id) }, 403, "forbidden"],
      [{ key: weak }, 403, "forbidden"],
      [{ key: world.foreignKey }, 403, "forbidden"],
      [{ headers: stranger.headers(world.foreign.id) }, 404, "not_found"],
      [{ key: "pt_unknown" }, 401, "unauthenticated"],
    ];
    for (const [more, status, code] of tries) {
      expect(await decide(id, "approve", more)).toMatchObject({ status, body: { code } });
      expect(await post("cancel", id, { ...more, ...(more.key === weak && { key: world.foreignKey }) })).toMatchObject({
        status: more.key === weak ? 403 : status,
      });
    }
    expect(await storedApproval(id)).toEqual(before);
    expect(await get(id, world.foreignKey)).toMatchObject({ status: 403, body: { code: "forbidden" } });
    expect(await get("apr_0000000000000000")).toMatchObject({ status: 404 });
  });

  test("of high risk neither the key nor the person that asked", async () => {
    const { body } = await create({ context: "Drop the table", risk: "high" });
    const id = (body as Approval).approval_id; // documented so
    expect(await decide(id, "approve")).toMatchObject({ status: 403, body: { code: "own_request" } });
    expect((await decide(id, "approve", { key: await world.project.key(["approve"]) })).status).toBe(200);
    const ann = await makePerson({ memberships: { [world.project.id]: "owner" } });
    const asAnn = { headers: ann.headers(world.project.id) };
    const hers = await call(all.POST, { method: "POST", body: { context: "Mine", risk: "high" }, ...asAnn });
    expect(await decide((hers.body as Approval).approval_id, "approve", asAnn)).toMatchObject({
      body: { code: "own_request" },
    });
    const low = await call(all.POST, { method: "POST", body: { context: "Mine", risk: "low" }, ...asAnn });
    expect((await decide((low.body as Approval).approval_id, "approve", asAnn)).status).toBe(200);
  });
});

describe("what was approved is done once", () => {
  const refund = { action: "refund", args: { customer: "c1", cents: 8_200_000 } };

  test("a claim succeeds once, for that digest alone", async () => {
    const { body } = await create({ context: "Refund", ...refund });
    const { approval_id: id, action_digest: digest } = body as Approval; // documented so
    const use = (asked: unknown) => post("claim", id, { body: asked });
    expect(await use({ action_digest: digest })).toMatchObject({ status: 409, body: { code: "not_approved" } });
    await decide(id, "approve");
    const other = await create({ context: "Refund", ...refund, args: { ...refund.args, cents: 82_000_000 } });
    const wrong = (other.body as Approval).action_digest;
    expect(await use({ action_digest: wrong })).toMatchObject({ status: 409, body: { code: "digest_mismatch" } });
    expect(await use({})).toMatchObject({
      status: 400,
      body: { code: "invalid_input", invalid_params: [{ name: "action_digest" }] },
    });
    expect(await use({ action_digest: "abc" })).toMatchObject({ status: 400 });
    const taken = await Promise.all(Array.from({ length: 20 }, () => use({ action_digest: digest })));
    expect(taken.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(
      taken
        .filter(({ status }) => status === 409)
        .every(({ body: said }) => (said as { code: string }).code === "already_claimed"),
    ).toBe(true);
    expect((await get(id)).body).toMatchObject({ claimed_at: expect.any(String), args: refund.args });
  });

  test("the same digest for the same action, whatever else is said of it", async () => {
    const [a, b] = await Promise.all([
      create({ context: "One", ...refund }),
      create({ context: "Two", action: "refund", args: { cents: 8_200_000, customer: "c1" } }),
    ]);
    expect((a.body as Approval).action_digest).toBe((b.body as Approval).action_digest);
  });

  test("a denied one, a cancelled one and one without digest", async () => {
    const [denied, plain] = [await ask(world.project, refund), await ask(world.project)];
    await decide(denied, "deny");
    expect(await post("claim", denied, { body: {} })).toMatchObject({ status: 409, body: { code: "not_approved" } });
    await decide(plain, "approve");
    expect(await post("claim", plain, { body: { action_digest: "0".repeat(64) } })).toMatchObject({
      body: { code: "digest_mismatch" },
    });
    expect((await post("claim", plain, { body: {} })).status).toBe(200);
    expect(await post("claim", plain, { body: {} })).toMatchObject({ status: 409, body: { code: "already_claimed" } });
  });
});

test("approving after it was cancelled changes nothing, and cancelling what is decided neither", async () => {
  const id = await ask(world.project);
  await post("cancel", id);
  const before = await storedApproval(id);
  expect(await decide(id, "approve")).toMatchObject({
    status: 409,
    body: { code: "already_decided", approval: { status: "cancelled" } },
  });
  expect(await post("cancel", id)).toMatchObject({ status: 409 });
  expect(await storedApproval(id)).toEqual(before);
});

test("the same Idempotency-Key asks once, another body is a conflict", async () => {
  const key = crypto.randomUUID();
  const headers = { "Idempotency-Key": key };
  const body = { context: "Once" };
  const [first, again] = [await create(body, { headers }), await create(body, { headers })];
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.body).toEqual(first.body);
  expect(await create({ context: "Twice" }, { headers })).toMatchObject({
    status: 409,
    body: { code: "idempotency_conflict" },
  });
});

test("the trail tells who did what, from where", async () => {
  const ann = await makePerson({ memberships: { [world.project.id]: "owner" } });
  const headers = { ...ann.headers(world.project.id), "X-Forwarded-For": "203.0.113.7", "User-Agent": "Phone" };
  const id = await ask(world.project);
  expect((await post("view", id, { headers })).status).toBe(204);
  await post("decision", id, { headers, body: { decision: "deny", notes: "not today" } });
  const entries = (await trail(id)).filter((entry) => "kind" in entry && entry.kind !== "notified");
  expect(entries).toEqual([
    { kind: "requested", at: expect.any(String), actor: expect.stringMatching(/^key:/), via: "api", details: {} },
    {
      kind: "viewed",
      at: expect.any(String),
      actor: ann.email,
      via: "page",
      details: { address: "203.0.113.7", user_agent: "Phone" },
    },
    {
      kind: "decided",
      at: expect.any(String),
      actor: ann.email,
      via: "page",
      details: { address: "203.0.113.7", user_agent: "Phone", status: "denied", notes: "not today" },
    },
  ]);
  const seen = await call(events.GET, { key: await world.project.key(["read"]), params: { id } });
  expect(seen.text).toContain("not today");
  for (const hidden of ["203.0.113.7", "Phone"]) expect(seen.text).not.toContain(hidden);
  for (let count = 0; count < 120; count += 1) await post("view", id, { headers });
  expect((await trail(id)).filter((entry) => "kind" in entry && entry.kind === "viewed")).toHaveLength(100);
});
