import { beforeEach, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { call } from "@/lib/testing/http";
import { makePerson } from "@/lib/testing/people";
import { makeInstance, makeWorkflow } from "@/lib/testing/workflows";
import { makeWorld, type World } from "@/lib/testing/world";
import { GET } from "./route";

let world: World;
let id: string;
beforeEach(async () => {
  world = await makeWorld();
  const workflow = await makeWorkflow(world.project.id);
  id = await makeInstance(world.project.id, workflow, { steps: ["1", "2", "3"].map((path) => ({ path })) });
  await pool().query(
    `UPDATE stage_executions SET cost_micros = 45001, input_tokens = 1500, output_tokens = ordinal
      WHERE instance_id = $1 AND ordinal <> 1`,
    [id],
  );
});

const ask = (path = "/", key = world.key) => call(GET, { path, key, params: { id } });

test("costs and tokens of steps come as columns, null where they are not known", async () => {
  const { status, body } = await ask();
  expect(status).toBe(200);
  expect(body).toEqual({ first: 0, cost: [45_001, null, 45_001], input: [1500, null, 1500], output: [0, null, 2] });
});

test("they come from the step after the one that is asked for", async () => {
  expect((await ask("/?after=1")).body).toEqual({ first: 2, cost: [45_001], input: [1500], output: [2] });
  expect((await ask("/?after=2")).body).toEqual({ first: 3, cost: [], input: [], output: [] });
  expect((await ask("/?after=x")).body).toMatchObject({ code: "invalid_input" });
});

test("they are for those who may read alone", async () => {
  const stranger = await makePerson({ memberships: { [world.foreign.id]: "owner" } });
  expect((await ask("/", world.foreignKey)).body).toMatchObject({ code: "forbidden" });
  expect((await ask("/", await world.project.key(["ping"]))).status).toBe(403);
  expect((await call(GET, { params: { id } })).status).toBe(401);
  expect((await call(GET, { params: { id }, headers: stranger.headers(world.foreign.id) })).status).toBe(404);
  expect((await call(GET, { key: world.key, params: { id: "d0000000000000000" } })).status).toBe(404);
});
