import { beforeEach, expect, test } from "vitest";
import * as account from "@/app/api/account/route";
import { prisma } from "@/lib/db/client";
import { call } from "@/lib/testing/http";
import { makePerson, type TestPerson } from "@/lib/testing/people";
import { GET, POST } from "./route";

const PASSWORD = "correct horse battery";

let alice: TestPerson;
let jar: Map<string, string>;
beforeEach(async () => {
  alice = await makePerson({ password: PASSWORD });
  jar = new Map();
});

const cookies = () => [...jar].map(([name, value]) => `${name}=${value}`).join("; ");

async function ask(path: string, body?: Record<string, string>): Promise<Response> {
  const request = new Request(new URL(`/api/auth/${path}`, "http://pulsetrail.test"), {
    method: body === undefined ? "GET" : "POST",
    headers: { Cookie: cookies(), "Content-Type": "application/x-www-form-urlencoded", "User-Agent": "test browser" },
    ...(body !== undefined && { body: new URLSearchParams({ ...body, json: "true" }).toString() }),
  });
  const args = { params: Promise.resolve({ nextauth: path.split("/") }) };
  const answer = await (body === undefined ? GET : POST)(request, args);
  for (const cookie of answer.headers.getSetCookie()) {
    const [name = "", value = ""] = (cookie.split(";")[0] ?? "").split("=");
    if (value === "") jar.delete(name);
    else jar.set(name, value);
  }
  return answer;
}

const csrfToken = async (): Promise<string> => ((await (await ask("csrf")).json()) as { csrfToken: string }).csrfToken;

async function signIn(password: string): Promise<number> {
  return (await ask("callback/password", { csrfToken: await csrfToken(), email: alice.email, password })).status;
}

const statusHere = async () => (await call(account.GET, { headers: { Cookie: cookies() } })).status;

test("the right password opens a session that lives until it is signed out", async () => {
  expect(await signIn(PASSWORD)).toBe(200);
  expect(await statusHere()).toBe(200);
  const kept = cookies();
  await ask("signout", { csrfToken: await csrfToken() });
  expect(await statusHere()).toBe(401);
  // The cookie alone, had somebody kept it, is worth nothing any more.
  expect((await call(account.GET, { headers: { Cookie: kept } })).status).toBe(401);
  expect(await prisma().userSession.count({ where: { userId: alice.id, endedAt: null } })).toBe(1);
});

test("a form larger than any of ours is refused unread", async () => {
  const answer = await ask("callback/password", { csrfToken: await csrfToken(), password: "x".repeat(100_000) });
  expect(answer.status).toBe(413);
  expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
});

test("nobody writes into our log from outside", async () => {
  expect((await ask("_log", { level: "error", code: "MADE_UP", message: "made up" })).status).toBe(404);
});

test("a wrong password opens none", async () => {
  expect(await signIn("wrong")).toBe(401);
  expect(await statusHere()).toBe(401);
});

test("a form of another site, which cannot know the token, opens none", async () => {
  await csrfToken();
  await ask("callback/password", { csrfToken: "forged", email: alice.email, password: PASSWORD });
  expect(await statusHere()).toBe(401);
});
