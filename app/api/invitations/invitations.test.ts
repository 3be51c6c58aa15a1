import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as invitationRoute from "@/app/api/projects/[id]/invitations/[invitationId]/route";
import * as invitationsRoute from "@/app/api/projects/[id]/invitations/route";
import { signInWithPassword } from "@/lib/auth/sign-in";
import { sha256 } from "@/lib/core/ids";
import { prisma } from "@/lib/db/client";
import { settle } from "@/lib/env";
import { findOffer } from "@/lib/projects/invitation-queries";
import { type Answered, call } from "@/lib/testing/http";
import { makePerson, type TestPerson } from "@/lib/testing/people";
import { openSink } from "@/lib/testing/sink";
import { makeWorld, type World } from "@/lib/testing/world";
import * as acceptRoute from "./accept/route";
import * as signUpRoute from "./sign-up/route";

const PASSWORD = "a long enough password";
const FROM_US = { Origin: "http://pulsetrail.test" };

let world: World;
let alice: TestPerson;
let email: string;
beforeEach(async () => {
  world = await makeWorld();
  alice = await makePerson({ memberships: { [world.project.id]: "owner" } });
  email = `${randomUUID()}@example.com`;
});
afterEach(() => {
  settle({ RESEND_API_KEY: "", RESEND_BASE_URL: "", EMAIL_FROM: "", RATE_LIMITS: "off" });
});

type Issued = { id: string; link: string; mailed: boolean; role: string; email: string };

function invite(body: unknown, who: TestPerson = alice): Promise<Answered> {
  const params = { id: world.project.id };
  return call(invitationsRoute.POST, { method: "POST", headers: who.headers(world.project.id), params, body });
}

async function issued(role = "viewer"): Promise<Issued & { token: string }> {
  const answer = await invite({ email, role });
  expect(answer.status).toBe(201);
  const made = answer.body as Issued;
  return { ...made, token: made.link.split("/invite/")[1] ?? "" };
}

const revoke = (invitationId: string, who: TestPerson = alice) =>
  call(invitationRoute.DELETE, {
    method: "DELETE",
    headers: who.headers(world.project.id),
    params: { id: world.project.id, invitationId },
  });
const list = (headers: Record<string, string> = alice.headers(world.project.id)) =>
  call(invitationsRoute.GET, { headers, params: { id: world.project.id } });
const accept = (who: TestPerson, token: unknown) =>
  call(acceptRoute.POST, { method: "POST", headers: who.headers(), body: { token } });
const signUp = (body: object, headers: Record<string, string> = FROM_US) =>
  call(signUpRoute.POST, { method: "POST", headers, body: { name: "Dora", password: PASSWORD, ...body } });
const rolesOf = async (userId: string) =>
  (await prisma().membership.findMany({ where: { userId } })).map((one) => [one.projectId, one.role]);

describe("an invitation", () => {
  test("gives its link once and keeps only a hash", async () => {
    const made = await issued("admin");
    expect(made).toMatchObject({ email, role: "admin", mailed: false, invited_by: alice.email, expired: false });
    expect(made.link).toMatch(/^http:\/\/pulsetrail\.test\/invite\/\w{43}$/);
    const row = await prisma().invitation.findUniqueOrThrow({ where: { id: made.id } });
    expect(Buffer.from(row.hash)).toEqual(sha256(made.token));
    expect(Math.abs(row.expiresAt.getTime() - Date.now() - 7 * 86_400_000)).toBeLessThan(60_000);
    const listed = await list();
    expect(listed.body).toMatchObject({ invitations: [{ id: made.id, email, role: "admin" }], next_cursor: null });
    expect(listed.text).not.toContain(made.token);
    expect(await findOffer(made.token)).toEqual({ email, role: "admin", project: "Test", invited_by: alice.email });
  });

  test("is mailed where mail can leave, and stands when the mail is refused", async () => {
    const sink = await openSink(
      { status: 200, headers: { "Content-Type": "application/json" }, body: '{"id":"m"}' },
      { status: 422, headers: { "Content-Type": "application/json" }, body: '{"message":"no"}' },
    );
    settle({
      RESEND_API_KEY: "re_test",
      RESEND_BASE_URL: new URL(sink.url).origin,
      EMAIL_FROM: "Test <t@example.com>",
    });
    const made = await issued();
    expect(made.mailed).toBe(true);
    const mail = JSON.parse(sink.received[0]?.body ?? "") as { to: string; text: string };
    expect(mail.to).toBe(email);
    expect(mail.text).toContain(made.link);
    const again = await issued();
    expect(again.mailed).toBe(false);
    expect(await findOffer(again.token)).not.toBeNull();
  });

  test("replaces the one before to the same address", async () => {
    const first = await issued("admin");
    const second = await issued("viewer");
    expect(await findOffer(first.token)).toBeNull();
    expect((await list()).body).toMatchObject({ invitations: [{ id: second.id }] });
  });

  test("is not made for a member, nor by who may not, nor without sense", async () => {
    const member = await makePerson({ memberships: { [world.project.id]: "member" } });
    const admin = await makePerson({ memberships: { [world.project.id]: "admin" } });
    const already = await invite({ email: ` ${member.email.toUpperCase()} `, role: "viewer" });
    expect(already).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect((await invite({ email, role: "viewer" }, member)).status).toBe(403);
    expect((await invite({ email, role: "owner" }, admin)).status).toBe(403);
    for (const [body, field] of [
      [{ email: "nobody", role: "viewer" }, "email"],
      [{ email, role: "king" }, "role"],
    ] as const)
      expect(await invite(body)).toMatchObject({ status: 400, body: { invalid_params: [{ name: field }] } });
    expect(await prisma().invitation.count({ where: { projectId: world.project.id } })).toBe(0);
  });

  test("is seen and withdrawn by nobody of another project", async () => {
    const made = await issued();
    const charlie = await makePerson({ memberships: { [world.foreign.id]: "owner" } });
    expect((await list(charlie.headers())).status).toBe(404);
    expect((await revoke(made.id, charlie)).status).toBe(404);
    const params = { id: world.foreign.id, invitationId: made.id };
    const mixed = await call(invitationRoute.DELETE, { method: "DELETE", headers: charlie.headers(), params });
    expect(mixed.status).toBe(404);
    expect(await findOffer(made.token)).not.toBeNull();
  });

  test("stops at ten tries for one address", async () => {
    settle({ RATE_LIMITS: "on" });
    for (let count = 0; count < 10; count += 1) await issued();
    expect((await invite({ email, role: "viewer" })).status).toBe(429);
  });
});

describe("accepting", () => {
  test("joins whoever is signed in, once", async () => {
    const [dora, eve] = [await makePerson(), await makePerson()];
    const { token } = await issued("member");
    const answers = await Promise.all([accept(dora, token), accept(eve, token)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 404]);
    expect(answers.find((answer) => answer.status === 200)?.body).toEqual({ project_id: world.project.id });
    const joined = [...(await rolesOf(dora.id)), ...(await rolesOf(eve.id))];
    expect(joined).toEqual([[world.project.id, "member"]]);
    expect((await list()).body).toMatchObject({ invitations: [] });
  });

  test("leaves the offer to others when one is a member already", async () => {
    const { token } = await issued("member");
    expect((await accept(alice, token)).status).toBe(409);
    expect(await rolesOf(alice.id)).toEqual([[world.project.id, "owner"]]);
    expect(await findOffer(token)).not.toBeNull();
  });

  test.each([
    [
      "used",
      async (made: Issued) => prisma().invitation.update({ where: { id: made.id }, data: { acceptedAt: new Date() } }),
    ],
    ["withdrawn", async (made: Issued) => revoke(made.id)],
    [
      "expired",
      async (made: Issued) => prisma().invitation.update({ where: { id: made.id }, data: { expiresAt: new Date(0) } }),
    ],
    [
      "forged",
      async (made: Issued) =>
        prisma().invitation.update({ where: { id: made.id }, data: { hash: new Uint8Array(32).fill(1) } }),
    ],
  ])("is refused for one that is %s", async (_what, spoil) => {
    const made = await issued();
    await spoil(made);
    const dora = await makePerson();
    expect(await findOffer(made.token)).toBeNull();
    expect((await accept(dora, made.token)).status).toBe(404);
    expect((await signUp({ token: made.token })).status).toBe(404);
    expect(await rolesOf(dora.id)).toEqual([]);
    expect(await prisma().user.count({ where: { email } })).toBe(0);
  });

  test("needs a person and a page of ours", async () => {
    const { token } = await issued();
    const dora = await makePerson();
    const body = { token };
    expect((await call(acceptRoute.POST, { method: "POST", key: world.key, body })).status).toBe(403);
    expect((await call(acceptRoute.POST, { method: "POST", body })).status).toBe(401);
    const elsewhere = { ...dora.headers(), Origin: "https://evil.example" };
    expect((await call(acceptRoute.POST, { method: "POST", headers: elsewhere, body })).status).toBe(403);
    expect((await signUp({ token }, { Origin: "https://evil.example" })).status).toBe(403);
    expect((await accept(dora, 1)).status).toBe(400);
  });
});

describe("signing up by an invitation", () => {
  test("makes the account of the invited address, with this project and no other, though sign-up is closed", async () => {
    const { token } = await issued("viewer");
    expect(await signUp({ token })).toMatchObject({ status: 202, body: { email, project_id: world.project.id } });
    const opened = await signInWithPassword({ email, password: PASSWORD }, { address: "192.0.2.1", userAgent: "" });
    const user = await prisma().user.findUniqueOrThrow({ where: { email } });
    expect(opened?.userId).toBe(user.id);
    expect(user).toMatchObject({ name: "Dora", emailVerifiedAt: null });
    expect(await rolesOf(user.id)).toEqual([[world.project.id, "viewer"]]);
    expect((await signUp({ token })).status).toBe(404);
  });

  test("makes no second account and changes none", async () => {
    const dora = await makePerson({ password: PASSWORD });
    email = dora.email;
    const { token } = await issued();
    expect((await signUp({ token, password: "somebody else's" })).status).toBe(409);
    expect(await rolesOf(dora.id)).toEqual([]);
    expect((await accept(dora, token)).status).toBe(200);
  });

  test.each([
    [{ password: "short" }, "password"],
    [{ name: "a\nb" }, "name"],
    [{ token: undefined }, "token"],
  ])("refuses %j beside the field", async (body, field) => {
    const { token } = await issued();
    expect(await signUp({ token, ...body })).toMatchObject({
      status: 400,
      body: { invalid_params: [{ name: field }] },
    });
  });

  test("is limited", async () => {
    settle({ RATE_LIMITS: "on" });
    const token = randomUUID();
    const tries = await Promise.all(Array.from({ length: 11 }, () => signUp({ token })));
    expect(tries.map((answer) => answer.status).sort()).toEqual([...Array<number>(10).fill(404), 429]);
  }, 60_000);
});
