import { beforeEach, expect, test } from "vitest";
import * as instance from "@/app/api/instances/[id]/route";
import * as dynamicTree from "@/app/dhk/[workflow]/tree/route";
import * as staticTree from "@/app/shk/[workflow]/tree/route";
import { pool } from "@/lib/db/pool";
import { call } from "@/lib/testing/http";
import { makePerson } from "@/lib/testing/people";
import { makeInstance, makeWorkflow, staticRules } from "@/lib/testing/workflows";
import { makeWorld, type World } from "@/lib/testing/world";
import * as handoffs from "./[id]/handoffs/route";
import * as instances from "./[id]/instances/route";
import * as rejected from "./[id]/rejected-pings/route";

let world: World;
let id: string;
let running: string;
beforeEach(async () => {
  world = await makeWorld();
  id = await makeWorkflow(world.project.id);
  running = await makeInstance(world.project.id, id, { steps: [{ path: "1", stageName: "Ingest", agent: "gpt-4" }] });
});

const HISTORY = { instances, "rejected-pings": rejected, handoffs };
const READS = {
  ...HISTORY,
  instance,
  "dynamic tree": dynamicTree,
  "static tree": staticTree,
};
type Read = keyof typeof READS;
const names = Object.keys(READS) as Read[]; // the keys of a literal
const paramsOf = (name: Read) => ({ id: name === "instance" ? running : id, workflow: id });

test("the history of a workflow has the reference's shape", async () => {
  await makeInstance(world.project.id, id, { status: "failed", startedAt: 0, failureReason: "Stage 3 timeout" });
  const { body } = await call(instances.GET, { key: world.key, params: { id } });
  expect(body).toEqual({
    running_instance: {
      id: running,
      status: "running",
      started_at: expect.stringMatching(/Z$/),
      agent_code: "gpt-4",
      stage_statuses: { "1": { status: "healthy", stage_name: "Ingest", agent_code: "gpt-4" } },
    },
    running_instances: [expect.objectContaining({ id: running })],
    recent_instances: [
      {
        id: expect.any(String),
        status: "failed",
        started_at: "1970-01-01T00:00:00.000Z",
        completed_at: "1970-01-01T00:01:00.000Z",
        failure_reason: "Stage 3 timeout",
        stage_statuses: {},
      },
    ],
    next_cursor: null,
  });
});

test("ten instances are shown unless another number is asked for", async () => {
  for (let more = 0; more < 12; more += 1) {
    await makeInstance(world.project.id, id, { status: "completed", startedAt: more });
  }
  const ask = async (path: string) =>
    (await call(instances.GET, { key: world.key, params: { id }, path })).body as { recent_instances: unknown[] }; // the contract's shape
  expect((await ask("/")).recent_instances).toHaveLength(10);
  expect((await ask("/?limit=12&status=completed&from=1970-01-01")).recent_instances).toHaveLength(12);
  expect((await ask("/?status=failed")).recent_instances).toEqual([]);
});

test("an instance by itself", async () => {
  expect((await call(instance.GET, { key: world.key, params: { id: running } })).body).toMatchObject({
    id: running,
    workflow_id: id,
    kind: "dynamic",
    status: "running",
    completed_at: null,
    agent_code: "gpt-4",
    total_steps: 1,
    total_cost_usd: 0,
    copied_cost_usd: 0,
    origin_instance_id: null,
    fork_from_stage: null,
    session_id: null,
    payload_overrides: null,
    stage_statuses: { "1": { status: "healthy" } },
  });
});

test("the tree is read with a key given in any of the four ways, and of one instance", async () => {
  const params = { workflow: id };
  const tree = { "1": { status: "healthy", stage_name: "Ingest", agent_code: "gpt-4" } };
  const ways = [
    { key: world.key },
    { headers: { Authorization: `Bearer ${world.key}` } },
    { path: `/?key=${world.key}` },
    { method: "POST", body: { key: world.key } },
  ];
  for (const way of ways) {
    const handler = "method" in way ? dynamicTree.POST : dynamicTree.GET;
    expect(await call(handler, { params, ...way })).toMatchObject({ status: 200, body: tree });
  }
  const older = await makeInstance(world.project.id, id, { startedAt: 0, status: "failed", steps: [{ path: "7" }] });
  const asked = await call(dynamicTree.GET, { params, key: world.key, path: `/?instance_id=${older}` });
  expect(asked.body).toEqual({ "7": { status: "healthy" } });
  expect((await call(dynamicTree.GET, { params, key: world.key, path: "/?instance_id=d0" })).status).toBe(404);
  expect((await call(dynamicTree.GET, { params })).status).toBe(401);
  const workflow = await makeWorkflow(world.project.id, { rules: staticRules(1) });
  expect((await call(staticTree.GET, { params: { workflow }, key: world.key })).body).toEqual({
    "1": { status: "pending", stage_name: "Stage 1" },
  });
});

test("refused signals and hand-offs are lists", async () => {
  await pool().query(
    `INSERT INTO rejected_pings (project_id, workflow_id, at, code, expected, received, raw)
     SELECT $1, $2, now(), 'stage_missed', '2', '3', '{"stage":"3"}' FROM generate_series(1, 2)`,
    [world.project.id, id],
  );
  await pool().query(
    `INSERT INTO handoffs (project_id, workflow_id, at, instance_id, ordinal, from_agent, to_agent, gap_ms)
     VALUES ($1, $2, now() - interval '10 days', 'i', 1, 'a', 'b', 5)`,
    [world.project.id, id],
  );
  const ask = (name: keyof typeof HISTORY, path = "/") =>
    call(HISTORY[name].GET, { key: world.key, params: { id }, path });
  expect((await ask("rejected-pings", "/?limit=1")).body).toMatchObject({
    rejected_pings: [{ code: "stage_missed", expected: "2", received: "3", raw: { stage: "3" } }],
    next_cursor: expect.any(String),
  });
  expect((await ask("handoffs")).body).toMatchObject({ handoffs: [{ from_agent: "a", to_agent: "b", count: 1 }] });
  expect((await ask("handoffs", "/?days=9")).body).toEqual({ handoffs: [], next_cursor: null });
});

test.each([
  ["instances", "status=late"],
  ["instances", "from=yesterday"],
  ["instances", "to=2026"],
  ["instances", "limit=0"],
  ["instances", "cursor=WzFd"],
  ["rejected-pings", "limit=101"],
  ["rejected-pings", "cursor=WyJhIl0"],
  ["handoffs", "days=0"],
  ["handoffs", "days=94"],
  ["handoffs", "days=x"],
] as const)("%s with ?%s is refused beside its field", async (name, query) => {
  const answer = await call(HISTORY[name].GET, { key: world.key, params: { id }, path: `/?${query}` });
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ invalid_params: [{ name: query.split("=")[0] }] });
});

test.each(names)("%s: a viewer reads it, a key that only pings does not, and Charlie finds nothing", async (name) => {
  const { GET, DELETE } = READS[name];
  const params = paramsOf(name);
  const viewer = await makePerson({ memberships: { [world.project.id]: "viewer" } });
  const charlie = await makePerson({ memberships: { [world.foreign.id]: "owner" } });
  expect((await call(GET, { params, headers: viewer.headers(world.project.id) })).status).toBe(200);
  expect((await call(GET, { params, key: await world.project.key(["ping"]) })).status).toBe(403);
  expect((await call(GET, { params, key: world.foreignKey })).status).toBe(403);
  expect((await call(GET, { params, headers: charlie.headers(world.foreign.id) })).status).toBe(404);
  expect((await call(GET, { params: { id: "nope", workflow: "nope" }, key: world.key })).status).toBe(404);
  expect(await call(DELETE, { method: "DELETE", params, key: world.key })).toMatchObject({ status: 405 });
});
