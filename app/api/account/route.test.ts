import { beforeEach, describe, expect, test } from "vitest";
import { verifyPassword } from "@/lib/auth/password";
import { prisma } from "@/lib/db/client";
import { env } from "@/lib/env";
import { call } from "@/lib/testing/http";
import { makePerson, type TestPerson } from "@/lib/testing/people";
import { makeWorld } from "@/lib/testing/world";
import * as password from "./password/route";
import * as account from "./route";
import * as session from "./sessions/[id]/route";
import * as sessions from "./sessions/route";

let alice: TestPerson;
beforeEach(async () => {
  alice = await makePerson({ password: "correct horse battery" });
});

const statusOf = async (person: TestPerson) => (await call(account.GET, { headers: person.headers() })).status;

describe("an account", () => {
  test("is shown to its owner and takes a name", async () => {
    const shown = { id: alice.id, email: alice.email, name: "", has_password: true };
    expect((await call(account.GET, { headers: alice.headers() })).body).toEqual(shown);
    const changed = await call(account.PATCH, { method: "PATCH", headers: alice.headers(), body: { name: " Alice " } });
    expect(changed.body).toEqual({ ...shown, name: "Alice" });
  });

  test("is nobody's who comes with a key, and needs a session that is alive", async () => {
    const { key } = await makeWorld();
    expect((await call(account.GET, { key })).status).toBe(403);
    expect((await call(account.GET)).status).toBe(401);
    const forged = { ...alice.headers(), Cookie: "next-auth.session-token=forged" };
    expect((await call(account.GET, { headers: forged })).status).toBe(401);
    await prisma().userSession.update({ where: { id: alice.sessionId }, data: { expiresAt: new Date(0) } });
    expect(await statusOf(alice)).toBe(401);
  });

  test.each([
    ["another site", { Origin: "https://evil.example" }],
    ["a sandboxed page", { Origin: "null" }],
    ["no page at all", { Origin: "" }],
    [
      "the same name by another scheme",
      { Origin: env().BASE_URL.replace("http:", "https:"), Host: new URL(env().BASE_URL).host },
    ],
    ["another port of the same name", { Origin: `${env().BASE_URL}1`, Host: new URL(env().BASE_URL).host }],
  ])("is not changed from %s", async (_from, headers) => {
    const answer = await call(account.PATCH, {
      method: "PATCH",
      headers: { ...alice.headers(), ...headers },
      body: { name: "Mallory" },
    });
    expect(answer.status).toBe(403);
    expect((await prisma().user.findUniqueOrThrow({ where: { id: alice.id } })).name).toBe("");
  });
});

describe("a password", () => {
  const change = (body: unknown) => call(password.POST, { method: "POST", headers: alice.headers(), body });

  test("is changed by who knows the present one, and ends every other sign-in", async () => {
    const elsewhere = await prisma().userSession.create({
      data: { userId: alice.id, expiresAt: new Date(Date.now() + 60_000) },
    });
    const body = { current_password: "correct horse battery", password: "another one altogether" };
    expect((await change(body)).status).toBe(204);
    const user = await prisma().user.findUniqueOrThrow({ where: { id: alice.id } });
    expect(await verifyPassword("another one altogether", user.passwordHash ?? "")).toBe(true);
    expect((await prisma().userSession.findUniqueOrThrow({ where: { id: elsewhere.id } })).endedAt).not.toBeNull();
    expect(await statusOf(alice)).toBe(200);
  });

  test.each([
    ["a wrong present one", { current_password: "guess", password: "another one altogether" }, "current_password"],
    ["none", { password: "another one altogether" }, "current_password"],
    ["a short new one", { current_password: "correct horse battery", password: "short" }, "password"],
  ])("is not changed with %s", async (_what, body, field) => {
    const answer = await change(body);
    expect([answer.status, (answer.body as { invalid_params: { name: string }[] }).invalid_params[0]?.name]).toEqual([
      400,
      field,
    ]);
    const user = await prisma().user.findUniqueOrThrow({ where: { id: alice.id } });
    expect(await verifyPassword("correct horse battery", user.passwordHash ?? "")).toBe(true);
  });
});

describe("sign-ins", () => {
  test("are listed and ended, one or all others, and nobody ends another's", async () => {
    const bob = await makePerson();
    const made = await Promise.all(
      [1, 2].map(() =>
        prisma().userSession.create({ data: { userId: alice.id, expiresAt: new Date(Date.now() + 60_000) } }),
      ),
    );
    const list = async () =>
      (
        (await call(sessions.GET, { headers: alice.headers() })).body as {
          sessions: { id: string; current: boolean; user_agent: string }[];
        }
      ).sessions;
    expect((await list()).map((one) => one.id).sort()).toEqual([alice.sessionId, ...made.map((one) => one.id)].sort());
    expect((await list()).filter((one) => one.current)).toMatchObject([
      { id: alice.sessionId, user_agent: "test browser" },
    ]);
    const end = (person: TestPerson, id: string) =>
      call(session.DELETE, { method: "DELETE", headers: person.headers(), params: { id } });
    await end(bob, made[0]?.id ?? "");
    expect(await list()).toHaveLength(3);
    await end(alice, made[0]?.id ?? "");
    expect(await list()).toHaveLength(2);
    await call(sessions.DELETE, { method: "DELETE", headers: alice.headers() });
    expect((await list()).map((one) => one.id)).toEqual([alice.sessionId]);
    expect(await statusOf(bob)).toBe(200);
  });
});
