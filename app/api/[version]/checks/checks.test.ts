import { beforeEach, describe, expect, test } from "vitest";
import { uniqueKey } from "@/lib/checks/dto";
import { prisma } from "@/lib/db/client";
import { call } from "@/lib/testing/http";
import { type Asked, makeChannel, type Shown, send, shown } from "@/lib/testing/management";
import { makeWorld, type World } from "@/lib/testing/world";
import * as channels from "../channels/route";
import * as status from "../status/route";
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

const channel = (name: string, projectId = world.project.id) => makeChannel(projectId, name);

describe("create", () => {
  test("with nothing gives the defaults and no channels", async () => {
    await channel("ops");
    const made = await create();
    expect(made).toMatchObject({
      name: "",
      slug: "",
      timeout: 86_400,
      grace: 3600,
      status: "new",
      n_pings: 0,
      last_ping: null,
      channels: "",
    });
  });

  test("with everything", async () => {
    const ops = await channel("ops");
    const input = {
      name: "Backup",
      slug: "backup",
      tags: "prod db",
      desc: "nightly",
      schedule: "0 3 * * *",
      tz: "Europe/Kiev",
      grace: 600,
      manual_resume: true,
      methods: "POST",
      start_kw: "START",
      success_kw: "OK",
      failure_kw: "ERROR",
      filter_subject: true,
      filter_body: true,
      filter_http_body: true,
      filter_default_fail: true,
    };
    const made = await create({ ...input, channels: "*" });
    expect(made).toMatchObject({ ...input, tz: "Europe/Kyiv", channels: ops, subject: "OK", subject_fail: "ERROR" });
    expect(made).not.toHaveProperty("timeout");
    expect(shown(await ask(check, "GET", made.uuid))).toEqual(made);
  });

  test("versions 1 and 2 make a slug of the name, and answer with their own addresses", async () => {
    const v1 = shown(await ask(checks, "POST", "", { version: "v1", body: { name: "My Job" } }));
    expect(v1).toMatchObject({ slug: "my-job", update_url: `http://pulsetrail.test/api/v1/checks/${v1.uuid}` });
    expect((await create({ name: "My Job" }))["slug"]).toBe("");
  });

  test("refusals name the field and make nothing", async () => {
    const refused = [
      [{ name: 1 }, "name is not a string"],
      [{ tz: "Europe/Atlantis" }, "tz is not a valid timezone"],
      [{ schedule: "0 0 31 2 *" }, "schedule is not a valid cron or OnCalendar expression"],
      [{ timeout: 59 }, "timeout is too small"],
      [{ timeout: 31_536_001 }, "timeout is too large"],
      [{ grace: null }, "grace is not a number"],
      [{ desc: "a\0b" }, "desc does not match pattern"],
      [{ unique: ["status"] }, "an item in 'unique' has unexpected value"],
    ] as const;
    for (const [input, words] of refused) {
      const answer = await ask(checks, "POST", "", { body: input });
      expect([answer.status, answer.body]).toEqual([400, { error: `json validation error: ${words}` }]);
    }
    expect(await prisma().check.count({ where: { projectId: world.project.id } })).toBe(0);
  });

  test("channels that cannot be told apart or do not exist make nothing", async () => {
    await Promise.all([channel("twin"), channel("twin"), channel("theirs", world.foreign.id)]);
    for (const [wanted, error] of [
      ["nobody", "invalid channel identifier: nobody"],
      ["theirs", "invalid channel identifier: theirs"],
      ["twin", "non-unique channel identifier: twin"],
      ["twin,", "non-unique channel identifier: twin"],
      [",twin", "empty channel identifier"],
    ]) {
      const answer = await ask(checks, "POST", "", { body: { channels: wanted } });
      expect([answer.status, answer.body]).toEqual([400, { error }]);
    }
    expect(await prisma().check.count({ where: { projectId: world.project.id } })).toBe(0);
    expect(await prisma().auditEntry.count({ where: { projectId: world.project.id } })).toBe(0);
  });

  test("unique updates the check that matches in every field", async () => {
    const first = await create({ name: "a", timeout: 60, tags: "x" });
    const again = await ask(checks, "POST", "", {
      body: { name: "a", timeout: 60, tags: "y", unique: ["name", "timeout"] },
    });
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ uuid: first.uuid, tags: "y" });
    await create({ name: "a", timeout: 120, unique: ["name", "timeout"] });
    await create({ tags: "z", unique: ["name", "tags"] });
    await create({ name: "a", unique: [] });
  });
});

test("parallel creates with one Idempotency-Key make one check, and all that succeed say the same", async () => {
  const headers = { "Idempotency-Key": "deploy-7" };
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => ask(checks, "POST", "", { body: { name: "once" }, headers })),
  );
  const made = answers.filter((answer) => answer.status === 201);
  expect(made.length).toBeGreaterThan(0);
  expect(answers.every((answer) => [201, 409].includes(answer.status))).toBe(true);
  expect(new Set(made.map((answer) => answer.text)).size).toBe(1);
  expect(await prisma().check.count({ where: { projectId: world.project.id } })).toBe(1);
  expect((await ask(checks, "POST", "", { body: { name: "once" }, headers })).body).toEqual(made[0]?.body);
});

describe("list", () => {
  const names = (answer: Parameters<typeof shown>[0]) => shown(answer).checks.map((one) => one["name"]);

  test("filters by whole tags, all of them, and by slug", async () => {
    await create({ name: "1", tags: "prod db", slug: "a" });
    await create({ name: "2", tags: "prod  web", slug: "b" });
    await create({ name: "3", tags: "production", slug: "a" });
    const list = (query: string) => ask(checks, "GET", "", { path: `/api/v3/checks/${query}` }).then(names);
    expect(await list("")).toEqual(["1", "2", "3"]);
    expect(await list("?tag=prod")).toEqual(["1", "2"]);
    expect(await list("?tag=prod&tag=web")).toEqual(["2"]);
    expect(await list("?tag=pro")).toEqual([]);
    expect(await list("?tag=%00")).toEqual([]);
    expect(await list("?slug=a")).toEqual(["1", "3"]);
    expect(await list("?slug=a&tag=db")).toEqual(["1"]);
    expect(await list("?slug=")).toEqual(["1", "2", "3"]);
    expect(await list("?slug=%00")).toEqual([]);
  });

  test("a key that only reads sees no way to ping", async () => {
    const made = await create({ name: "1" });
    const answer = await ask(checks, "GET", "", { key: readKey });
    expect(shown(answer).checks).toEqual([expect.objectContaining({ name: "1", unique_key: uniqueKey(made.uuid) })]);
    expect(answer.text).not.toContain(made.uuid);
  });
});

test("channels are listed for keys that write", async () => {
  const id = await channel("ops");
  const answer = await ask(channels, "GET");
  expect(answer.body).toEqual({ channels: [{ id, name: "ops", kind: "email" }] });
});

test("status needs no key", async () => {
  const answer = await call(status.GET, { params: { version: "v3" } });
  expect([answer.status, answer.text]).toEqual([200, "OK"]);
  expect((await call(status.GET, { params: { version: "v9" } })).status).toBe(404);
});
