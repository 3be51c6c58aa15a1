import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import type { Role } from "@/lib/auth/caller";
import { prisma } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { type Answered, call } from "@/lib/testing/http";
import { makePerson, type TestPerson } from "@/lib/testing/people";
import { makeWorld, type World } from "@/lib/testing/world";
import * as auditRoute from "./[id]/audit/route";
import * as memberRoute from "./[id]/members/[userId]/route";
import * as membersRoute from "./[id]/members/route";

let world: World;
let alice: TestPerson;
let bob: TestPerson;
const join = (role: Role) => makePerson({ memberships: { [world.project.id]: role } });
beforeEach(async () => {
  world = await makeWorld();
  alice = await join("owner");
  bob = await join("member");
});

type Who = TestPerson | string;
const headersOf = (who: Who) => (typeof who === "string" ? { key: who } : { headers: who.headers(world.project.id) });

function setRole(who: Who, target: TestPerson, role: string): Promise<Answered> {
  const params = { id: world.project.id, userId: target.id };
  return call(memberRoute.PATCH, { method: "PATCH", ...headersOf(who), params, body: { role } });
}

function remove(who: Who, target: TestPerson): Promise<Answered> {
  const params = { id: world.project.id, userId: target.id };
  return call(memberRoute.DELETE, { method: "DELETE", ...headersOf(who), params });
}

async function roleOf({ id }: TestPerson): Promise<Role | undefined> {
  return (await prisma().membership.findFirst({ where: { userId: id, projectId: world.project.id } }))?.role;
}

describe("the members of a project", () => {
  test("are seen by every one of them and nobody else", async () => {
    const viewer = await join("viewer");
    const params = { id: world.project.id };
    const listed = await call(membersRoute.GET, { ...headersOf(viewer), params });
    expect(listed.body).toEqual({
      members: [alice, bob, viewer].map((person, at) => ({
        user_id: person.id,
        email: person.email,
        name: "",
        role: ["owner", "member", "viewer"][at],
        joined_at: expect.stringMatching(/Z$/),
      })),
      next_cursor: null,
    });
    const charlie = await makePerson({ memberships: { [world.foreign.id]: "owner" } });
    for (const headers of [charlie.headers(), charlie.headers(world.project.id)])
      expect((await call(membersRoute.GET, { headers, params })).status).toBe(404);
    expect((await call(membersRoute.GET, { key: world.foreignKey, params })).status).toBe(403);
  });

  test("are listed page by page", async () => {
    await join("viewer");
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const path = `/?limit=2${cursor && `&cursor=${cursor}`}`;
      const answer = await call(membersRoute.GET, { ...headersOf(alice), params: { id: world.project.id }, path });
      const page = answer.body as { members: { user_id: string }[]; next_cursor: string | null };
      seen.push(...page.members.map((member) => member.user_id));
      cursor = page.next_cursor;
    }
    expect(new Set(seen).size).toBe(3);
    expect(seen).toHaveLength(3);
  });

  test("get another role from an admin, and a key with admin is one", async () => {
    const admin = await join("admin");
    expect(await setRole(admin, bob, "viewer")).toMatchObject({ status: 200, body: { role: "viewer" } });
    expect((await setRole(world.key, bob, "admin")).status).toBe(200);
    expect(await roleOf(bob)).toBe("admin");
    expect(await setRole(alice, bob, "king")).toMatchObject({
      status: 400,
      body: { invalid_params: [{ name: "role" }] },
    });
    expect((await setRole(alice, await makePerson(), "viewer")).status).toBe(404);
  });

  test("become and cease to be owners only by an owner", async () => {
    const admin = await join("admin");
    for (const who of [admin, world.key]) {
      expect((await setRole(who, bob, "owner")).status).toBe(403);
      expect((await setRole(who, alice, "viewer")).status).toBe(403);
      expect((await remove(who, alice)).status).toBe(403);
    }
    expect((await setRole(alice, bob, "owner")).status).toBe(200);
    expect((await setRole(bob, alice, "admin")).status).toBe(200);
    expect(await roleOf(alice)).toBe("admin");
  });

  test("never lose their last owner", async () => {
    expect(await setRole(alice, alice, "admin")).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect(await remove(alice, alice)).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect(await roleOf(alice)).toBe("owner");
    // Also when two owners go at the same moment.
    await setRole(alice, bob, "owner");
    const answers = await Promise.all([remove(alice, alice), remove(bob, bob)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([204, 409]);
  });

  test("may leave, and be taken out by an admin", async () => {
    const viewer = await join("viewer");
    expect((await remove(bob, viewer)).status).toBe(403);
    expect((await remove(viewer, viewer)).status).toBe(204);
    expect((await remove(alice, bob)).status).toBe(204);
    expect((await remove(alice, bob)).status).toBe(404);
    expect([await roleOf(viewer), await roleOf(bob)]).toEqual([undefined, undefined]);
    expect((await call(membersRoute.GET, { ...headersOf(bob), params: { id: world.project.id } })).status).toBe(404);
  });

  test.each([
    ["is removed", (who: TestPerson) => remove(alice, who), []],
    ["becomes a member", (who: TestPerson) => setRole(alice, who, "member"), []],
    ["becomes an admin", (who: TestPerson) => setRole(alice, who, "admin"), ["viewer"]],
  ] as const)("an owner who %s leaves only offers they could still make", async (_what, change, left) => {
    const owner = await join("owner");
    const offer = (role: Role) => ({
      projectId: world.project.id,
      email: `${randomUUID()}@example.com`,
      role,
      hash: new Uint8Array(Buffer.from(randomUUID())),
      invitedBy: `user:${owner.id}`,
      expiresAt: new Date(Date.now() + 60_000),
    });
    await prisma().invitation.createMany({ data: [offer("owner"), offer("viewer")] });
    await change(owner);
    const open = await prisma().invitation.findMany({ where: { projectId: world.project.id, revokedAt: null } });
    expect(open.map((one) => one.role)).toEqual(left);
  });
});

describe("the audit log", () => {
  type Log = { entries: Record<string, unknown>[]; next_cursor: string | null };
  const read = async (who: Who, query = "") => {
    const params = { id: world.project.id };
    return call(auditRoute.GET, { ...headersOf(who), params, path: `/${query}` });
  };

  test("tells who did what, newest first, page by page, by name", async () => {
    await prisma().user.update({ where: { id: alice.id }, data: { name: "Alice" } });
    await setRole(alice, bob, "viewer");
    await setRole(world.key, bob, "member");
    await remove(bob, bob);
    await pool().query(
      "INSERT INTO audit_entries (project_id, actor, action, subject_id) VALUES ($1, 'system', 'alert.resolve', '12')",
      [world.project.id],
    );
    const first = (await read(alice, "?limit=3")).body as Log;
    const subject = { id: bob.id, name: bob.email };
    expect(first.entries).toMatchObject([
      { action: "alert.resolve", actor: { kind: "system", name: "Pulsetrail" }, subject: { id: "12", name: null } },
      { action: "member.leave", actor: { kind: "person", name: bob.email }, subject },
      { action: "member.role.member", actor: { kind: "key", name: "test" }, subject },
    ]);
    const second = (await read(alice, `?cursor=${first.next_cursor}`)).body as Log;
    expect(second).toMatchObject({
      entries: [{ action: "member.role.viewer", actor: { kind: "person", name: "Alice" }, subject }],
      next_cursor: null,
    });
    expect((await read(alice, "?cursor=x")).status).toBe(400);
  });

  test("is for admins of the project", async () => {
    const charlie = await makePerson({ memberships: { [world.foreign.id]: "owner" } });
    expect((await read(bob)).status).toBe(403);
    expect((await read(charlie)).status).toBe(404);
    expect((await read(world.foreignKey)).status).toBe(403);
    expect((await read(world.key)).status).toBe(200);
  });
});
