import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { prisma } from "@/lib/db/client";
import { settle } from "@/lib/env";
import { makePerson } from "@/lib/testing/people";
import { signInWithProvider, type Vouched } from "./providers";
import { findSignedIn } from "./sessions";
import { signInWithPassword } from "./sign-in";

const PASSWORD = "a long enough password";
const DEVICE = { address: "192.0.2.1", userAgent: "test" };

let vouched: Vouched & { email: string };
beforeEach(() => {
  vouched = { provider: "github", accountId: randomUUID(), email: `${randomUUID()}@example.com`, name: "Gina" };
});
afterEach(() => settle({ SIGNUPS: "" }));

const userIdOf = async (given: Vouched): Promise<string | undefined> => {
  const found = await signInWithProvider(given, "test");
  return typeof found === "string" ? undefined : found.userId;
};

test("somebody new is let in where sign-up is open, and nowhere else", async () => {
  expect(await signInWithProvider(vouched, "test")).toBe("AccessDenied");
  settle({ SIGNUPS: "open" });
  const id = await userIdOf(vouched);
  const user = await prisma().user.findUniqueOrThrow({ where: { email: vouched.email } });
  expect(user).toMatchObject({ id, name: "Gina", passwordHash: null });
  expect(user.emailVerifiedAt).not.toBeNull();
});

test("an account stays linked when its address changes, is not verified, or is another's", async () => {
  settle({ SIGNUPS: "open" });
  const other = await makePerson();
  const id = await userIdOf(vouched);
  expect(await userIdOf({ ...vouched, email: null })).toBe(id);
  expect(await userIdOf({ ...vouched, email: other.email })).toBe(id);
  expect(await userIdOf({ ...vouched, provider: "google", email: null })).toBeUndefined();
});

test("without a verified address nobody is let in, and nothing is changed", async () => {
  settle({ SIGNUPS: "open" });
  const accounts = await prisma().account.count();
  expect(await signInWithProvider({ ...vouched, email: null }, "test")).toBe("Unverified");
  expect(await prisma().account.count()).toBe(accounts);
});

test("the first proof of an address ends what was made without one; a later one ends nothing", async () => {
  const first = await makePerson({ password: PASSWORD });
  const given = { ...vouched, email: first.email.toUpperCase() };
  expect(await userIdOf(given)).toBe(first.id);
  expect(await findSignedIn(first.sessionId)).toBeNull();
  expect(await signInWithPassword({ email: first.email, password: PASSWORD }, DEVICE)).toBeNull();

  const proven = await makePerson({ password: PASSWORD });
  await prisma().user.update({ where: { id: proven.id }, data: { emailVerifiedAt: new Date() } });
  expect(await userIdOf({ ...vouched, accountId: randomUUID(), email: proven.email })).toBe(proven.id);
  expect(await findSignedIn(proven.sessionId)).not.toBeNull();
  expect(await signInWithPassword({ email: proven.email, password: PASSWORD }, DEVICE)).not.toBeNull();
});

test("two requests at the same moment make one account with one project", async () => {
  settle({ SIGNUPS: "open" });
  const ids = await Promise.all([1, 2, 3, 4].map(() => userIdOf(vouched)));
  expect(new Set(ids).size).toBe(1);
  expect(ids[0]).toBeDefined();
  expect(await prisma().membership.count({ where: { userId: ids[0] ?? "" } })).toBe(1);
});
