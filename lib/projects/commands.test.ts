import { beforeEach, expect, test } from "vitest";
import { prisma } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { makeCheck } from "@/lib/testing/checks";
import { makePerson, type TestPerson } from "@/lib/testing/people";
import { signal } from "@/lib/testing/signals";
import { makeWorld, type World } from "@/lib/testing/world";
import { deleteProject } from "./commands";
import { acceptInvitation, invite } from "./invitation-commands";
import { changeRole, removeMember } from "./member-commands";

let world: World;
let alice: TestPerson;
beforeEach(async () => {
  world = await makeWorld();
  alice = await makePerson({ memberships: { [world.project.id]: "owner" } });
});

const tokenOf = (link: string): string => link.split("/invite/")[1] ?? "";

test("a project is deleted while its jobs report: neither waits for ever, and nothing is left", async () => {
  const { id } = world.project;
  const checks = await Promise.all(Array.from({ length: 10 }, () => makeCheck(id)));
  const caller = await alice.caller(id);
  const work = [...checks, ...checks].map((check) => signal(check, { kind: "fail" }));
  const [deleted, ...signals] = await Promise.allSettled([deleteProject(caller, id, { confirm: "Test" }), ...work]);
  expect(deleted).toMatchObject({ status: "fulfilled" });
  // A signal came before the deletion, or found no check any more.
  for (const one of signals) if (one.status === "rejected") expect(String(one.reason)).toMatch(/no check /);
  for (const table of ["checks", "pings", "flips", "alerts", "deliveries"]) {
    const left = await pool().query(`SELECT FROM ${table} WHERE project_id = $1`, [id]);
    expect([table, left.rowCount]).toEqual([table, 0]);
  }
});

test("a project is deleted while somebody joins: one of them is first, and no membership is left over", async () => {
  const { id } = world.project;
  const caller = await alice.caller(id);
  const dora = await makePerson({ memberships: { [world.foreign.id]: "viewer" } });
  const { link } = await invite(caller, id, { email: "x@example.com", role: "viewer" });
  const joining = await dora.caller(world.foreign.id);
  const [deleted, joined] = await Promise.allSettled([
    deleteProject(caller, id, { confirm: "Test" }),
    acceptInvitation(joining, tokenOf(link)),
  ]);
  expect(deleted.status).toBe("fulfilled");
  if (joined.status === "rejected") expect(joined.reason).toMatchObject({ code: "not_found" });
  expect(await prisma().membership.count({ where: { projectId: id } })).toBe(0);
});

test("of two owners who demote each other at once, one stays", async () => {
  const { id: projectId } = world.project;
  const bob = await makePerson({ memberships: { [projectId]: "owner" } });
  const [byAlice, byBob] = [await alice.caller(projectId), await bob.caller(projectId)];
  const ended = await Promise.allSettled([
    changeRole(byAlice, { projectId, userId: bob.id }, "viewer"),
    changeRole(byBob, { projectId, userId: alice.id }, "viewer"),
  ]);
  expect(ended.map((one) => one.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await prisma().membership.count({ where: { projectId, role: "owner" } })).toBe(1);
});

test("every change of people is on record with who made it", async () => {
  const { id: projectId } = world.project;
  const caller = await alice.caller(projectId);
  const dora = await makePerson({ memberships: { [world.foreign.id]: "viewer" } });
  const { id, link } = await invite(caller, projectId, { email: "x@example.com", role: "viewer" });
  await acceptInvitation(await dora.caller(world.foreign.id), tokenOf(link));
  await changeRole(caller, { projectId, userId: dora.id }, "admin");
  await changeRole(caller, { projectId, userId: dora.id }, "admin");
  await removeMember(caller, { projectId, userId: dora.id });
  const entries = await prisma().auditEntry.findMany({ where: { projectId }, orderBy: { id: "asc" } });
  expect(entries.map(({ actor, action, subjectId }) => [actor, action, subjectId])).toEqual([
    [`user:${alice.id}`, "invitation.create", id],
    [`user:${dora.id}`, "invitation.accept", id],
    [`user:${alice.id}`, "member.role.admin", dora.id],
    [`user:${alice.id}`, "member.remove", dora.id],
  ]);
});
