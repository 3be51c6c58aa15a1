import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storedPings } from "@/lib/testing/checks";
import { type Door, openDoor } from "@/lib/testing/door";
import { call } from "@/lib/testing/http";
import { makeWorld, type World } from "@/lib/testing/world";
import { POST } from "./route";

let door: Door;
let world: World;
beforeAll(async () => {
  door = await openDoor();
  world = await makeWorld();
});
afterAll(() => door.close());

const takeOver = (body: object, key = world.key) => call(POST, { method: "POST", key, body });
const token = () => randomBytes(12).toString("hex");

test.each([
  ["Healthchecks", () => `https://hc-ping.com/${randomUUID()}`, true],
  ["Pingura", () => `https://app.pingura.com/api/heartbeat/${token()}`, true],
  ["PingPulse", () => `https://pingpulsehq.com/phk/ph${token()}/start?key=old`, false],
  ["PingPulse", () => `https://pingpulsehq.com/hbk/cron_${token()}?key=old`, false],
  ["Healthchecks", () => `https://hc-ping.com/oldkey/job-${token()}`, false],
  ["Dead Man's Snitch", () => `https://nosnch.in/${token()}`, false],
])("a job of %s reports here once its host is changed", async (service, old, isSamePath) => {
  const url = old();
  const made = await takeOver({ url: `0 3 * * * job && curl -fsS "${url}"`, name: "Nightly" });
  expect(made).toMatchObject({ status: 201, body: { service, same_path: isSamePath } });
  const { id, path } = made.body as { id: string; path: string };
  expect((await fetch(`${door.url}${path.replace("{key}", world.project.pingKey)}`)).status).toBe(200);
  expect(await storedPings(id)).toHaveLength(1);
});

test("a snitch tells its exit status and its message here as it is told to", async () => {
  const made = await takeOver({ url: `curl "https://nosnch.in/${token()}?s=$?"` });
  const { id, path } = made.body as { id: string; path: string }; // it is 201
  for (const end of ["/3?message=full", "?s=3"]) await fetch(`${door.url}${path}${end}`);
  expect(await storedPings(id)).toMatchObject([
    { kind: "fail", exit_status: 3, details: { message: "full" } },
    { kind: "success", exit_status: null },
  ]);
});

test("an address that a check has already is refused, in this project and for others", async () => {
  for (const url of [`https://hc-ping.com/${randomUUID()}`, `https://x.example/api/push/${token()}`]) {
    expect((await takeOver({ url })).status).toBe(201);
    expect(await takeOver({ url })).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect((await takeOver({ url }, world.foreignKey)).status).toBe(409);
  }
  // Where the address has a key, its name belongs to the project.
  for (const url of [`https://cronitor.link/p/key/job-${token()}`, `https://x.example/phk/ph${token()}/start`]) {
    expect((await takeOver({ url })).status).toBe(201);
    expect((await takeOver({ url })).status).toBe(409);
    expect((await takeOver({ url }, world.foreignKey)).status).toBe(201);
  }
});

test("a name that leads to a check already is refused, as a slug and as a process hook", async () => {
  const name = `job-${token()}`;
  expect((await takeOver({ url: `https://x.example/hbk/${name}?key=k` })).status).toBe(201);
  expect((await takeOver({ url: `https://x.example/phk/${name}/start?key=k` })).status).toBe(409);
  const hook = `ph${token()}`;
  expect((await takeOver({ url: `https://x.example/phk/${hook}/start?key=k` })).status).toBe(201);
  expect((await takeOver({ url: `https://x.example/hbk/${hook}?key=k` })).status).toBe(409);
});

test("two projects take over process hooks of one id, and each hears its own", async () => {
  const hook = `ph${token().slice(0, 4)}`;
  const url = `https://pingpulsehq.com/phk/${hook}/start?key=old`;
  const [own, foreign] = [await takeOver({ url }), await takeOver({ url }, world.foreignKey)];
  const ids = [own, foreign].map(({ body }) => (body as { id: string }).id); // both are 201
  const report = async (verb: string, key: string) =>
    (await fetch(`${door.url}/phk/${hook}/${verb}?key=${key}`)).json();
  expect(await report("start", world.project.pingKey)).toMatchObject({
    process_hook_id: hook,
    run_id: expect.any(String),
  });
  expect(await report("finish", world.foreign.pingKey)).toMatchObject({ code: "no_running_run" });
  expect(await report("finish", world.project.pingKey)).toMatchObject({ run_status: "success" });
  expect((await Promise.all(ids.map(storedPings))).map((pings) => pings.length)).toEqual([2, 0]);
});

test("of many at once one is made", async () => {
  const url = `https://cronitor.link/p/key/job-${token()}`;
  const statuses = await Promise.all(Array.from({ length: 8 }, async () => (await takeOver({ url })).status));
  expect(statuses.toSorted()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
});

test("what is no such address is told beside the field", async () => {
  for (const url of ["", "x", "https://example.org/", "x".repeat(5000), "https://hc-ping.com/\0"]) {
    expect(await takeOver({ url })).toMatchObject({ status: 400, body: { invalid_params: [{ name: "url" }] } });
  }
});

test("a name that cannot be stored is refused", async () => {
  const url = `https://hc-ping.com/${randomUUID()}`;
  expect(await takeOver({ url, name: "a\0b" })).toMatchObject({
    status: 400,
    body: { invalid_params: [{ name: "name" }] },
  });
});

test("a reader may not", async () => {
  const reader = await world.project.key(["read"]);
  expect((await takeOver({ url: `https://hc-ping.com/${randomUUID()}` }, reader)).status).toBe(403);
});
