import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { prisma } from "@/lib/db/client";
import { type Asked, type Shown, send, shown } from "@/lib/testing/management";
import { makePerson } from "@/lib/testing/people";
import { signal } from "@/lib/testing/signals";
import { makeWorld, type World } from "@/lib/testing/world";
import * as flips from "./[id]/flips/route";
import * as pause from "./[id]/pause/route";
import * as body from "./[id]/pings/[n]/body/route";
import * as pings from "./[id]/pings/route";
import * as resume from "./[id]/resume/route";
import * as check from "./[id]/route";
import * as checks from "./route";

let world: World;
let readKey: string;
beforeEach(async () => {
  world = await makeWorld();
  readKey = await world.project.key(["read"]);
});

type Routes = Parameters<typeof send>[0];

const ask = (routes: Routes, method: "GET" | "POST" | "DELETE", id = "", asked: Asked = {}) =>
  send(routes, method, { key: world.key, id, ...asked });

async function create(input: object = {}): Promise<Shown> {
  const answer = await ask(checks, "POST", "", { body: input });
  expect(answer.status).toBe(201);
  return shown(answer);
}

/** Every endpoint about one check, and whether a key that only reads may use it. */
const ENDPOINTS = [
  ["GET", check, true],
  ["POST", check, false],
  ["DELETE", check, false],
  ["POST", pause, false],
  ["POST", resume, false],
  ["GET", pings, false],
  ["GET", body, false],
  ["GET", flips, true],
] as const;

describe.each(ENDPOINTS)("%s %#", (method, routes, readable) => {
  const asked = (more: Asked = {}): Asked => ({ n: "1", ...(method === "POST" && { body: {} }), ...more });

  test("knows no check of a uuid that does not exist, also when it is none", async () => {
    for (const id of [randomUUID(), "nonsense", "0".repeat(40), "%00"]) {
      const answer = await ask(routes, method, id, asked());
      expect([answer.status, answer.body]).toEqual([404, { error: expect.any(String) }]);
    }
  });

  test("gives Charlie nothing and lets Charlie change nothing", async () => {
    const made = await create({ name: "Alice's", timeout: 60 });
    await signal(made.uuid, { body: Buffer.from("private") });
    await ask(pause, "POST", made.uuid);
    const before = await ask(check, "GET", made.uuid);
    // A wrong body must not tell more than a right one.
    for (const input of [{}, { name: 1 }, { name: "Charlie's" }]) {
      const answer = await ask(
        routes,
        method,
        made.uuid,
        asked({ key: world.foreignKey, ...(method === "POST" && { body: input }) }),
      );
      expect([answer.status, answer.text]).toEqual([403, expect.not.stringContaining("Alice")]);
    }
    expect((await ask(check, "GET", made.uuid)).body).toEqual(before.body);
    expect(await prisma().auditEntry.count({ where: { projectId: world.foreign.id } })).toBe(0);
  });

  test(`is ${readable ? "open" : "closed"} to a key that only reads`, async () => {
    const made = await create({ name: "1" });
    const answer = await ask(routes, method, made.uuid, asked({ key: readKey }));
    expect(answer.status).toBe(readable ? 200 : 401);
    if (!readable) expect(answer.body).toEqual({ error: "wrong api key" });
  });
});

test("who may look may read bodies when signed in, but nobody of another project", async () => {
  const { uuid } = await create({ name: "1" });
  await signal(uuid, { body: Buffer.from("private") });
  const { id: projectId } = world.project;
  const viewer = await makePerson({ memberships: { [projectId]: "viewer" } });
  const charlie = await makePerson({ memberships: { [world.foreign.id]: "owner" } });
  const read = (headers: Record<string, string>) => send(body, "GET", { id: uuid, n: "1", headers });
  expect(await read(viewer.headers(projectId))).toMatchObject({ status: 200, text: "private" });
  expect((await read(charlie.headers(projectId))).status).toBe(404);
  expect(await read(charlie.headers())).toMatchObject({ status: 404, text: expect.not.stringContaining("private") });
});
