import { beforeEach, describe, expect, test } from "vitest";
import { MINUTE } from "@/lib/core/time";
import { countProject, getOverview } from "@/lib/projects/overview";
import { makeInstance, makeWorkflow, staticRules } from "@/lib/testing/workflows";
import { makeWorld, type World } from "@/lib/testing/world";
import { getWorkflowPage } from "@/lib/workflows/detail/workflow-page";
import { listWorkflowRows } from "./list";
import { STRIP_LENGTH, stripWords } from "./strip-words";

const T0 = Date.now() - 60 * MINUTE;
let world: World;
let projectId: string;
beforeEach(async () => {
  world = await makeWorld();
  projectId = world.project.id;
});

describe("the list", () => {
  test("shows the newest instances of each workflow, oldest first", async () => {
    const id = await makeWorkflow(projectId, { name: "Nightly" });
    const empty = await makeWorkflow(projectId, { name: "Empty" });
    const made: string[] = [];
    for (let at = 0; at < STRIP_LENGTH + 2; at += 1) {
      const status = at % 5 === 0 ? "failed" : "completed";
      made.push(await makeInstance(projectId, id, { startedAt: T0 + at, status }));
    }
    const { items } = await listWorkflowRows(world.project.caller, { q: "" });
    expect(items.map((row) => row.id)).toEqual([empty, id]);
    expect(items[0]?.strip).toEqual([]);
    expect(items[1]?.strip.map((one) => one.id)).toEqual(made.slice(2));
    expect(stripWords(items[1]?.strip ?? [])).toBe("Last 20 instances: 16 completed, 4 failed.");
    expect(stripWords([])).toBe("No instances yet.");
  });

  test("finds by name and id, begins anew for a cursor of another list, and shows nothing to others", async () => {
    await makeWorkflow(projectId, { name: "Nightly", id: "ml_pipeline" });
    await makeWorkflow(projectId, { name: "Other" });
    const names = async (q: string, cursor?: string) =>
      (await listWorkflowRows(world.project.caller, { q, cursor })).items.map(({ name }) => name);
    expect(await names("NIGHT")).toEqual(["Nightly"]);
    expect(await names("ml_")).toEqual(["Nightly"]);
    expect(await names("", "nonsense")).toEqual(["Other", "Nightly"]);
    expect((await listWorkflowRows(world.foreign.caller, { q: "" })).items).toEqual([]);
  });
});

describe("the overview", () => {
  test("names workflows of which the last run did not complete, and counts them", async () => {
    const failing = await makeWorkflow(projectId, { name: "Fails" });
    await makeInstance(projectId, failing, { startedAt: T0, status: "completed" });
    const bad = await makeInstance(projectId, failing, {
      startedAt: T0 + MINUTE,
      status: "failed",
      failureReason: "Stage 3 timeout",
    });
    const again = await makeWorkflow(projectId, { name: "Works again" });
    const old = await makeInstance(projectId, again, { startedAt: T0 - MINUTE, status: "terminated" });
    await makeInstance(projectId, again, { startedAt: T0 + MINUTE, status: "completed" });
    await makeWorkflow(projectId, { name: "Never ran" });
    const stopped = await makeWorkflow(projectId, { name: "Stopped" });
    const last = await makeInstance(projectId, stopped, { startedAt: T0 - 9 * MINUTE, status: "terminated" });
    const overview = await getOverview(world.project.caller);
    expect(overview.failing).toMatchObject([{ id: failing, name: "Fails" }, { id: stopped }]);
    expect(overview.failing[0]?.standing.ended).toMatchObject({ status: "failed", reason: "Stage 3 timeout" });
    expect(overview.failed.map((one) => [one.id, one.workflow_name, one.failure_reason])).toEqual([
      [bad, "Fails", "Stage 3 timeout"],
      [old, "Works again", null],
      [last, "Stopped", null],
    ]);
    expect(await countProject(world.project.caller)).toMatchObject({ workflows: 4, failing: 2 });
    expect(await countProject(world.foreign.caller)).toMatchObject({ workflows: 0, failing: 0 });
    expect(await getOverview(world.foreign.caller)).toMatchObject({ failing: [], failed: [] });
  });
});

describe("how a workflow stands", () => {
  test("tells of the newest open instance, its last stage by name, and how the last run ended", async () => {
    const id = await makeWorkflow(projectId, { rules: staticRules(5, { mode: "strict" }) });
    await makeInstance(projectId, id, { startedAt: T0, endedAt: T0 + MINUTE, status: "failed", failureReason: "x" });
    const steps = ["1", "2", "3"].map((path) => ({ path }));
    await makeInstance(projectId, id, { startedAt: T0 + 2 * MINUTE, steps });
    const { standing, workflow } = await getWorkflowPage(world.project.caller, id);
    expect(workflow.health).toBe("failing");
    expect(standing).toEqual({
      running: 1,
      open: {
        status: "running",
        mode: "strict",
        declared: { reached: 3, total: 5 },
        last: { path: "3", name: "Stage 3", at: T0 + 2 * MINUTE + 2000 },
      },
      ended: { status: "failed", reason: "x", startedAt: T0, endedAt: T0 + MINUTE },
    });
  });

  test("one that is paused is told of only where none runs", async () => {
    const id = await makeWorkflow(projectId);
    await makeInstance(projectId, id, { startedAt: T0, steps: [{ path: "1" }] });
    await makeInstance(projectId, id, { startedAt: T0 + MINUTE, steps: [{ path: "2" }] });
    await makeInstance(projectId, id, { startedAt: T0 + 2 * MINUTE, status: "paused", steps: [{ path: "3" }] });
    expect((await getWorkflowPage(world.project.caller, id)).standing).toMatchObject({
      running: 2,
      open: { status: "running", last: { path: "2" } },
    });
  });

  test("of a dynamic one it takes the name that was sent; another project learns nothing", async () => {
    const id = await makeWorkflow(projectId);
    expect((await getWorkflowPage(world.project.caller, id)).standing).toEqual({ running: 0, open: null, ended: null });
    await makeInstance(projectId, id, {
      startedAt: T0,
      status: "paused",
      steps: [{ path: "2.1", stageName: "Train" }],
    });
    expect((await getWorkflowPage(world.project.caller, id)).standing).toMatchObject({
      running: 0,
      open: { status: "paused", declared: null, last: { path: "2.1", name: "Train" } },
    });
    await expect(getWorkflowPage(world.foreign.caller, id)).rejects.toMatchObject({ code: "forbidden" });
  });
});
