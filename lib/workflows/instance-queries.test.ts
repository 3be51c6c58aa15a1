import { beforeEach, describe, expect, test } from "vitest";
import type { Caller } from "@/lib/auth/caller";
import { pool } from "@/lib/db/pool";
import { makePerson } from "@/lib/testing/people";
import { makeInstance, makeWorkflow, staticRules } from "@/lib/testing/workflows";
import { makeWorld, type World } from "@/lib/testing/world";
import { getInstance, getTree, getWorkflow, listInstanceRows, listInstances, listSteps } from "./queries";

const T0 = Date.UTC(2026, 0, 5, 12);
const MINUTE = 60_000;
let world: World;
let caller: Caller;
let projectId: string;
beforeEach(async () => {
  world = await makeWorld();
  caller = world.project.caller;
  projectId = world.project.id;
});

const refusal = (code: string) => expect.objectContaining({ code });

describe("instances", () => {
  test("are the running ones, and those that do not run, newest first, with their stages", async () => {
    const id = await makeWorkflow(projectId);
    const steps = [
      { path: "1", agent: "orchestrator", stageName: "Init" },
      { path: "2.1" },
      { path: "2.1", status: "failed" as const },
    ];
    const done = await makeInstance(projectId, id, { startedAt: T0, status: "completed", steps });
    const failed = await makeInstance(projectId, id, {
      startedAt: T0 + 1,
      status: "failed",
      failureReason: "Stage 3 timeout",
    });
    const paused = await makeInstance(projectId, id, { startedAt: T0 + 2, status: "paused" });
    const older = await makeInstance(projectId, id, { startedAt: T0 + 3 });
    const newer = await makeInstance(projectId, id, { startedAt: T0 + 4, steps: [{ path: "1" }] });
    const history = await listInstances(caller, id, { limit: 2 });
    expect(history.running_instances.map((one) => one.id)).toEqual([newer, older]);
    expect(history.running_instance).toEqual({
      id: newer,
      status: "running",
      started_at: new Date(T0 + 4).toISOString(),
      stage_statuses: {
        "1": { status: "healthy", stage_name: "Init" },
        "2.1": { status: "pending" },
      },
    });
    expect(history.recent_instances.map((one) => one.id)).toEqual([paused, failed]);
    expect(history.recent_instances[1]).toMatchObject({
      failure_reason: "Stage 3 timeout",
      completed_at: new Date(T0 + 1 + MINUTE).toISOString(),
    });
    const rest = await listInstances(caller, id, { limit: 2, cursor: history.next_cursor ?? "" });
    expect(rest.next_cursor).toBeNull();
    expect(rest.recent_instances).toEqual([
      {
        id: done,
        status: "completed",
        started_at: new Date(T0).toISOString(),
        completed_at: new Date(T0 + MINUTE).toISOString(),
        agent_code: "orchestrator",
        stage_statuses: {
          "1": { status: "healthy", stage_name: "Init", agent_code: "orchestrator" },
          "2.1": { status: "failed" },
        },
      },
    ]);
  });

  test("are filtered by status, agent and when they began", async () => {
    const id = await makeWorkflow(projectId);
    const make = (at: number, agent: string, status: "completed" | "failed" | "running") =>
      makeInstance(projectId, id, { startedAt: T0 + at, status, steps: [{ path: "1", agent }] });
    const a = await make(0, "x", "completed");
    const b = await make(1000, "y", "failed");
    const c = await make(2000, "x", "failed");
    const d = await make(3000, "x", "running");
    const ids = async (query: object) =>
      (await listInstances(caller, id, { limit: 10, ...query })).recent_instances.map((one) => one.id);
    expect(await ids({ status: "failed" })).toEqual([c, b]);
    expect(await ids({ agent: "x" })).toEqual([c, a]);
    expect(await ids({ agent: "x", status: "running" })).toEqual([d]);
    const at = (ms: number) => new Date(T0 + ms).toISOString();
    expect(await ids({ from: at(1000), to: at(2000) })).toEqual([b]);
    expect(await ids({ from: "0000-01-01", to: "9999-12-31" })).toEqual([c, b, a]);
    expect(await ids({ agent: "x\0" })).toEqual([]);
    const rows = await listInstanceRows(caller, id, { limit: 3 });
    expect(rows.items.map((row) => [row.id, row.seq])).toEqual([
      [d, 4],
      [c, 3],
      [b, 2],
    ]);
    const rest = await listInstanceRows(caller, id, { limit: 3, cursor: rows.nextCursor ?? "" });
    expect(rest).toMatchObject({ items: [{ id: a, n_steps: 1, progress: null }], nextCursor: null });
    await expect(listInstanceRows(caller, id, { limit: 1, cursor: "WzFd" })).rejects.toEqual(refusal("invalid_input"));
  });

  test("of a static workflow tell how far they came of what their version declares", async () => {
    const id = await makeWorkflow(projectId, { rules: staticRules(3) });
    await makeInstance(projectId, id, { steps: [{ path: "1" }, { path: "2" }, { path: "2" }] });
    expect((await listInstanceRows(caller, id, { limit: 9 })).items).toMatchObject([
      { progress: { done: 2, total: 3 } },
    ]);
  });

  test("keep to the stages of the version they began with", async () => {
    const id = await makeWorkflow(projectId, { rules: staticRules(2) });
    const instance = await makeInstance(projectId, id, { steps: [{ path: "1" }] });
    await pool().query(
      `INSERT INTO workflow_definitions (project_id, workflow_id, version, rules) VALUES ($1, $2, 2, $3)`,
      [projectId, id, JSON.stringify(staticRules(4))],
    );
    await pool().query("UPDATE workflows SET version = 2 WHERE project_id = $1 AND id = $2", [projectId, id]);
    expect(await getTree(caller, id)).toEqual({
      "1": { status: "healthy", stage_name: "Stage 1" },
      "2": { status: "pending", stage_name: "Stage 2" },
    });
    expect(await getInstance(caller, instance)).toEqual({
      id: instance,
      workflow_id: id,
      kind: "static",
      status: "running",
      started_at: expect.any(String),
      completed_at: null,
      failure_reason: null,
      agent_code: null,
      total_steps: 1,
      total_cost_usd: 0,
      copied_cost_usd: 0,
      origin_instance_id: null,
      fork_from_stage: null,
      session_id: null,
      payload_overrides: null,
      stage_statuses: await getTree(caller, id, instance),
    });
    expect(Object.keys((await getWorkflow(caller, id)).stages)).toHaveLength(4);
  });

  test("the tree is that of the newest running one, else of the newest, else what is declared", async () => {
    const id = await makeWorkflow(projectId, { rules: staticRules(1) });
    expect(await getTree(caller, id)).toEqual({ "1": { status: "pending", stage_name: "Stage 1" } });
    const dynamic = await makeWorkflow(projectId);
    expect(await getTree(caller, dynamic)).toEqual({});
    const running = await makeInstance(projectId, dynamic, { startedAt: T0, steps: [{ path: "1" }] });
    const failed = await makeInstance(projectId, dynamic, {
      startedAt: T0 + 1,
      status: "failed",
      steps: [{ path: "7" }],
    });
    expect(Object.keys(await getTree(caller, dynamic))).toEqual(["1"]);
    expect(Object.keys(await getTree(caller, dynamic, failed))).toEqual(["7"]);
    await pool().query("UPDATE instances SET status = 'terminated' WHERE id = $1", [running]);
    expect(Object.keys(await getTree(caller, dynamic))).toEqual(["7"]);
    await expect(getTree(caller, id, failed)).rejects.toEqual(refusal("not_found"));
  });

  test("of another project are forbidden to keys and missing for people", async () => {
    const workflow = await makeWorkflow(world.foreign.id, { id: "ml" });
    const theirs = await makeInstance(world.foreign.id, workflow, { steps: [{ path: "1" }] });
    const person = await (await makePerson({ memberships: { [projectId]: "owner" } })).caller(projectId);
    for (const ask of [
      (who: Caller) => getInstance(who, theirs),
      (who: Caller) => listSteps(who, theirs, { after: null, limit: 9 }),
    ]) {
      await expect(ask(caller)).rejects.toEqual(refusal("forbidden"));
      await expect(ask(person)).rejects.toEqual(refusal("not_found"));
    }
    await expect(getInstance(caller, "d\0")).rejects.toEqual(refusal("not_found"));
    await expect(getInstance(caller, "d0")).rejects.toEqual(refusal("not_found"));
  });
});

test("steps are read in their order from where the reader stands", async () => {
  const id = await makeWorkflow(projectId);
  const steps = ["1", "2.1", "2.1", "3"].map((path) => ({ path, agent: "a", stageName: "s", handoffReason: "done" }));
  const instance = await makeInstance(projectId, id, { startedAt: T0, steps });
  const all = await listSteps(caller, instance, { after: null, limit: 100 });
  expect(all.map((step) => [step.step, step.stage_path])).toEqual(steps.map(({ path }, at) => [at, path]));
  expect(all[1]).toEqual({
    step: 1,
    stage_path: "2.1",
    stage_name: "s",
    status: "success",
    agent_code: "a",
    executed_at: new Date(T0 + 1000).toISOString(),
    response_time_ms: null,
    is_final: false,
    handoff_reason: "done",
  });
  expect((await listSteps(caller, instance, { after: 1, limit: 1 })).map(({ step }) => step)).toEqual([2]);
});
