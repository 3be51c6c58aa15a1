import { beforeEach, expect, test } from "vitest";
import { makeInstance, makeWorkflow, staticRules } from "@/lib/testing/workflows";
import { makeWorld, type World } from "@/lib/testing/world";
import { getInstanceView } from "@/lib/workflows/instance/view-queries";
import { getFamily } from "./family-queries";
import { forkInstance } from "./fork";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});

test("a fork knows its origin, what was copied, and how to go on", async () => {
  const { caller, id: projectId } = world.project;
  const workflow = await makeWorkflow(projectId, { rules: staticRules(4) });
  const origin = await makeInstance(projectId, workflow, {
    status: "completed",
    steps: ["1", "2", "3"].map((path) => ({ path })),
  });
  const { forked_instance_id: fork } = await forkInstance(caller, origin, {
    fork_from_stage: "2",
    payload_modifications: { "2": { a: 1 }, "4": { b: 2 } },
    reason: "try it",
  });
  const view = await getInstanceView(caller, fork);
  expect(view.copied).toBe(2);
  const family = await getFamily(caller, view);
  expect(family).toMatchObject({
    nodes: [{ id: origin }, { id: fork, kind: "fork", reason: "try it" }],
    isWhole: true,
    sessions: [{ kind: "fork", instance_id: origin, other_instance_id: fork }],
    overrides: { "4": { b: 2 } },
  });
  expect(family.command).toContain(`/shk/${workflow}?stage=3&instance_id=${fork}&`);
  // One that has none is alone.
  const alone = await makeInstance(projectId, workflow);
  expect(await getFamily(caller, await getInstanceView(caller, alone))).toMatchObject({
    nodes: [{ id: alone }],
    sessions: [],
    overrides: {},
  });
});

test("others get nothing", async () => {
  const workflow = await makeWorkflow(world.project.id);
  const id = await makeInstance(world.project.id, workflow);
  const view = await getInstanceView(world.project.caller, id);
  await expect(getFamily(world.foreign.caller, view)).rejects.toMatchObject({ code: "forbidden" });
});
