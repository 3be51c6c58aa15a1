import { beforeEach, expect, test } from "vitest";
import { impliedScopes } from "@/lib/auth/caller";
import type { CheckView } from "@/lib/checks/store/view";
import { prisma } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { commitSignals } from "@/lib/ingest/commit";
import { arrived } from "@/lib/testing/checks";
import { signal, tick } from "@/lib/testing/signals";
import { makeWorld, type World } from "@/lib/testing/world";
import { createCheck, deleteCheck, pauseCheck, resumeCheck, updateCheck } from "./commands";
import type { CheckInput } from "./schema";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});

const create = (input: CheckInput) => createCheck(world.project.caller, { input, version: 3 });
const update = (id: string, input: CheckInput) => updateCheck(world.project.caller, id, { input, version: 3 });
const count = () => prisma().check.count({ where: { projectId: world.project.id } });

async function actions(): Promise<string[]> {
  const entries = await prisma().auditEntry.findMany({
    where: { projectId: world.project.id },
    orderBy: { id: "asc" },
  });
  expect(entries.every((entry) => entry.actor === world.project.caller.actor)).toBe(true);
  return entries.map((entry) => entry.action);
}

test("50 parallel creates with the same unique make one check", async () => {
  const input: CheckInput = { name: "only", slug: "only", timeout: 60, unique: ["name", "slug"] };
  const made = await Promise.all(Array.from({ length: 50 }, () => create(input)));
  expect(made.filter((one) => one.created)).toHaveLength(1);
  expect(new Set(made.map((one) => one.check.id)).size).toBe(1);
  expect(await count()).toBe(1);
});

test("a create with a unique slug and first signals to it make one check", async () => {
  const to = { by: "slug", pingKey: world.project.pingKey, create: true } as const;
  for (let round = 0; round < 10; round += 1) {
    const slug = `race-${round}`;
    const made = create({ slug, unique: ["slug"] });
    await Promise.all([made, commitSignals([arrived("", { target: { ...to, slug } })])]);
  }
  expect(await count()).toBe(10);
});

test("a twin is sought in the own project alone, and the oldest one wins", async () => {
  await createCheck(world.foreign.caller, { input: { name: "a" }, version: 3 });
  const { check: first, created } = await create({ name: "a", unique: ["name"] });
  expect(created).toBe(true);
  await create({ name: "a" });
  expect((await create({ name: "a", tags: "x", unique: ["name"] })).check.id).toBe(first.id);
});

test("a twin that is deleted while it is sought is made anew", async () => {
  const { check } = await create({ name: "a" });
  const client = await pool().connect();
  await client.query("BEGIN");
  await client.query("DELETE FROM checks WHERE id = $1", [check.id]);
  const again = create({ name: "a", unique: ["name"] });
  await waitForLock(client);
  await client.query("COMMIT");
  client.release();
  expect((await again).created).toBe(true);
  expect(await count()).toBe(1);
});

/** Resolves once another statement waits for a lock that this connection holds. */
async function waitForLock(holder: { query: (sql: string) => Promise<unknown> }): Promise<void> {
  const pid = (await holder.query("SELECT pg_backend_pid() AS pid")) as { rows: { pid: number }[] };
  for (;;) {
    const waiting = await pool().query("SELECT 1 FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))", [
      pid.rows[0]?.pid,
    ]);
    if (waiting.rowCount !== 0) return;
  }
}

test("an edit of period or grace moves the deadline, any other leaves it as it is", async () => {
  const { check } = await create({ timeout: 3600, grace: 60 });
  await signal(check.id);
  const due = (view: CheckView) => (view.state.dueAt ?? 0) - (view.state.lastPingAt ?? 0);
  expect(due(await update(check.id, { timeout: 7200 }))).toBe(7_260_000);
  expect(due(await update(check.id, { grace: 120 }))).toBe(7_320_000);
  // A deadline that was credited an outage of ours stays so.
  await pool().query("UPDATE checks SET due_at = due_at + interval '1 second' WHERE id = $1", [check.id]);
  expect(due(await update(check.id, { name: "n", tz: "Asia/Tokyo", grace: 120, timeout: 7200 }))).toBe(7_321_000);
  const cron = await update(check.id, { schedule: "0 0 1 1 *" });
  expect(new Date((cron.state.dueAt ?? 0) - 120_000).toISOString()).toMatch(/-12-31T15:00:00\.000Z$/);
});

test("a check without a schedule is due at no time, and is again once it gets one", async () => {
  const { check } = await create({ unscheduled: true, grace: 60 });
  await signal(check.id, { agoMs: 3_600_000 });
  await tick(check.id);
  const silent = await update(check.id, { name: "Silent" });
  expect([silent.state.status, silent.state.dueAt, silent.state.schedule]).toEqual(["up", null, { kind: "none" }]);
  const bound = await update(check.id, { timeout: 7200 });
  expect((bound.state.dueAt ?? 0) - (bound.state.lastPingAt ?? 0)).toBe(7_260_000);
  expect((await update(check.id, { unscheduled: true })).state.dueAt).toBeNull();
});

test("a shorter grace bounds the runs under way", async () => {
  const { check } = await create({ timeout: 3600, grace: 3600 });
  await signal(check.id, { kind: "start" });
  const [run] = (await update(check.id, { grace: 60 })).state.openRuns;
  expect((run?.dueAt ?? 0) - (run?.startedAt ?? 0)).toBe(60_000);
  const stored = await prisma().run.findFirstOrThrow({ where: { checkId: check.id } });
  expect(stored.dueAt?.getTime()).toBe(run?.dueAt);
});

test("every write leaves an audit entry in its transaction, a refused one none", async () => {
  const { check } = await create({});
  await update(check.id, { name: "a" });
  await expect(resumeCheck(world.project.caller, check.id)).rejects.toMatchObject({ code: "check_not_paused" });
  await expect(update(check.id, { channels: "nobody" })).rejects.toMatchObject({ code: "invalid_input" });
  await pauseCheck(world.project.caller, check.id);
  await resumeCheck(world.project.caller, check.id);
  await create({ name: "a", unique: ["name"] });
  await deleteCheck(world.project.caller, check.id);
  expect(await actions()).toEqual([
    "check.create",
    "check.update",
    "check.pause",
    "check.resume",
    "check.update",
    "check.delete",
  ]);
});

test("pausing and resuming are dated in the history and tell nobody", async () => {
  const { check } = await create({ timeout: 60, grace: 60 });
  await signal(check.id, { agoMs: 300_000 });
  await signal(check.id, { kind: "start" });
  await pauseCheck(world.project.caller, check.id);
  await pauseCheck(world.project.caller, check.id);
  await resumeCheck(world.project.caller, check.id);
  const flips = await prisma().flip.findMany({ where: { checkId: check.id }, orderBy: { seq: "asc" } });
  expect(flips.map((flip) => [flip.fromStatus, flip.toStatus, flip.reason])).toEqual([
    ["new", "up", "success"],
    ["up", "paused", "pause"],
    ["paused", "new", "resume"],
  ]);
  expect(await prisma().alert.count({ where: { projectId: world.project.id } })).toBe(0);
  const [run] = await prisma().run.findMany({ where: { checkId: check.id } });
  expect(run?.status).toBe("abandoned");
});

test("deleting a check that is down resolves its alert and keeps it in the log", async () => {
  const { check } = await create({ timeout: 60, grace: 60 });
  await signal(check.id, { agoMs: 300_000 });
  await tick(check.id);
  const open = await prisma().alert.findFirstOrThrow({ where: { subjectId: check.id } });
  expect(open.resolvedAt).toBeNull();
  await deleteCheck(world.project.caller, check.id);
  const resolved = await prisma().alert.findFirstOrThrow({ where: { subjectId: check.id } });
  expect(resolved.resolvedAt).not.toBeNull();
});

test("of many deletes one succeeds, and signals beside them lose nothing but the check", async () => {
  const { check } = await create({});
  const all = await Promise.allSettled([
    ...Array.from({ length: 10 }, () => signal(check.id)),
    ...Array.from({ length: 5 }, () => deleteCheck(world.project.caller, check.id)),
  ]);
  expect(all.slice(10).filter((one) => one.status === "fulfilled")).toHaveLength(1);
  for (const one of all.slice(10))
    if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "not_found" });
  expect(await prisma().ping.count({ where: { checkId: check.id } })).toBe(0);
});

test("a caller without the scope, or of another project, changes nothing", async () => {
  const { check } = await create({ name: "a" });
  const reader = { ...world.project.caller, scopes: impliedScopes(["read", "ping", "approve", "admin"]) };
  for (const caller of [reader, world.foreign.caller]) {
    for (const write of [pauseCheck, resumeCheck, deleteCheck]) {
      await expect(write(caller, check.id)).rejects.toMatchObject({ code: "forbidden" });
    }
    await expect(updateCheck(caller, check.id, { input: { name: "b" }, version: 3 })).rejects.toMatchObject({
      code: "forbidden",
    });
  }
  await expect(createCheck(reader, { input: {}, version: 3 })).rejects.toMatchObject({ code: "forbidden" });
  expect(await prisma().check.findFirstOrThrow({ where: { id: check.id } })).toMatchObject({
    name: "a",
    status: "new",
  });
});

test("to a session a foreign check looks like none", async () => {
  const { check } = await create({});
  const session = { ...world.foreign.caller, kind: "session" as const };
  await expect(pauseCheck(session, check.id)).rejects.toMatchObject({ code: "not_found" });
});

test("a channel that is deleted while it is being assigned is no failure of ours", async () => {
  await prisma().channel.create({
    data: { projectId: world.project.id, kind: "email", name: "c", config: new Uint8Array() },
  });
  const client = await pool().connect();
  await client.query("BEGIN");
  await client.query("DELETE FROM channels WHERE project_id = $1", [world.project.id]);
  const refused = expect(create({ channels: "c" })).rejects.toMatchObject({
    code: "invalid_input",
    message: "invalid channel identifier: c",
  });
  await waitForLock(client);
  await client.query("COMMIT");
  client.release();
  await refused;
  expect(await count()).toBe(0);
});
