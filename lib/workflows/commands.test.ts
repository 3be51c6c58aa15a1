import { beforeEach, expect, test } from "vitest";
import type { Caller } from "@/lib/auth/caller";
import { HOUR } from "@/lib/core/time";
import { prisma } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { makeChannel } from "@/lib/testing/management";
import { makeInstance, makeWorkflow, staticRules } from "@/lib/testing/workflows";
import { makeWorld, type World } from "@/lib/testing/world";
import { createWorkflow, deleteWorkflow, muteWorkflow, updateWorkflow } from "./commands";
import { getInstance, getTree, getWorkflow } from "./queries";
import { CreateWorkflow, UpdateWorkflow } from "./schema";

let world: World;
let caller: Caller;
let projectId: string;
beforeEach(async () => {
  world = await makeWorld();
  caller = world.project.caller;
  projectId = world.project.id;
});

const refusal = (code: string) => expect.objectContaining({ code });
const create = (body: object) => createWorkflow(caller, CreateWorkflow.parse(body));
const update = (id: string, body: object) => updateWorkflow(caller, id, UpdateWorkflow.parse(body));
const actions = async (subjectId: string) =>
  (await prisma().auditEntry.findMany({ where: { projectId, subjectId }, orderBy: { id: "asc" } })).map(
    (e) => e.action,
  );

test("a static workflow gets an id of ours, a dynamic one the id it asks for", async () => {
  const made = await create({ kind: "static", name: " Nightly ", stages: [{ name: "Fetch", timeout_seconds: 60 }] });
  expect(made).toMatchObject({
    id: expect.stringMatching(/^swf[0-9a-z]{16}$/),
    name: "Nightly",
    validation_mode: "flexible",
    stages: [{ order: 1, name: "Fetch", timeout_seconds: 60 }],
    channels: null,
    version: 1,
  });
  expect(await getWorkflow(caller, made.id)).toEqual(made);
  expect(await actions(made.id)).toEqual(["workflow.create"]);
  expect((await create({ kind: "dynamic", name: "D", id: "ml_pipeline" })).id).toBe("ml_pipeline");
  expect((await create({ kind: "dynamic", name: "D" })).id).toMatch(/^dwf_[0-9a-z]{16}$/);
});

test("of many that ask for the same id at once one gets it, in each project", async () => {
  const asked = Array.from({ length: 8 }, () => create({ kind: "dynamic", name: "D", id: "ml" }));
  const answers = await Promise.allSettled(asked);
  expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const answer of answers) {
    if (answer.status === "rejected") expect(answer.reason).toEqual(refusal("conflict"));
  }
  expect(await actions("ml")).toEqual(["workflow.create"]);
  const input = CreateWorkflow.parse({ kind: "dynamic", name: "D", id: "ml" });
  expect((await createWorkflow(world.foreign.caller, input)).id).toBe("ml");
});

test("alerts go to channels of the project alone", async () => {
  const [mine, other, foreign] = await Promise.all([
    makeChannel(projectId, "a"),
    makeChannel(projectId, "b"),
    makeChannel(world.foreign.id, "c"),
  ]);
  const body = { kind: "dynamic", name: "D", channels: [mine, other, mine.toUpperCase()] };
  const { id, channels } = await create(body);
  expect(channels).toEqual([mine, other].sort());
  expect((await update(id, { channels: [] })).channels).toEqual([]);
  expect((await update(id, { name: "E" })).channels).toEqual([]);
  expect((await update(id, { channels: null })).channels).toBeNull();
  await expect(update(id, { channels: [mine, foreign] })).rejects.toMatchObject({
    code: "invalid_input",
    invalidParams: [{ name: "channels.1", reason: "is not a channel of this project" }],
  });
  await expect(create({ kind: "dynamic", name: "D", id: "x", channels: [foreign] })).rejects.toEqual(
    refusal("invalid_input"),
  );
  await expect(getWorkflow(caller, "x")).rejects.toEqual(refusal("not_found"));
});

test("an edit of what is asked makes the next version, and instances keep to theirs", async () => {
  const { id } = await create({ kind: "static", name: "N", stages: [{ name: "A" }, { name: "B" }] });
  const instance = await makeInstance(projectId, id, { steps: [{ path: "1" }] });
  expect(await update(id, { name: "M" })).toMatchObject({ name: "M", version: 1 });
  expect(await update(id, { stages: [{ name: "A" }, { name: "B" }], strict_agents: false })).toMatchObject({
    version: 1,
  });
  const edited = await update(id, {
    stages: [{ name: "C", timeout_seconds: 5 }],
    validation_mode: "strict",
    grace_period_seconds: 9,
    instance_timeout_seconds: 10,
  });
  expect(edited).toMatchObject({ name: "M", version: 2, validation_mode: "strict", stages: [{ name: "C" }] });
  expect(await update(id, { grace_period_seconds: null })).toMatchObject({
    version: 3,
    grace_period_seconds: null,
    instance_timeout_seconds: 10,
  });
  expect((await getInstance(caller, instance)).stage_statuses["2"]).toEqual({ status: "pending", stage_name: "B" });
  await makeInstance(projectId, id, { startedAt: Date.now() + 1000 });
  expect(await getTree(caller, id)).toEqual({ "1": { status: "pending", stage_name: "C" } });
  expect(await actions(id)).toEqual(["workflow.create", ...Array.from({ length: 4 }, () => "workflow.update")]);
});

test("edits at once lose nothing of each other", async () => {
  const { id } = await create({ kind: "static", name: "N", stages: [{ name: "A" }] });
  const edits = [{ strict_agents: true }, { grace_period_seconds: 5 }, { instance_timeout_seconds: 6 }, { name: "M" }];
  await Promise.all(edits.map((body) => update(id, body)));
  expect(await getWorkflow(caller, id)).toMatchObject({
    name: "M",
    strict_agents: true,
    grace_period_seconds: 5,
    instance_timeout_seconds: 6,
    version: 4,
  });
});

test("a dynamic workflow declares no stages", async () => {
  const id = await makeWorkflow(projectId);
  await expect(update(id, { stages: [{ name: "A" }] })).rejects.toMatchObject({
    invalidParams: [{ name: "stages", reason: "are declared by static workflows only" }],
  });
  expect(await actions(id)).toEqual([]);
});

test("alerts are muted until a moment, and sent again", async () => {
  const id = await makeWorkflow(projectId);
  const until = Date.now() + HOUR;
  expect((await muteWorkflow(caller, id, until)).muted_until).toBe(new Date(until).toISOString());
  expect((await muteWorkflow(caller, id, null)).muted_until).toBeNull();
  await expect(muteWorkflow(caller, id, Date.now() - 1)).rejects.toEqual(refusal("invalid_input"));
  expect(await actions(id)).toEqual(["workflow.mute", "workflow.unmute"]);
});

async function alert(project: string, subjectId: string, type = "workflow.failed"): Promise<number> {
  const { rows } = await pool().query<{ id: number }>(
    `INSERT INTO alerts (project_id, type, severity, subject_type, subject_id, subject_name, message, dedup_key, occurred_at)
     VALUES ($1, $3, 'critical', 'workflow', $2, 'w', 'm', gen_random_uuid()::text, now()) RETURNING id`,
    [project, subjectId, type],
  );
  return rows[0]?.id ?? 0;
}

test("a deleted workflow takes all that is its own, and nothing of its namesake", async () => {
  const steps = [{ path: "1" }, { path: "2" }];
  for (const project of [projectId, world.foreign.id]) {
    await makeWorkflow(project, { id: "ml" });
    await makeInstance(project, "ml", { steps });
    await makeInstance(project, "ml", { steps, status: "completed" });
  }
  const [mine, theirs] = [await alert(projectId, "ml"), await alert(world.foreign.id, "ml")];
  await deleteWorkflow(caller, "ml");
  await expect(getWorkflow(caller, "ml")).rejects.toEqual(refusal("not_found"));
  await expect(deleteWorkflow(caller, "ml")).rejects.toEqual(refusal("not_found"));
  const left = await pool().query(
    `SELECT project_id, count(*) FROM stage_executions WHERE project_id = ANY ($1) GROUP BY project_id`,
    [[projectId, world.foreign.id]],
  );
  expect(left.rows).toEqual([{ project_id: world.foreign.id, count: 4 }]);
  const open = await prisma().alert.findMany({ where: { id: { in: [mine, theirs] }, resolvedAt: null } });
  expect(open.map(({ id }) => id)).toEqual([theirs]);
  expect(await actions("ml")).toEqual(["workflow.delete"]);
});

test("what was told of the costs of a deleted workflow is over", async () => {
  await makeWorkflow(projectId, { id: "ml" });
  const told = ["cost.threshold", "cost.exceeded", "cost.daily_limit", "cost.anomaly"];
  const ids: number[] = [];
  for (const type of told) ids.push(await alert(projectId, "ml", type), await alert(projectId, "other", type));
  await deleteWorkflow(caller, "ml");
  const open = await prisma().alert.findMany({ where: { id: { in: ids }, resolvedAt: null } });
  expect(open.map(({ subjectId }) => subjectId)).toEqual(told.map(() => "other"));
});

test("what is another project's is neither changed nor deleted, and nothing without the scope", async () => {
  const theirs = await makeWorkflow(world.foreign.id, { rules: staticRules(1) });
  await makeInstance(world.foreign.id, theirs, { status: "failed", steps: [{ path: "1" }] });
  await makeWorkflow(projectId, { id: "mine" });
  const reader: Caller = { ...caller, scopes: new Set(["read"]) };
  const before = await getTree(world.foreign.caller, theirs);
  for (const [who, id] of [
    [caller, theirs],
    [reader, "mine"],
  ] as const) {
    await expect(updateWorkflow(who, id, { name: "x" })).rejects.toEqual(refusal("forbidden"));
    await expect(muteWorkflow(who, id, null)).rejects.toEqual(refusal("forbidden"));
    await expect(deleteWorkflow(who, id)).rejects.toEqual(refusal("forbidden"));
  }
  await expect(createWorkflow(reader, CreateWorkflow.parse({ kind: "dynamic", name: "x" }))).rejects.toEqual(
    refusal("forbidden"),
  );
  expect(await getTree(world.foreign.caller, theirs)).toEqual(before);
  expect((await getWorkflow(world.foreign.caller, theirs)).name).toBe("Pipeline");
});
