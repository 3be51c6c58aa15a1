import { randomUUID } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { getCheck } from "@/lib/checks/queries";
import { DAY, HOUR } from "@/lib/core/time";
import { prisma } from "@/lib/db/client";
import { makeCheck } from "@/lib/testing/checks";
import { call } from "@/lib/testing/http";
import { makePerson } from "@/lib/testing/people";
import { makeWorld, type World } from "@/lib/testing/world";
import * as mute from "./route";

let world: World;
let id: string;
beforeEach(async () => {
  world = await makeWorld();
  id = await makeCheck(world.project.id, { name: "Backup", timeoutSeconds: 3600 });
});

const inHours = (hours: number): string => new Date(Date.now() + hours * HOUR).toISOString();
const post = (body: unknown, more: { key?: string; headers?: Record<string, string>; id?: string } = {}) =>
  call(mute.POST, {
    method: "POST",
    body,
    params: { id: more.id ?? id },
    ...(more.headers === undefined ? { key: more.key ?? world.key } : { headers: more.headers }),
  });
const mutedUntil = async () => (await getCheck(world.project.caller, id)).mutedUntil;

test("alerts are muted until a moment and sent again, and each is noted", async () => {
  const until = inHours(8);
  const muted = await post({ until });
  expect(muted.status).toBe(200);
  expect(muted.body).toMatchObject({ id, name: "Backup", muted_until: until });
  expect(await mutedUntil()).toBe(Date.parse(until));
  expect((await post({ until: null })).body).toMatchObject({ muted_until: null });
  expect(await mutedUntil()).toBeNull();
  const entries = await prisma().auditEntry.findMany({ where: { subjectId: id }, orderBy: { id: "asc" } });
  expect(entries.map((entry) => entry.action)).toEqual(["check.mute", "check.unmute"]);
});

test("a time may have any offset and lie up to a year ahead", async () => {
  const until = new Date(Date.now() + 365 * DAY).toISOString();
  expect((await post({ until: until.replace("Z", "+00:00") })).body).toMatchObject({ muted_until: until });
});

test.each([
  ["the past", { until: new Date(Date.now() - 1000).toISOString() }, "must be in the future"],
  ["more than a year", { until: new Date(Date.now() + 367 * DAY).toISOString() }, "must be at most a year ahead"],
  ["no time", { until: "tomorrow" }, "must be a time such as"],
  ["nothing", {}, ""],
])("%s is refused beside its field", async (_, body, reason) => {
  const answer = await post(body);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ code: "invalid_input", invalid_params: [{ name: "until" }] });
  expect(answer.text).toContain(reason);
  expect(await mutedUntil()).toBeNull();
});

test("who may not write may not mute, and Charlie finds nothing", async () => {
  const until = inHours(1);
  const viewer = await makePerson({ memberships: { [world.project.id]: "viewer" } });
  expect((await post({ until }, { headers: viewer.headers(world.project.id) })).status).toBe(403);
  expect((await post({ until }, { key: await world.project.key(["read"]) })).status).toBe(403);
  const charlie = await makePerson({ memberships: { [world.foreign.id]: "owner" } });
  expect((await post({ until }, { headers: charlie.headers(world.foreign.id) })).status).toBe(404);
  expect((await post({ until }, { key: world.foreignKey })).status).toBe(403);
  expect((await post({ until }, { id: randomUUID() })).status).toBe(404);
  expect((await post({ until }, { id: "nonsense" })).status).toBe(404);
  expect(await mutedUntil()).toBeNull();
  const bob = await makePerson({ memberships: { [world.project.id]: "member" } });
  expect((await post({ until }, { headers: bob.headers(world.project.id) })).status).toBe(200);
});
