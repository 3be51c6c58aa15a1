import { beforeEach, describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { call } from "@/lib/testing/http";
import { makeWebhook, queue } from "@/lib/testing/outbox";
import { makeWorld, type World } from "@/lib/testing/world";
import * as acknowledge from "./[id]/acknowledge/route";
import * as resolve from "./[id]/resolve/route";
import * as one from "./[id]/route";
import * as all from "./route";

type Alert = { id: number; type: string; acknowledged_at: string | null; resolved_at: string | null };
type List = { alerts: Alert[]; next_cursor: string | null };

let world: World;
let key: string;
let subject: string;
beforeEach(async () => {
  world = await makeWorld();
  key = world.key;
  subject = crypto.randomUUID();
  for (const type of ["check.down", "check.up", "check.down"])
    await queue(world.project, [], { type, subjectId: subject });
  await queue(world.project, [], { subjectId: "other" });
});

// The answers are asserted to have these shapes by what the tests read from them.
const list = async (query = "") => (await call(all.GET, { key, path: `/?${query}` })).body as List;
const POST = { acknowledge, resolve };
const settle = (verb: "acknowledge" | "resolve", id: number | string) =>
  call(POST[verb].POST, { method: "POST", key, params: { id: String(id) } });

const audited = async () =>
  (
    await pool().query("SELECT action, subject_id FROM audit_entries WHERE project_id = $1 ORDER BY id", [
      world.project.id,
    ])
  ).rows;

test("alerts come newest first, with the fields of the contract", async () => {
  const { alerts, next_cursor } = await list();
  expect(next_cursor).toBeNull();
  expect(alerts.map((alert) => alert.type)).toEqual(["check.down", "check.down", "check.up", "check.down"]);
  expect(alerts[1]).toEqual({
    id: expect.any(Number),
    type: "check.down",
    severity: "critical",
    subject: { type: "check", id: subject, name: "Nightly backup" },
    message: '"Nightly backup" is down: no signal came.',
    data: {},
    occurred_at: expect.stringMatching(/Z$/),
    acknowledged_at: null,
    resolved_at: null,
  });
  expect((await call(one.GET, { key, params: { id: String(alerts[1]?.id) } })).body).toEqual(alerts[1]);
});

test("pages hold each alert once", async () => {
  const { alerts } = await list();
  const first = await list("limit=3");
  const second = await list(`limit=3&cursor=${first.next_cursor}`);
  expect([...first.alerts, ...second.alerts]).toEqual(alerts);
  expect(second.next_cursor).toBeNull();
});

test("filters narrow the list, together too", async () => {
  expect((await list("type=check.up")).alerts).toHaveLength(1);
  expect((await list(`subject_id=${subject}`)).alerts).toHaveLength(3);
  const [, taken, done] = (await list()).alerts;
  await settle("acknowledge", taken?.id ?? 0);
  await settle("resolve", done?.id ?? 0);
  const ids = async (query: string) => (await list(query)).alerts.map((alert) => alert.id);
  expect(await ids("status=acknowledged")).toEqual([taken?.id]);
  expect(await ids("status=resolved")).toEqual([done?.id]);
  expect((await ids("status=open")).length).toBe(2);
  expect((await ids(`status=open&subject_id=${subject}&type=check.down`)).length).toBe(1);
});

test.each([
  ["status=closed", "status"],
  ["type=check.exploded", "type"],
  ["type=%00", "type"],
  ["subject_id=%00", "subject_id"],
  ["subject_id=a'b", "subject_id"],
  ["limit=0", "limit"],
  ["limit=101", "limit"],
  ["limit=1.5", "limit"],
  ["cursor=abc", "cursor"],
  [`cursor=${Buffer.from("[1.5]").toString("base64url")}`, "cursor"],
  [`cursor=${Buffer.from("[1e300]").toString("base64url")}`, "cursor"],
  [`cursor=${Buffer.from('["1"]').toString("base64url")}`, "cursor"],
])("?%s is refused", async (query, name) => {
  expect(await call(all.GET, { key, path: `/?${query}` })).toMatchObject({
    status: 400,
    body: { invalid_params: [{ name }] },
  });
});

describe.each([
  ["acknowledge", "acknowledged_at"],
  ["resolve", "resolved_at"],
] as const)("%s", (verb, field) => {
  test("is noted once, however often it is asked", async () => {
    const id = (await list()).alerts[0]?.id ?? 0;
    const first = await settle(verb, id);
    expect(first).toMatchObject({ status: 200, body: { id, [field]: expect.stringMatching(/Z$/) } });
    expect((await settle(verb, id)).body).toEqual(first.body);
    expect(await audited()).toEqual([{ action: `alert.${verb}`, subject_id: String(id) }]);
  });

  test.each(["0", "-1", "x", "1.5", "2147483647", "2147483648", "99999999999999999999"])(
    "%s is unknown",
    async (id) => {
      expect((await settle(verb, id)).status).toBe(404);
    },
  );

  test("is not for Charlie nor for a key that only reads", async () => {
    const id = (await list()).alerts[0]?.id ?? 0;
    key = world.foreignKey;
    expect((await settle(verb, id)).status).toBe(403);
    expect((await call(one.GET, { key, params: { id: String(id) } })).status).toBe(403);
    expect((await list()).alerts).toEqual([]);
    key = await world.project.key(["read"]);
    expect((await settle(verb, id)).status).toBe(403);
    expect((await list()).alerts[0]).toMatchObject({ id, [field]: null });
    expect(await audited()).toEqual([]);
  });
});

test("an alert tells of its deliveries by their filter", async () => {
  const channel = await makeWebhook(world.project, "http://127.0.0.1:9999");
  await queue(world.project, [channel], { subjectId: "with-delivery" });
  expect((await list("subject_id=with-delivery")).alerts).toHaveLength(1);
});
