import { beforeEach, describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { recordingPool } from "@/lib/testing/explain";
import { makePerson } from "@/lib/testing/people";
import { makeInstance, makeWorkflow, staticRules, storeInstances } from "@/lib/testing/workflows";
import { makeWorld, type World } from "@/lib/testing/world";
import { fromColumns } from "./columns";
import { getInstanceView } from "./view-queries";

const T0 = Date.UTC(2026, 0, 5, 12);
let world: World;
beforeEach(async () => {
  world = await makeWorld();
});

const view = (id: string) => getInstanceView(world.project.caller, id);

describe("the page of an instance begins with", () => {
  test("what it is, its stages and its steps", async () => {
    const rules = staticRules(3, { mode: "strict" });
    const workflow = await makeWorkflow(world.project.id, { name: "Nightly", rules });
    await makeInstance(world.project.id, workflow, { status: "completed" });
    const id = await makeInstance(world.project.id, workflow, {
      startedAt: T0,
      steps: [{ path: "1", stageName: "Load", agent: "a" }, { path: "2" }, { path: "1", status: "failed", agent: "b" }],
    });
    await pool().query("UPDATE instances SET credit_ms = 7, due_at = $2 WHERE id = $1", [id, new Date(T0 + 60_000)]);
    const found = await view(id);
    expect(found).toEqual({
      instance: {
        id,
        status: "running",
        total_steps: 3,
        started_at: "2026-01-05T12:00:00.000Z",
        completed_at: null,
        failure_reason: null,
        due_at: "2026-01-05T12:01:00.000Z",
      },
      workflow: { id: workflow, name: "Nightly" },
      definition: rules,
      seq: 2,
      agent: "a",
      creditMs: 7,
      copied: 0,
      progressAt: T0,
      newest: { path: "1", name: null },
      stages: [
        { path: "1", name: "Load", status: "failed", agent: "b", count: 2, step: 2 },
        { path: "2", name: null, status: "healthy", agent: null, count: 1, step: 1 },
      ],
      pending: ["1", "2", "3"].map((path) => ({ path, name: `Stage ${path}` })),
      steps: expect.anything(),
    });
    expect(fromColumns(found.steps).map(({ path }) => path)).toEqual(["1", "2", "1"]);
  });

  test("no more than its first view shows, however many steps there are", async () => {
    const workflow = await makeWorkflow(world.project.id);
    const steps = Array.from({ length: 3000 }, (_, at) => ({ path: String((at % 300) + 1), stageName: `Page ${at}` }));
    const id = await makeInstance(world.project.id, workflow, { steps });
    const found = await view(id);
    expect([found.instance.total_steps, found.steps.path.length, found.stages.length]).toEqual([3000, 100, 200]);
    expect(found.stages[0]).toMatchObject({ path: "1", count: 10, step: 2700, name: "Page 2700" });
    expect(found.newest).toEqual({ path: "300", name: "Page 2999" });
    expect(JSON.stringify(found).length).toBeLessThan(30_000);
  });

  test("the stages that the last completed one had and this one has not, unless it is completed itself", async () => {
    const workflow = await makeWorkflow(world.project.id);
    const make = (status: "completed" | "failed" | "running", paths: string[]) =>
      makeInstance(world.project.id, workflow, {
        status,
        steps: paths.map((path) => ({ path, stageName: `S${path}` })),
      });
    const first = await make("running", ["1"]);
    expect((await view(first)).pending).toEqual([]);
    await make("failed", ["9"]);
    const completed = await make("completed", ["1", "2.1"]);
    const pending = (await view(first)).pending.toSorted((a, b) => a.path.localeCompare(b.path));
    expect(pending).toEqual([
      { path: "1", name: "S1" },
      { path: "2.1", name: "S2.1" },
    ]);
    expect((await view(completed)).pending).toEqual([]);
  });

  test("nothing for others", async () => {
    const workflow = await makeWorkflow(world.project.id);
    const id = await makeInstance(world.project.id, workflow);
    await expect(getInstanceView(world.foreign.caller, id)).rejects.toMatchObject({ code: "forbidden" });
    const stranger = await makePerson({ memberships: { [world.foreign.id]: "owner" } });
    const caller = await stranger.caller(world.foreign.id);
    await expect(getInstanceView(caller, id)).rejects.toMatchObject({ code: "not_found" });
    await expect(view("d0000000000000000")).rejects.toMatchObject({ code: "not_found" });
  });
});

test("everything is read by keys and indexes", async () => {
  const workflow = await makeWorkflow(world.project.id);
  const steps = Array.from({ length: 5000 }, (_, at) => ({ path: String((at % 50) + 1) }));
  await storeInstances(world.project.id, workflow, 5000);
  for (const status of ["completed", "running", "running"] as const)
    await makeInstance(world.project.id, workflow, { status, steps });
  const id = await makeInstance(world.project.id, workflow, { steps });
  await pool().query("ANALYZE instances, stage_executions, workflows, workflow_definitions");
  const { db, plans } = recordingPool();
  await getInstanceView(world.project.caller, id, db);
  const all = await plans();
  expect(all).toHaveLength(5);
  expect(all.filter((plan) => /Seq Scan on (instances|stage_executions)/.test(plan))).toEqual([]);
});
