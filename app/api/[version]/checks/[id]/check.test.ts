import { beforeEach, describe, expect, test } from "vitest";
import { uniqueKey } from "@/lib/checks/dto";
import { prisma } from "@/lib/db/client";
import { type Asked, makeChannel, type Shown, send, shown } from "@/lib/testing/management";
import { signal } from "@/lib/testing/signals";
import { makeWorld, type World } from "@/lib/testing/world";
import * as checks from "../route";
import * as flips from "./flips/route";
import * as pause from "./pause/route";
import * as body from "./pings/[n]/body/route";
import * as pings from "./pings/route";
import * as resume from "./resume/route";
import * as check from "./route";

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

describe("one check", () => {
  test("by uuid and by unique key", async () => {
    const made = await create({ name: "1" });
    for (const name of [made.uuid, uniqueKey(made.uuid)]) {
      expect(shown(await ask(check, "GET", name))).toMatchObject({ uuid: made.uuid });
      expect(shown(await ask(check, "GET", name, { key: readKey }))).toMatchObject({
        unique_key: uniqueKey(made.uuid),
      });
    }
    expect((await ask(check, "GET", uniqueKey(made.uuid), { key: world.foreignKey })).status).toBe(404);
  });

  test("an update changes what it names", async () => {
    const made = await create({ name: "1", tags: "x", timeout: 60 });
    const changed = await ask(check, "POST", made.uuid, { body: { name: "2", schedule: "@daily", unique: ["name"] } });
    expect(changed.status).toBe(400);
    const fine = await ask(check, "POST", made.uuid, { body: { name: "2", schedule: "0 3 * * *" } });
    expect(fine.status).toBe(200);
    expect(fine.body).toMatchObject({ name: "2", tags: "x", schedule: "0 3 * * *", tz: "UTC" });
    expect(fine.body).not.toHaveProperty("timeout");
  });

  test("the bounds of runs must not contradict each other, whichever is named and however it is set", async () => {
    const refusal = (words: string) => [400, { error: `json validation error: ${words}` }];
    const [short, long] = [
      "min_run_seconds is larger than max_run_seconds",
      "max_run_seconds is smaller than min_run_seconds",
    ];
    const tell = ({ status, body: told }: Awaited<ReturnType<typeof ask>>) => [status, told];
    const both = { min_run_seconds: 61, max_run_seconds: 60 };
    expect(tell(await ask(checks, "POST", "", { body: both }))).toEqual(refusal(short));
    const { uuid } = await create({ name: "1", min_run_seconds: 60, max_run_seconds: 60 });
    const update = (input: object) => ask(check, "POST", uuid, { body: input });
    expect(tell(await update({ min_run_seconds: 61 }))).toEqual(refusal(short));
    expect(tell(await update({ max_run_seconds: 59 }))).toEqual(refusal(long));
    expect(tell(await ask(checks, "POST", "", { body: { name: "1", max_run_seconds: 59, unique: ["name"] } }))).toEqual(
      refusal(long),
    );
    expect(shown(await ask(check, "GET", uuid))).toMatchObject({ min_run_seconds: 60, max_run_seconds: 60 });
    expect(shown(await update({ max_run_seconds: null, min_run_seconds: 900 }))).toMatchObject({
      max_run_seconds: null,
    });
    expect((await update({ min_run_seconds: 10, max_run_seconds: 20 })).status).toBe(200);
    // What contradicts since before this was refused can still be changed elsewhere.
    await prisma().check.update({ where: { id: uuid }, data: { minRunSeconds: 90 } });
    expect((await update({ name: "2" })).status).toBe(200);
  });

  test("an update may replace, empty or keep the channels", async () => {
    const [a, b] = [await channel("a"), await channel("b")];
    const { uuid } = await create({ channels: "*" });
    const update = async (input: object) => shown(await ask(check, "POST", uuid, { body: input }))["channels"];
    expect(await update({ tags: "x" })).toBe([a, b].sort().join(","));
    expect(await update({ channels: `b,${b}` })).toBe(b);
    expect(await update({ channels: "a" })).toBe(a);
    expect((await ask(check, "POST", uuid, { body: { name: "half", channels: "a,nobody" } })).status).toBe(400);
    expect(shown(await ask(check, "GET", uuid))).toMatchObject({ name: "", channels: a });
    expect(await update({ channels: "" })).toBe("");
  });

  test("delete answers the check as it was; then it is gone", async () => {
    const made = await create({ name: "1" });
    await signal(made.uuid, { body: Buffer.from("x") });
    const gone = await ask(check, "DELETE", made.uuid);
    expect([gone.status, shown(gone)]).toMatchObject([200, { uuid: made.uuid, n_pings: 1, status: "up" }]);
    for (const method of ["GET", "DELETE", "POST"] as const)
      expect((await ask(check, method, made.uuid, { ...(method === "POST" && { body: {} }) })).status).toBe(404);
    expect(await prisma().ping.count({ where: { checkId: made.uuid } })).toBe(0);
  });

  test("pause and resume", async () => {
    const { uuid } = await create({ timeout: 60 });
    await signal(uuid);
    await signal(uuid, { kind: "start" });
    for (let time = 0; time < 2; time += 1) {
      expect(shown(await ask(pause, "POST", uuid))).toMatchObject({
        status: "paused",
        started: false,
        next_ping: null,
      });
    }
    expect(shown(await ask(resume, "POST", uuid))).toMatchObject({ status: "new", last_ping: null });
    const again = await ask(resume, "POST", uuid);
    expect([again.status, again.text]).toEqual([409, "check is not paused"]);
    expect(again.headers.get("content-type")).toMatch(/^text\/plain/);
  });
});

describe("history", () => {
  test("pings, newest first, with their bodies byte for byte", async () => {
    const { uuid } = await create();
    const bytes = Buffer.from([0, 255, 0xc3, 0x28, 10]);
    await signal(uuid, { kind: "start", rid: "5f5b1a2e-7a0e-4b9b-8b06-2f6f7d3f0a11", agoMs: 1500 });
    await signal(uuid, {
      rid: "5f5b1a2e-7a0e-4b9b-8b06-2f6f7d3f0a11",
      method: "POST",
      body: bytes,
      remoteAddr: "2001:db8::1",
    });
    await signal(uuid, { kind: "fail", exitStatus: 3, remoteAddr: null });
    const listed = (await ask(pings, "GET", uuid)).body as { pings: Record<string, unknown>[] };
    expect(listed.pings.map((ping) => [ping["n"], ping["type"], ping["exit_status"], ping["remote_addr"]])).toEqual([
      [3, "fail", 3, null],
      [2, "success", null, "2001:db8::1"],
      [1, "start", null, "192.0.2.7"],
    ]);
    expect(listed.pings[1]).toMatchObject({
      body_url: `http://pulsetrail.test/api/v3/checks/${uuid}/pings/2/body`,
      source: "healthchecks",
    });
    expect(listed.pings[1]?.["duration"]).toBeGreaterThanOrEqual(1.4);
    expect(listed.pings[0]).toMatchObject({ body_url: null });

    const response = await body.GET(new Request("http://pulsetrail.test/", { headers: { "X-Api-Key": world.key } }), {
      params: Promise.resolve({ version: "v3", id: uuid, n: "2" }),
    });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/plain",
      "x-content-type-options": "nosniff",
      "content-security-policy": "default-src 'none'; sandbox",
    });
    for (const n of ["1", "4", "0", "-1", "x", "9".repeat(18), "9".repeat(30)]) {
      expect((await ask(body, "GET", uuid, { n })).status).toBe(404);
    }
  });

  test("flips by uuid and unique key, within start, end and seconds", async () => {
    const { uuid } = await create();
    await signal(uuid, { agoMs: 7200_000 });
    await signal(uuid, { kind: "fail", agoMs: 3600_000 });
    await signal(uuid);
    const list = async (query: string, name = uuid) =>
      (
        (await ask(flips, "GET", name, { key: readKey, path: `/${query}` })).body as {
          flips: { up: number; timestamp: string }[];
        }
      ).flips;
    expect((await list("")).map((flip) => flip.up)).toEqual([1, 0, 1]);
    expect(await list("", uniqueKey(uuid))).toEqual(await list(""));
    expect((await list(""))[0]?.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
    expect(await list("?seconds=60")).toHaveLength(1);
    expect(await list("?seconds=4000")).toHaveLength(2);
    expect(await list("?seconds=0&start=&end=")).toHaveLength(3);
    const half = Math.floor(Date.now() / 1000) - 5400;
    expect((await list(`?start=${half}`)).map((flip) => flip.up)).toEqual([1, 0]);
    expect((await list(`?end=${half}`)).map((flip) => flip.up)).toEqual([1]);
    for (const query of ["?start=x", "?seconds=31536001", "?end=-1"]) {
      const refused = await ask(flips, "GET", uuid, { path: `/${query}` });
      expect([refused.status, refused.text]).toEqual([400, ""]);
    }
  });
});
