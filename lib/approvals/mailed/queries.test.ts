import { beforeAll, describe, expect, test } from "vitest";
import { randomToken } from "@/lib/core/ids";
import { pool } from "@/lib/db/pool";
import { approvalChecksum, makeApproval, makeLink } from "@/lib/testing/approval-links";
import { makePerson, type TestPerson } from "@/lib/testing/people";
import { makeWorld, type World } from "@/lib/testing/world";
import { findLinked } from "./queries";

let world: World;
let alice: TestPerson;

beforeAll(async () => {
  world = await makeWorld();
  alice = await makePerson({ memberships: { [world.project.id]: "member" } });
});

async function linkTo(fields: Parameters<typeof makeApproval>[1] = {}, person = alice): Promise<string> {
  const approvalId = await makeApproval(world.project.id, fields);
  return makeLink({ projectId: world.project.id, approvalId, userId: person.id }, "approve");
}

test("a link tells what is asked, of whom, and what happens then", async () => {
  const token = await linkTo({ context: "Publish", action: "publish", args: { n: 1 }, need: 2, risk: "low" });
  expect(await findLinked(token)).toMatchObject({
    project: { id: world.project.id, name: "Test" },
    recipient: { id: alice.id, email: alice.email },
    decision: "approve",
    standing: "open",
    asked: { context: "Publish", action: "publish", args: { n: 1 } },
    requester: "key:deployer",
    risk: "low",
    need: 2,
    approved: 0,
    timeoutAction: "deny",
    outcome: null,
  });
});

test("one that time has decided, unnoticed, is shown decided at its deadline", async () => {
  const token = await linkTo({ leftMs: -1000, timeoutAction: "approve" });
  const linked = await findLinked(token);
  expect(linked?.standing).toBe("decided");
  expect(linked?.outcome).toEqual({ status: "approved", by: null, at: linked?.expiresAt, notes: null });
});

test.each([
  ["by a person", { decidedBy: "user:b", deciderName: "bob@example.org" }, "bob@example.org"],
  ["by time", { decidedBy: "timeout", deciderName: "timeout" }, null],
])("a decision %s is told with when and why", async (_who, by, shown) => {
  const decidedAt = new Date();
  const token = await linkTo({ status: "denied", ...by, decidedAt, notes: "Not today", dueAt: null });
  const outcome = { status: "denied", by: shown, at: decidedAt.toISOString(), notes: "Not today" };
  expect(await findLinked(token)).toMatchObject({ standing: "decided", outcome });
});

describe("people who may not any more", () => {
  test("a viewer is told so", async () => {
    const viewer = await makePerson({ memberships: { [world.project.id]: "viewer" } });
    expect((await findLinked(await linkTo({}, viewer)))?.standing).toBe("forbidden");
  });

  test("who has left is told so", async () => {
    const stranger = await makePerson({ memberships: { [world.foreign.id]: "owner" } });
    expect((await findLinked(await linkTo({}, stranger)))?.standing).toBe("left");
  });
});

test("what was never a token leads nowhere", async () => {
  const token = await linkTo();
  const wrong = [
    randomToken(43),
    token.slice(0, -1),
    token.slice(1),
    `${token}A`,
    token.toLowerCase(),
    ` ${token}`,
    `${token}\0`,
    `${token}'--`,
    "",
    "x".repeat(5000),
  ];
  expect(await Promise.all(wrong.map((one) => findLinked(one)))).toEqual(wrong.map(() => null));
});

test("looking changes nothing", async () => {
  const tokens = [await linkTo(), await linkTo({ leftMs: -1 }), await linkTo({ risk: "high" }), randomToken(43)];
  const before = await approvalChecksum();
  await Promise.all(Array.from({ length: 100 }, (_, at) => findLinked(tokens[at % tokens.length] ?? "")));
  expect(await approvalChecksum()).toBe(before);
  // The checksum sees what it should.
  await pool().query("UPDATE approvals SET notes = 'x' WHERE project_id = $1", [world.project.id]);
  expect(await approvalChecksum()).not.toBe(before);
});
