import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as links from "@/app/api/sign-in-links/route";
import { findLink, redeemLink } from "@/lib/auth/links";
import { findSignedIn } from "@/lib/auth/sessions";
import { signInWithPassword } from "@/lib/auth/sign-in";
import { prisma } from "@/lib/db/client";
import { settle } from "@/lib/env";
import { call } from "@/lib/testing/http";
import { makePerson } from "@/lib/testing/people";
import { openSink, type Sink } from "@/lib/testing/sink";
import * as route from "./route";

const PASSWORD = "a long enough password";
const DEVICE = { address: "192.0.2.1", userAgent: "test" };
const FROM_US = { Origin: "http://pulsetrail.test" };

let email: string;
beforeEach(() => {
  email = `${randomUUID()}@example.com`;
});
afterEach(() => {
  settle({ SIGNUPS: "", RESEND_API_KEY: "", RESEND_BASE_URL: "", EMAIL_FROM: "", RATE_LIMITS: "off" });
});

async function withMail(): Promise<Sink> {
  const sink = await openSink({ status: 200, headers: { "Content-Type": "application/json" }, body: '{"id":"m"}' });
  const url = new URL(sink.url).origin;
  settle({ RESEND_API_KEY: "re_test", RESEND_BASE_URL: url, EMAIL_FROM: "Test <t@example.com>" });
  return sink;
}

const signUp = (body: unknown, headers: Record<string, string> = FROM_US) =>
  call(route.POST, { method: "POST", headers, body });
const askLink = (body: unknown) => call(links.POST, { method: "POST", headers: FROM_US, body });

const tokenIn = (sink: Sink, at = 0): string => /token=(\w+)/.exec(sink.received[at]?.body ?? "")?.[1] ?? "";

describe("sign-up", () => {
  test("is closed unless it is opened", async () => {
    expect((await signUp({ email, password: PASSWORD })).status).toBe(403);
    expect(await prisma().user.count({ where: { email } })).toBe(0);
  });

  test("where no mail can leave makes an account with a project of its own at once", async () => {
    settle({ SIGNUPS: "open" });
    const answer = await signUp({ email: ` ${email.toUpperCase()} `, password: PASSWORD, name: "Ann" });
    expect([answer.status, answer.body]).toEqual([202, { confirm: false }]);
    const opened = await signInWithPassword({ email, password: PASSWORD }, DEVICE);
    expect(await findSignedIn(opened?.sessionId ?? "")).toMatchObject({ user: { email, name: "Ann" } });
    const memberships = await prisma().membership.findMany({ where: { userId: opened?.userId ?? "" } });
    expect(memberships.map((one) => one.role)).toEqual(["owner"]);
  });

  test("for an address that is known changes nothing and is answered alike", async () => {
    settle({ SIGNUPS: "open" });
    const known = await makePerson({ password: PASSWORD });
    const answer = await signUp({ email: known.email, password: "somebody else's password" });
    expect([answer.status, answer.body]).toEqual([202, { confirm: false }]);
    expect(await signInWithPassword({ email: known.email, password: "somebody else's password" }, DEVICE)).toBeNull();
    expect(await signInWithPassword({ email: known.email, password: PASSWORD }, DEVICE)).not.toBeNull();
  });

  test("where mail can leave makes the account when the address is confirmed, once", async () => {
    const sink = await withMail();
    settle({ SIGNUPS: "open" });
    expect((await signUp({ email, password: PASSWORD })).body).toEqual({ confirm: true });
    await sink.got(1);
    expect(JSON.parse(sink.received[0]?.body ?? "")).toMatchObject({ to: email });
    expect(await prisma().user.count({ where: { email } })).toBe(0);
    const token = tokenIn(sink);
    expect(await findLink(token)).toEqual({ email, purpose: "sign_up" });
    expect(await findLink(token)).toEqual({ email, purpose: "sign_up" });
    const [first, second] = await Promise.all([redeemLink(token, DEVICE), redeemLink(token, DEVICE)]);
    expect([first, second].filter((one) => one !== null)).toHaveLength(1);
    expect(await findLink(token)).toBeNull();
    expect(await signInWithPassword({ email, password: PASSWORD }, DEVICE)).not.toBeNull();
  });

  test.each([
    [{ email: "nobody", password: PASSWORD }, "email"],
    [{ email: "a@b.example\nBcc: x@y.example", password: PASSWORD }, "email"],
    [{ email: "a@b.example", password: "short" }, "password"],
    [{ email: "a@b.example" }, "password"],
  ])("refuses %j beside the field", async (body, field) => {
    settle({ SIGNUPS: "open" });
    expect(await signUp(body)).toMatchObject({ status: 400, body: { invalid_params: [{ name: field }] } });
  });

  test("is not done from other sites", async () => {
    settle({ SIGNUPS: "open" });
    expect((await signUp({ email, password: PASSWORD }, { Origin: "https://evil.example" })).status).toBe(403);
    expect((await signUp({ email, password: PASSWORD }, {})).status).toBe(403);
  });
});

describe("a link to sign in", () => {
  test("cannot be asked for where no mail can leave, whoever asks", async () => {
    const known = await makePerson();
    expect((await askLink({ email })).status).toBe(503);
    expect((await askLink({ email: known.email })).status).toBe(503);
  });

  test("goes to people who are known, and the answer tells nobody who is", async () => {
    const sink = await withMail();
    const known = await makePerson();
    const answers = [await askLink({ email }), await askLink({ email: known.email })];
    expect(answers.map((answer) => [answer.status, answer.body])).toEqual([
      [202, { sent: true }],
      [202, { sent: true }],
    ]);
    await sink.got(1);
    expect(JSON.parse(sink.received[0]?.body ?? "")).toMatchObject({ to: known.email });
    expect(await redeemLink(tokenIn(sink), DEVICE)).toMatchObject({ userId: known.id });
    expect(sink.received).toHaveLength(1);
  });

  test("ends what somebody set up in another's name", async () => {
    const sink = await withMail();
    const squatter = await makePerson({ password: PASSWORD });
    await askLink({ email: squatter.email });
    await sink.got(1);
    expect(await redeemLink(tokenIn(sink), DEVICE)).not.toBeNull();
    expect(await findSignedIn(squatter.sessionId)).toBeNull();
    expect(await signInWithPassword({ email: squatter.email, password: PASSWORD }, DEVICE)).toBeNull();
  });

  test.each([
    ["/projects/1?tab=a&b=2", "&next=%2Fprojects%2F1%3Ftab%3Da%26b%3D2"],
    ["//evil.example", ""],
    ["https://evil.example/", ""],
  ])("leads to what was asked for, if that is ours: %s", async (next, ending) => {
    const sink = await withMail();
    const known = await makePerson();
    await askLink({ email: known.email, next });
    await sink.got(1);
    const { text } = JSON.parse(sink.received[0]?.body ?? "{}");
    expect(text).toMatch(/token=\w+/);
    expect(/token=\w+(\S*)/.exec(text)?.[1]).toBe(ending);
  });

  test("works for half an hour", async () => {
    const sink = await withMail();
    const known = await makePerson();
    await askLink({ email: known.email });
    await sink.got(1);
    await prisma().verification.updateMany({ where: { email: known.email }, data: { expiresAt: new Date(0) } });
    expect(await redeemLink(tokenIn(sink), DEVICE)).toBeNull();
    expect(await redeemLink("forged", DEVICE)).toBeNull();
  });
});

describe("signing in by password", () => {
  test("does not tell an unknown address from a wrong password", async () => {
    const known = await makePerson({ password: PASSWORD });
    const without = await makePerson();
    const tries = [email, known.email, without.email].map((address) =>
      signInWithPassword({ email: address, password: "wrong" }, DEVICE),
    );
    expect(await Promise.all(tries)).toEqual([null, null, null]);
  });

  test("stops after ten tries for one person, whatever the eleventh knows", async () => {
    settle({ RATE_LIMITS: "on" });
    const known = await makePerson({ password: PASSWORD });
    for (let count = 0; count < 10; count += 1)
      expect(await signInWithPassword({ email: known.email, password: "wrong" }, DEVICE)).toBeNull();
    await expect(signInWithPassword({ email: known.email, password: PASSWORD }, DEVICE)).rejects.toMatchObject({
      code: "rate_limited",
    });
  }, 60_000);
});
