import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Role } from "@/lib/auth/caller";
import { prisma } from "@/lib/db/client";
import type { Handler } from "@/lib/http/route";
import { signalRoute } from "@/lib/http/signal-route";
import { makeCheck } from "@/lib/testing/checks";
import { type Answered, call } from "@/lib/testing/http";
import { makeChannel } from "@/lib/testing/management";
import { makePerson, type TestPerson } from "@/lib/testing/people";
import { makeWorkflow } from "@/lib/testing/workflows";
import { makeWorld, type World } from "@/lib/testing/world";

const WRITES = ["POST", "PUT", "PATCH", "DELETE"] as const;

/** What concerns a person and no project, or asks for something else than a role. */
const OF_NO_ROLE =
  /^(account|approve|auth|cron|invitations|sign-in-links|sign-up)\/|^(POST projects|POST approvals\/\[id\]\/view|POST instances\/compare|POST instances\/\[id\]\/lookup|POST workflows\/\[id\]\/budget\/preview|\w+ \[\[\.\.\.missing\]\])$/;
/** Below a project's own address everything is for admins, but leaving. */
const OF_ADMINS = /^projects\/\[id\]/;
/** Anybody may leave, but takes nobody else out. */
const LEAVING = "DELETE projects/[id]/members/[userId]";

type Endpoint = { name: string; path: string; method: (typeof WRITES)[number]; handler: Handler };

const files = readdirSync("app/api", { recursive: true, encoding: "utf8" }).filter((path) =>
  path.endsWith("/route.ts"),
);

async function endpointsOf(file: string): Promise<Endpoint[]> {
  const routes: Partial<Record<string, Handler>> = await import(/* @vite-ignore */ resolve("app/api", file));
  const path = file.replace(/\/route\.ts$/, "");
  const all = WRITES.flatMap((method) => {
    const handler = routes[method];
    // Signals are taken from whoever knows the address: each dialect tests its own.
    return handler === undefined || handler === signalRoute
      ? []
      : [{ name: `${method} ${path}`, path, method, handler }];
  });
  const params = { version: "v3" };
  const answers = await Promise.all(all.map(({ handler, method }) => call(handler, { method, params })));
  return all.filter((_, at) => answers[at]?.status !== 405);
}

const endpoints = (await Promise.all(files.map(endpointsOf)))
  .flat()
  .filter(({ name, path }) => !OF_NO_ROLE.test(name) && !OF_NO_ROLE.test(`${path}/`));

let world: World;
let ids: Record<string, string>;
let people: Record<Exclude<Role, "owner">, TestPerson>;
let alice: TestPerson;
let charlie: TestPerson;

beforeAll(async () => {
  world = await makeWorld();
  const { id: projectId } = world.project;
  const join = (role: Role) => makePerson({ memberships: { [projectId]: role } });
  people = { admin: await join("admin"), member: await join("member"), viewer: await join("viewer") };
  alice = await join("owner");
  charlie = await makePerson({ memberships: { [world.foreign.id]: "owner" } });
  const alert = await prisma().alert.create({
    data: {
      projectId,
      type: "check.down",
      severity: "critical",
      subjectType: "check",
      subjectId: "x",
      subjectName: "x",
      message: "x",
      dedupKey: randomUUID(),
      occurredAt: new Date(),
    },
  });
  const channels = await makeChannel(projectId, "c");
  const delivery = await prisma().delivery.create({
    data: { projectId, alertId: alert.id, channelId: channels, event: "check.down", subjectId: "x", status: "failed" },
  });
  const invitation = await prisma().invitation.create({
    data: {
      projectId,
      email: "x@example.com",
      role: "viewer",
      hash: new Uint8Array(Buffer.from(randomUUID())),
      invitedBy: `user:${alice.id}`,
      expiresAt: new Date(Date.now() + 60_000),
    },
  });
  const key = await prisma().apiKey.findFirstOrThrow({ where: { projectId } });
  ids = {
    version: "v3",
    n: "1",
    alerts: String(alert.id),
    channels,
    deliveries: delivery.id,
    projects: projectId,
    checks: await makeCheck(projectId),
    workflows: await makeWorkflow(projectId),
    keyId: key.id,
    userId: alice.id,
    invitationId: invitation.id,
  };
});

/** Asks with the ids of what is really there, so that only the role or the project can be the reason of a refusal. */
function ask(
  { path, method, handler }: Endpoint,
  headers: Record<string, string>,
  body: object = {},
): Promise<Answered> {
  const segments = path.split("/");
  const named = segments.flatMap((segment, at) => {
    const name = /^\[(\w+)\]$/.exec(segment)?.[1];
    return name === undefined ? [] : [[name, ids[name === "id" ? (segments[at - 1] ?? "") : name] ?? randomUUID()]];
  });
  return call(handler, { method, headers, params: Object.fromEntries(named), body });
}

/** Everything there is, to see that a refusal changed nothing. */
async function stored(): Promise<unknown> {
  const where = { id: world.project.id };
  const include = {
    memberships: true,
    apiKeys: true,
    checks: true,
    channels: true,
    alerts: true,
    invitations: true,
    workflows: true,
  };
  return prisma().project.findUniqueOrThrow({ where, include });
}

test("there are endpoints that write, and those of the projects are among them", () => {
  expect(endpoints.length).toBeGreaterThan(15);
  expect(endpoints.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["DELETE projects/[id]", "POST channels", "DELETE [version]/checks/[id]", LEAVING]),
  );
});

describe.each(endpoints)("$name", (endpoint) => {
  test("is refused to a viewer, and to a member where it is for admins", async () => {
    const before = await stored();
    expect((await ask(endpoint, people.viewer.headers(world.project.id))).status).toBe(403);
    const asMember = (await ask(endpoint, people.member.headers(world.project.id))).status;
    if (OF_ADMINS.test(endpoint.path)) {
      expect(asMember).toBe(403);
      expect(await stored()).toEqual(before);
    } else {
      expect(asMember).not.toBe(403);
    }
  });

  test("is not there for Charlie, whichever project is named", async () => {
    const before = await stored();
    expect((await ask(endpoint, charlie.headers(world.project.id))).status).toBe(404);
    // With a body that would do for any of them: what comes first, the ids or the fields, is each one's own.
    const person = { role: "viewer", scopes: ["read"], email: "x@example.org" };
    const all = { until: null, confirm: "Test", name: "x", fork_from_stage: "1", ...person };
    // Where a field too many is refused, by one that is known.
    const own: Record<string, object> = {
      "workflows/[id]": { name: "x" },
      "workflows/[id]/budget": {},
      "instances/[id]/reserve": { estimated_cost_usd: 1 },
      "instances/[id]/expected": { expected: true },
    };
    const body = own[endpoint.path] ?? all;
    if (endpoint.path.includes("[id]")) expect((await ask(endpoint, charlie.headers(), body)).status).toBe(404);
    expect(await stored()).toEqual(before);
  });

  test("is not done for a page of another site", async () => {
    const headers = { ...alice.headers(world.project.id), Origin: "https://evil.example" };
    expect((await ask(endpoint, headers)).status).toBe(403);
  });
});

test("an admin is no owner", async () => {
  const headers = people.admin.headers(world.project.id);
  const named = (name: string): Endpoint => {
    const found = endpoints.find((endpoint) => endpoint.name === name);
    if (found === undefined) throw new Error(name);
    return found;
  };
  expect((await ask(named("DELETE projects/[id]"), headers, { confirm: "Test" })).status).toBe(403);
  expect((await ask(named(LEAVING), headers)).status).toBe(403);
  expect((await ask(named("PATCH projects/[id]/members/[userId]"), headers, { role: "admin" })).status).toBe(403);
  expect((await ask(named("PATCH projects/[id]"), headers, { name: "Test" })).status).toBe(200);
});
