import { beforeEach, describe, expect, test } from "vitest";
import { deliverDue } from "@/lib/alerts/deliver";
import { claim } from "@/lib/alerts/outbox";
import { pool } from "@/lib/db/pool";
import { callBack } from "@/lib/testing/approval-alerts";
import { call } from "@/lib/testing/http";
import { expireLeases, makeChannel, makeWebhook, queue, stored } from "@/lib/testing/outbox";
import { openSink } from "@/lib/testing/sink";
import { makeWorld, type World } from "@/lib/testing/world";
import * as retry from "./[id]/retry/route";
import * as one from "./[id]/route";
import * as all from "./route";

type List = { deliveries: { id: string; alert_id: number; status: string }[]; next_cursor: string | null };

let world: World;
let key: string;
beforeEach(async () => {
  await pool().query("DELETE FROM alerts");
  world = await makeWorld();
  key = world.key;
});

// The answers are asserted to have these shapes by what the tests read from them.
const list = async (query = "") => (await call(all.GET, { key, path: `/?${query}` })).body as List;
const get = (id = "") => call(one.GET, { key, params: { id } });
const again = (id = "") => call(retry.POST, { method: "POST", key, params: { id } });

test("deliveries come newest first, with the fields of the contract, and page", async () => {
  const channels = [
    await makeWebhook(world.project, "http://127.0.0.1:9999"),
    await makeWebhook(world.project, "http://127.0.0.1:9998"),
  ];
  for (let index = 0; index < 3; index++) await queue(world.project, channels);
  const { deliveries } = await list();
  expect(deliveries).toHaveLength(6);
  expect(deliveries[0]).toEqual({
    id: expect.any(String),
    alert_id: expect.any(Number),
    channel_id: expect.any(String),
    recipient: null,
    event: "check.down",
    status: "pending",
    attempts: 0,
    next_attempt_at: expect.stringMatching(/Z$/),
    sent_at: null,
    response_status: null,
    error: null,
    subject: "DOWN: Nightly backup",
    created_at: expect.stringMatching(/Z$/),
  });
  expect(deliveries.map((one) => one.alert_id)).toEqual(deliveries.map((one) => one.alert_id).sort((a, b) => b - a));
  const first = await list("limit=4");
  expect([...first.deliveries, ...(await list(`limit=4&cursor=${first.next_cursor}`)).deliveries]).toEqual(deliveries);
});

test("filters narrow the list", async () => {
  const [first = "", second = ""] = [
    await makeWebhook(world.project, "http://127.0.0.1:9999"),
    await makeWebhook(world.project, "http://127.0.0.1:9998"),
  ];
  const [done] = await queue(world.project, [first, second]);
  await queue(world.project, [first]);
  await pool().query("UPDATE deliveries SET status = 'failed' WHERE id = $1", [done]);
  const { alert_id: alertId } = (await get(done)).body as { alert_id: number }; // a delivery has an alert
  expect((await list("status=failed")).deliveries.map((one) => one.id)).toEqual([done]);
  expect((await list("status=pending")).deliveries).toHaveLength(2);
  expect((await list("status=sent")).deliveries).toEqual([]);
  expect((await list(`channel_id=${first}`)).deliveries).toHaveLength(2);
  expect((await list(`alert_id=${alertId}`)).deliveries).toHaveLength(2);
  expect((await list(`alert_id=${alertId}&channel_id=${second}&status=pending`)).deliveries).toHaveLength(1);
});

test.each([
  "status=done",
  "channel_id=x",
  "alert_id=x",
  "alert_id=0",
  "limit=0",
  "cursor=x",
  `cursor=${Buffer.from("[null]").toString("base64url")}`,
])("?%s is refused", async (query) => {
  const answer = await call(all.GET, { key, path: `/?${query}` });
  expect(answer).toMatchObject({ status: 400, body: { invalid_params: [{ name: query.split("=")[0] }] } });
});

test("a mail that could not leave can be read in full", async () => {
  const channel = await makeChannel(world.project, {
    kind: "email",
    name: "Ops",
    events: [],
    config: { to: "ops@example.com" },
  });
  const [id] = await queue(world.project, [channel]);
  expect((await get(id)).body).toMatchObject({ message: null });
  await deliverDue({ limit: 10 });
  expect((await get(id)).body).toMatchObject({
    status: "sent",
    response_status: null,
    error: null,
    message: { subject: "DOWN: Nightly backup" },
  });
});

describe("what went to somebody directly", () => {
  test("is in the list with its recipient, and shows nothing that is secret about it", async () => {
    const id = await callBack(world.project, "http://127.0.0.1:1/hidden-path?token=hidden-token");
    const { deliveries } = await list();
    expect(deliveries).toMatchObject([
      { id, channel_id: null, recipient: "http://127.0.0.1:1", event: "approval.decided" },
    ]);
    const shown = await get(id);
    expect(shown.body).toMatchObject({ id, recipient: "http://127.0.0.1:1", message: null });
    expect(JSON.stringify([deliveries, shown.body])).not.toContain("hidden");
    key = world.foreignKey;
    expect([(await get(id)).status, (await again(id)).status, (await list()).deliveries]).toEqual([403, 403, []]);
  });

  test("can be sent again after it failed, and not after it was sent", async () => {
    const sink = await openSink({ status: 410 }, { status: 200 });
    const id = await callBack(world.project, sink.url);
    await deliverDue({ limit: 10 });
    expect((await get(id)).body).toMatchObject({ status: "failed", response_status: 410 });
    expect(await again(id)).toMatchObject({ status: 200, body: { status: "pending", attempts: 1 } });
    await deliverDue({ limit: 10 });
    expect((await get(id)).body).toMatchObject({ status: "sent", attempts: 2 });
    expect(await again(id)).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect(sink.received[1]?.body).toBe(sink.received[0]?.body);
  });
});

describe("a retry", () => {
  test("makes a failed delivery due, and its attempts go on counting", async () => {
    const sink = await openSink();
    const [id] = await queue(world.project, [await makeWebhook(world.project, sink.url)]);
    await pool().query("UPDATE deliveries SET status = 'failed', attempts = 9, next_attempt_at = NULL WHERE id = $1", [
      id,
    ]);
    expect(await again(id)).toMatchObject({ status: 200, body: { id, status: "pending", attempts: 9 } });
    await deliverDue({ limit: 10 });
    expect(await stored(id)).toMatchObject({ status: "sent", attempts: 10 });
    expect(await again(id)).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect(sink.received).toHaveLength(1);
  });

  test("ends the wait of a pending one", async () => {
    const [id] = await queue(world.project, [await makeWebhook(world.project, "http://127.0.0.1:9999")]);
    await pool().query("UPDATE deliveries SET next_attempt_at = now() + interval '1 hour' WHERE id = $1", [id]);
    await again(id);
    expect((await stored(id)).wait_ms).toBeLessThanOrEqual(0);
  });

  test("waits for one that is being sent", async () => {
    const [id] = await queue(world.project, [await makeWebhook(world.project, "http://127.0.0.1:9999")]);
    await claim(1, false);
    expect(await again(id)).toMatchObject({ status: 409, body: { code: "delivery_in_progress" } });
    await expireLeases();
    expect((await again(id)).status).toBe(200);
  });

  test.each(["x", "00000000-0000-4000-8000-000000000000"])("of %s is unknown", async (id) => {
    expect([(await again(id)).status, (await get(id)).status]).toEqual([404, 404]);
  });

  test("is not for Charlie nor for a key that only reads", async () => {
    const [id] = await queue(world.project, [await makeWebhook(world.project, "http://127.0.0.1:9999")]);
    await pool().query("UPDATE deliveries SET status = 'failed', next_attempt_at = NULL WHERE id = $1", [id]);
    key = world.foreignKey;
    expect([(await again(id)).status, (await get(id)).status]).toEqual([403, 403]);
    expect((await list()).deliveries).toEqual([]);
    key = await world.project.key(["read"]);
    expect([(await again(id)).status, (await get(id)).status]).toEqual([403, 200]);
    expect((await stored(id)).status).toBe("failed");
    expect(
      (await pool().query("SELECT FROM audit_entries WHERE action = 'delivery.retry' AND subject_id = $1", [id]))
        .rowCount,
    ).toBe(0);
  });
});
