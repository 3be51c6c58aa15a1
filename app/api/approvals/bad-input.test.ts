import { beforeAll, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { ask, storedApproval } from "@/lib/testing/approvals";
import { call } from "@/lib/testing/http";
import { makePerson } from "@/lib/testing/people";
import { makeWorkflow, staticRules } from "@/lib/testing/workflows";
import { makeWorld, type World } from "@/lib/testing/world";
import * as claim from "./[id]/claim/route";
import * as decision from "./[id]/decision/route";
import * as one from "./[id]/route";
import * as all from "./route";
import * as stats from "./stats/route";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

const create = (body: unknown) => call(all.POST, { method: "POST", key: world.key, body });
const count = async (): Promise<unknown> =>
  (await pool().query("SELECT count(*) FROM approvals WHERE project_id = $1", [world.project.id])).rows;
const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);

const SECONDS = "must be a whole number from 1 to 86400";
const context = "Publish it";

test.each<[string, unknown, string, string]>([
  ["no context", {}, "context", "is required"],
  ["an empty context", { context: "" }, "context", "must not be empty"],
  ["a blank context", { context: " \n" }, "context", "must not be empty"],
  ["11,000 characters", { context: "a".repeat(11_000) }, "context", "must have at most 10000 characters"],
  ["10,001 characters", { context: "😀".repeat(10_001) }, "context", "must have at most 10000 characters"],
  ["a number as context", { context: 5 }, "context", "is required"],
  ["NUL in the context", { context: "a\0b" }, "context", "must be text without NUL"],
  ["half a character", { context: "a\ud800" }, "context", "must be text without NUL"],
  ["timeout 0", { context, timeout_seconds: 0 }, "timeout_seconds", SECONDS],
  ["timeout -1", { context, timeout_seconds: -1 }, "timeout_seconds", SECONDS],
  ["timeout 86401", { context, timeout_seconds: 86_401 }, "timeout_seconds", SECONDS],
  ["timeout 5m", { context, timeout_seconds: "5m" }, "timeout_seconds", SECONDS],
  ["timeout 1.5", { context, timeout_seconds: 1.5 }, "timeout_seconds", SECONDS],
  ["timeout 1e400", '{"context":"a","timeout_seconds":1e400}', "timeout_seconds", SECONDS],
  ["an unknown action at expiry", { context, timeout_action: "explode" }, "timeout_action", "must be approve or deny"],
  ["an unknown risk", { context, risk: "huge" }, "risk", "must be low, medium or high"],
  ["nobody is needed", { context, need: 0 }, "need", "must be a whole number from 1 to 20"],
  ["everybody is needed", { context, need: 21 }, "need", "must be a whole number from 1 to 20"],
  ["approvers as text", { context, approvers: "a@b.c" }, "approvers", "must be a list of e-mail addresses"],
  ["no approvers", { context, approvers: [] }, "approvers", "must name at least one person"],
  [
    "an unknown approver",
    { context, approvers: ["x@example.com"] },
    "approvers.0",
    "is nobody who may approve in this project",
  ],
  [
    "no URL",
    { context, callback_url: "nope" },
    "callback_url",
    "must be an http or https URL without user name and password",
  ],
  [
    "a file",
    { context, callback_url: "file:///etc/passwd" },
    "callback_url",
    "must be an http or https URL without user name and password",
  ],
  ["a private address", { context, callback_url: "http://10.0.0.8/hook" }, "callback_url", "address not allowed"],
  [
    "the metadata service",
    { context, callback_url: "http://169.254.169.254/latest" },
    "callback_url",
    "address not allowed",
  ],
  [
    "a private address in disguise",
    { context, callback_url: "http://[::ffff:10.0.0.8]/hook" },
    "callback_url",
    "address not allowed",
  ],
  [
    "this machine by its name",
    { context, callback_url: "http://localhost:5432/" },
    "callback_url",
    "address not allowed",
  ],
  ["an empty action", { context, action: "" }, "action", "must not be empty"],
  ["NUL deep in args", { context, args: { a: [{ "b\0": 1 }] } }, "args", "must hold no NUL"],
  [
    "a number that becomes another",
    '{"context":"a","args":{"account":9007199254740993}}',
    "args",
    "must hold no integers beyond 2^53 - 1: send them as text",
  ],
  ["too much in args", { context, args: "a".repeat(100_001) }, "args", "must have at most 100000 characters as JSON"],
  ["metadata that is a list", { context, metadata: [1] }, "metadata", "must be an object"],
  [
    "an unknown instance",
    { context, instance_id: "s0000000000000000" },
    "instance_id",
    "is no instance of this project",
  ],
  ["an instance that cannot be", { context, instance_id: "a b" }, "instance_id", "must be the id of an instance"],
  [
    "a stage in words",
    { context, stage_path: "deploy" },
    "stage_path",
    "must be numbers with dots between them, such as 2 or 2.1",
  ],
])("%s", async (_, body, name, reason) => {
  const before = await count();
  const refused = await create(body);
  expect(refused.status).toBe(400);
  expect(refused.body).toMatchObject({ code: "invalid_input", invalid_params: [{ name, reason }] });
  expect(await count()).toEqual(before);
});

test("bodies that are no request at all", async () => {
  for (const body of ["{", "[]", '"text"', "7"]) expect((await create(body)).status).toBe(400);
  expect(await create({ context, args: deep(300) })).toMatchObject({ status: 400, body: { code: "invalid_json" } });
  expect(await create({ context, args: "a".repeat(1_100_000) })).toMatchObject({
    status: 413,
    body: { code: "payload_too_large" },
  });
  expect((await create({ context: "😀".repeat(10_000), args: deep(150) })).status).toBe(201);
});

test("whatever a member is called, it is shown and digested", async () => {
  const { body } = await create('{"context":"a","args":{"__proto__":{"cents":1},"x":1}}');
  const { approval_id: id, action_digest: digest } = body as { approval_id: string; action_digest: string }; // documented so
  const plain = (await create({ context, args: { x: 1 } })).body as { action_digest: string };
  expect(digest).not.toBe(plain.action_digest);
  const shown = await call(one.GET, { key: world.key, params: { id } });
  expect(shown.text).toContain('"__proto__":{"cents":1}');
});

test("who asked is the only one named, of high risk", async () => {
  const ann = await makePerson({ memberships: { [world.project.id]: "owner" } });
  const body = { context, risk: "high", approvers: [ann.email] };
  const refused = await call(all.POST, { method: "POST", headers: ann.headers(world.project.id), body });
  expect(refused).toMatchObject({ status: 400, body: { invalid_params: [{ name: "need" }] } });
  expect((await create(body)).status).toBe(201);
});

test("an approver who may only look, and more voices than there are people", async () => {
  const viewer = await makePerson({ memberships: { [world.project.id]: "viewer" } });
  const ann = await makePerson({ memberships: { [world.project.id]: "member" } });
  const stranger = await makePerson({ memberships: { [world.foreign.id]: "owner" } });
  expect(await create({ context, approvers: [ann.email, viewer.email] })).toMatchObject({
    body: { invalid_params: [{ name: "approvers.1" }] },
  });
  expect(await create({ context, approvers: [stranger.email] })).toMatchObject({
    body: { invalid_params: [{ name: "approvers.0" }] },
  });
  expect(await create({ context, approvers: [ann.email, ann.email], need: 2 })).toMatchObject({
    body: { invalid_params: [{ name: "need", reason: "must be at most the number of approvers who may decide it" }] },
  });
});

test("an instance of another project", async () => {
  const workflow = await makeWorkflow(world.foreign.id, { rules: staticRules(2) });
  await pool().query(
    `INSERT INTO instances (project_id, workflow_id, id, seq, version, started_at, last_signal_at, progress_at)
     VALUES ($1, $2, $3, 1, 1, now(), now(), now())`,
    [world.foreign.id, workflow, `s${workflow.slice(3)}`],
  );
  expect(await create({ context, instance_id: `s${workflow.slice(3)}` })).toMatchObject({
    status: 403,
    body: { code: "forbidden" },
  });
});

test("decisions, claims and questions that say nothing", async () => {
  const id = await ask(world.project);
  const before = await storedApproval(id);
  const say = (body: unknown) => call(decision.POST, { method: "POST", key: world.key, params: { id }, body });
  for (const [body, name] of [
    [{}, "decision"],
    [{ decision: "maybe" }, "decision"],
    [{ decision: "approve", notes: 5 }, "notes"],
    [{ decision: "approve", notes: "a".repeat(2001) }, "notes"],
    [{ decision: "approve", notes: "\0" }, "notes"],
  ] as const) {
    expect(await say(body)).toMatchObject({ status: 400, body: { invalid_params: [{ name }] } });
  }
  expect(
    (await call(claim.POST, { method: "POST", key: world.key, params: { id }, body: { action_digest: 5 } })).status,
  ).toBe(400);
  for (const wait of ["-1", "61", "soon"]) {
    expect((await call(one.GET, { key: world.key, params: { id }, path: `/?wait=${wait}` })).status).toBe(400);
  }
  for (const query of [
    "status=open",
    "risk=x",
    "limit=0",
    "cursor=abc",
    "cursor=WyJhIiwxXQ",
    "cursor=WzFlMzAwLCJhIl0",
    "cursor=Wy05MDAwMDAwMDAwMDAwMDAsImFwcl8xIl0",
    "cursor=WzEsImFcdTAwMDBiIl0",
  ]) {
    expect((await call(all.GET, { key: world.key, path: `/?${query}` })).status).toBe(400);
  }
  for (const days of ["0", "367", "x"])
    expect((await call(stats.GET, { key: world.key, path: `/?days=${days}` })).status).toBe(400);
  for (const wrong of ["apr_", "apr_A", "1", "apr_%00", "x".repeat(500)]) {
    expect((await call(one.GET, { key: world.key, params: { id: wrong } })).status).toBe(404);
  }
  expect(await call(one.DELETE, { method: "DELETE", key: world.key, params: { id } })).toMatchObject({ status: 405 });
  expect(await storedApproval(id)).toEqual(before);
});
