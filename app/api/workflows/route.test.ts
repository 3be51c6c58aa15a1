import { beforeEach, describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { call } from "@/lib/testing/http";
import { makePerson } from "@/lib/testing/people";
import { makeWorkflow } from "@/lib/testing/workflows";
import { makeWorld, type World } from "@/lib/testing/world";
import * as mute from "./[id]/mute/route";
import * as one from "./[id]/route";
import * as workflows from "./route";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});

type As = { key?: string; headers?: Record<string, string> };
const create = (body: unknown, as: As = { key: world.key }) => call(workflows.POST, { method: "POST", body, ...as });
const get = (id: string, as: As = { key: world.key }) => call(one.GET, { params: { id }, ...as });
const patch = (id: string, body: unknown, as: As = { key: world.key }) =>
  call(one.PATCH, { method: "PATCH", params: { id }, body, ...as });
const remove = (id: string, as: As = { key: world.key }) =>
  call(one.DELETE, { method: "DELETE", params: { id }, ...as });
const stored = async () =>
  (await pool().query("SELECT id FROM workflows WHERE project_id = $1", [world.project.id])).rows;

const STATIC = { kind: "static", name: "Nightly", stages: [{ name: "Fetch" }, { name: "Train", timeout_seconds: 60 }] };

test("a workflow is made, listed, changed, muted and deleted", async () => {
  const made = await create(STATIC);
  expect(made.status).toBe(201);
  const { id } = made.body as { id: string }; // the contract's shape
  expect(made.body).toMatchObject({ kind: "static", version: 1, url: `http://pulsetrail.test/shk/${id}` });
  expect((await call(workflows.GET, { key: world.key, path: "/?q=night" })).body).toEqual({
    workflows: [made.body],
    next_cursor: null,
  });
  expect((await patch(id, { name: "Daily" })).body).toMatchObject({ id, name: "Daily", version: 1 });
  const until = new Date(Date.now() + 60_000).toISOString();
  const muted = await call(mute.POST, { method: "POST", key: world.key, params: { id }, body: { until } });
  expect(muted.body).toMatchObject({ id, muted_until: until });
  expect((await get(id)).body).toMatchObject({ name: "Daily", muted_until: until });
  expect((await remove(id)).status).toBe(204);
  expect((await get(id)).status).toBe(404);
});

test("the same Idempotency-Key gives the first answer again, and a taken id is a conflict", async () => {
  const body = { kind: "dynamic", name: "ML", id: "ml_pipeline" };
  const as = { headers: { "X-Api-Key": world.key, "Idempotency-Key": "once" } };
  const first = await create(body, as);
  expect(first.status).toBe(201);
  expect((await create(body, as)).body).toEqual(first.body);
  expect(await create({ ...body, name: "Other" }, as)).toMatchObject({
    status: 409,
    body: { code: "idempotency_conflict" },
  });
  expect(await create(body)).toMatchObject({ status: 409, body: { code: "conflict" } });
  expect(await stored()).toHaveLength(1);
});

describe("bad input is refused beside its field", () => {
  const stages = (count: number) => Array.from({ length: count }, () => ({ name: "x" }));
  const stage = (more: object) => ({ ...STATIC, stages: [{ name: "a" }, { name: "b" }, { name: "c", ...more }] });
  const CASES: [string, unknown, string][] = [
    ["no body", undefined, "kind"],
    ["a kind that is none", { ...STATIC, kind: "x" }, "kind"],
    ["no name", { ...STATIC, name: undefined }, "name"],
    ["a blank name", { ...STATIC, name: " " }, "name"],
    ["a long name", { ...STATIC, name: "x".repeat(201) }, "name"],
    ["a name with NUL", { ...STATIC, name: "a\0b" }, "name"],
    ["another mode", { ...STATIC, validation_mode: "lax" }, "validation_mode"],
    ["agents that are no truth", { ...STATIC, strict_agents: "yes" }, "strict_agents"],
    ["a grace of nothing", { ...STATIC, grace_period_seconds: 0 }, "grace_period_seconds"],
    ["half a second", { ...STATIC, grace_period_seconds: 1.5 }, "grace_period_seconds"],
    ["more than a year", { ...STATIC, instance_timeout_seconds: 31_536_001 }, "instance_timeout_seconds"],
    ["no stages", { ...STATIC, stages: undefined }, "stages"],
    ["none of them", { ...STATIC, stages: [] }, "stages"],
    ["201 stages", { ...STATIC, stages: stages(201) }, "stages"],
    ["stages that are no list", { ...STATIC, stages: "Fetch" }, "stages"],
    ["a wrong timeout", stage({ timeout_seconds: "soon" }), "stages.2.timeout_seconds"],
    ["a negative timeout", stage({ timeout_seconds: -1 }), "stages.2.timeout_seconds"],
    ["a stage without a name", stage({ name: "" }), "stages.2.name"],
    ["a stage with NUL", stage({ name: "\0" }), "stages.2.name"],
    ["a field too many in a stage", stage({ agent: "x" }), "stages.2.agent"],
    ["a field too many", { ...STATIC, color: "red" }, "color"],
    ["an id of a static one", { ...STATIC, id: "mine" }, "id"],
    ["channels that are none", { ...STATIC, channels: ["mail"] }, "channels.0"],
    ["channels that are no list", { ...STATIC, channels: "*" }, "channels"],
    ["stages of a dynamic one", { kind: "dynamic", name: "x", stages: [{ name: "a" }] }, "stages"],
    ["an id with a slash", { kind: "dynamic", name: "x", id: "a/b" }, "id"],
    ["an id with NUL", { kind: "dynamic", name: "x", id: "a\0" }, "id"],
    ["an id of our form", { kind: "dynamic", name: "x", id: `swf${"0".repeat(16)}` }, "id"],
  ];

  test.each(CASES)("%s", async (_what, body, name) => {
    const answer = await create(body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: "invalid_input" });
    const { invalid_params } = answer.body as { invalid_params: { name: string }[] }; // the contract's shape
    expect(invalid_params.map((param) => param.name)).toContain(name);
    expect(await stored()).toEqual([]);
  });

  test("all that is wrong is named at once, also in a change", async () => {
    const { id } = (await create(STATIC)).body as { id: string }; // the contract's shape
    const answer = await patch(id, { name: "", strict_agents: 1, stages: stages(201), kind: "dynamic" });
    const { invalid_params } = answer.body as { invalid_params: { name: string }[] }; // the contract's shape
    expect(invalid_params.map(({ name }) => name).sort()).toEqual(["kind", "name", "stages", "strict_agents"]);
  });

  test.each(["limit=0", "limit=101", "limit=x", "cursor=x"])("?%s", async (query) => {
    expect((await call(workflows.GET, { key: world.key, path: `/?${query}` })).status).toBe(400);
  });
});

test("200 stages are not too many", async () => {
  const answer = await create({ ...STATIC, stages: Array.from({ length: 200 }, (_, at) => ({ name: `Stage ${at}` })) });
  expect(answer.status).toBe(201);
});

test("a viewer reads and does not write, and a key that only pings does neither", async () => {
  const id = await makeWorkflow(world.project.id);
  const viewer = await makePerson({ memberships: { [world.project.id]: "viewer" } });
  const pings = { key: await world.project.key(["ping"]) };
  const reads = { key: await world.project.key(["read"]) };
  const sees = { headers: viewer.headers(world.project.id) };
  expect((await get(id, sees)).status).toBe(200);
  expect((await get(id, reads)).status).toBe(200);
  expect((await call(workflows.GET, sees)).status).toBe(200);
  expect((await get(id, pings)).status).toBe(403);
  expect((await call(workflows.GET, pings)).status).toBe(403);
  for (const as of [sees, pings, reads]) {
    expect((await create(STATIC, as)).status).toBe(403);
    expect((await patch(id, { name: "x" }, as)).status).toBe(403);
    expect((await remove(id, as)).status).toBe(403);
  }
  expect((await get(id, {})).status).toBe(401);
});

test("another project's is forbidden to keys where the id is ours, else not there", async () => {
  const id = await makeWorkflow(world.project.id);
  await makeWorkflow(world.project.id, { id: "slug" });
  const charlie = await makePerson({ memberships: { [world.foreign.id]: "owner" } });
  const key = { key: world.foreignKey };
  const person = { headers: charlie.headers(world.foreign.id) };
  const asked: [string, As, number][] = [
    [id, key, 403],
    ["slug", key, 404],
    [id, person, 404],
    ["slug", person, 404],
  ];
  for (const [name, as, status] of asked) {
    expect((await get(name, as)).status).toBe(status);
    expect((await patch(name, { name: "x" }, as)).status).toBe(status);
    expect((await remove(name, as)).status).toBe(status);
  }
  expect((await call(workflows.GET, key)).body).toEqual({ workflows: [], next_cursor: null });
  expect(await stored()).toHaveLength(2);
});
