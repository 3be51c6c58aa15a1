import { Webhook } from "standardwebhooks";
import { beforeEach, describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { makeChannel, makeWebhook, queue, skipWaits, stored } from "@/lib/testing/outbox";
import { openSink } from "@/lib/testing/sink";
import { makeProject, type TestProject } from "@/lib/testing/world";
import { deliverDue, deliverUntil } from "./deliver";

let project: TestProject;
beforeEach(async () => {
  await pool().query("DELETE FROM alerts");
  project = await makeProject();
});

const channelRow = async (id: string) =>
  (await pool().query("SELECT enabled, disabled_reason, failing_since FROM channels WHERE id = $1", [id])).rows[0];

/** The ids of the deliveries that a channel has because another one was disabled. */
async function disabledNotices(): Promise<{ channel_id: string; status: string }[]> {
  const found = await pool().query(
    "SELECT channel_id, status FROM deliveries WHERE project_id = $1 AND event = 'channel.disabled'",
    [project.id],
  );
  return found.rows;
}

describe("a delivery", () => {
  test("is signed, sent once and marked after the receiver's 2xx", async () => {
    const sink = await openSink({ status: 202 });
    const [id] = await queue(project, [await makeWebhook(project, `${sink.url}/hook`)], {
      name: "Nightly",
      data: { reason: "timeout" },
    });
    expect(await deliverDue({ limit: 10 })).toBe(1);
    expect(await deliverDue({ limit: 10 })).toBe(0);
    expect(await stored(id)).toMatchObject({
      status: "sent",
      attempts: 1,
      response_status: 202,
      error: null,
      wait_ms: null,
      sent_at: expect.any(Date),
    });
    const [{ headers, body, path } = { headers: {}, body: "", path: "" }] = sink.received;
    expect([sink.received.length, path, headers["webhook-id"], headers["content-type"]]).toEqual([
      1,
      "/hook",
      id,
      "application/json",
    ]);
    const verified = new Webhook(project.webhookSecret).verify(body, headers as Record<string, string>); // these headers come once each
    expect(verified).toMatchObject({
      type: "check.down",
      data: { reason: "timeout", severity: "critical", subject: { type: "check", name: "Nightly" } },
    });
    expect(verified).toHaveProperty("timestamp", expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/));
  });

  test("is tried again after a failure, with the same id and the same bytes", async () => {
    const secret = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
    const sink = await openSink({ status: 500, body: "no\nspace" }, { status: 200 });
    const [id] = await queue(project, [await makeWebhook(project, sink.url, { secret, headers: { "X-Team": "ops" } })]);
    await deliverDue({ limit: 10 });
    const failed = await stored(id);
    expect(failed).toMatchObject({
      status: "pending",
      attempts: 1,
      response_status: 500,
      error: "HTTP 500: no space",
      sent_at: null,
    });
    expect(failed.wait_ms).toBeGreaterThan(3_000);
    expect(failed.wait_ms).toBeLessThan(6_100);
    expect(await deliverDue({ limit: 10 })).toBe(0);
    await pool().query("UPDATE alerts SET message = 'changed meanwhile' WHERE project_id = $1", [project.id]);
    await skipWaits();
    await deliverDue({ limit: 10 });
    expect(await stored(id)).toMatchObject({ status: "sent", attempts: 2, response_status: 200, error: null });
    const [first, second] = sink.received;
    expect(second?.body).toBe(first?.body);
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    expect(second?.headers["x-team"]).toBe("ops");
    expect(() =>
      new Webhook(secret).verify(second?.body ?? "", second?.headers as Record<string, string>),
    ).not.toThrow(); // these headers come once each
  });

  test.each([
    ["30", 29_000, 30_100],
    ["86400", 3_599_000, 3_600_100],
    [new Date(Date.now() + 600_000).toUTCString(), 500_000, 600_100],
    ["nonsense", 3_000, 6_100],
  ])("waits as long as `Retry-After: %s` asks", async (retryAfter, least, most) => {
    const sink = await openSink({ status: 429, headers: { "retry-after": retryAfter } });
    const [id] = await queue(project, [await makeWebhook(project, sink.url)]);
    await deliverDue({ limit: 10 });
    const { wait_ms: waitMs, ...failed } = await stored(id);
    expect(failed).toMatchObject({ status: "pending", response_status: 429 });
    expect(waitMs).toBeGreaterThan(least);
    expect(waitMs).toBeLessThan(most);
  });

  test.each([
    ["a redirect", { status: 302, headers: { location: "http://127.0.0.1:1/" } }, 302],
    ["a broken connection", "drop" as const, null],
  ])("%s is a failure", async (_what, reply, status) => {
    const sink = await openSink(reply);
    const [id] = await queue(project, [await makeWebhook(project, sink.url)]);
    await deliverDue({ limit: 10 });
    expect(await stored(id)).toMatchObject({ status: "pending", response_status: status, error: expect.any(String) });
    expect(sink.received).toHaveLength(1);
  });

  test("is given up at the end of the ladder", async () => {
    const sink = await openSink({ status: 503 });
    const [id] = await queue(project, [await makeWebhook(project, sink.url)]);
    for (let attempt = 1; attempt <= 9; attempt++) {
      expect(await stored(id)).toMatchObject({ status: "pending", attempts: attempt - 1 });
      await skipWaits();
      await deliverDue({ limit: 1 });
    }
    expect(await stored(id)).toMatchObject({ status: "failed", attempts: 9, wait_ms: null, error: "HTTP 503" });
    await skipWaits();
    expect(await deliverDue({ limit: 10 })).toBe(0);
  });

  test("keeps secrets that a receiver repeats out of the log", async () => {
    const sink = await openSink({ status: 400, body: `bad token hunter2-token ${project.webhookSecret}` });
    const [id] = await queue(project, [
      await makeWebhook(project, sink.url, { headers: { Authorization: "hunter2-token" } }),
    ]);
    await deliverDue({ limit: 10 });
    expect((await stored(id)).error).toBe("HTTP 400: bad token *** ***");
  });

  test("to a channel that cannot be decrypted waits for better settings", async () => {
    const sink = await openSink();
    const channel = await makeWebhook(project, sink.url);
    await pool().query("UPDATE channels SET config = '\\x01' WHERE id = $1", [channel]);
    const [id] = await queue(project, [channel]);
    await deliverDue({ limit: 10 });
    expect(await stored(id)).toMatchObject({
      status: "pending",
      attempts: 1,
      error: expect.stringContaining("settings cannot be read"),
    });
  });
});

describe("order", () => {
  test("news of one subject never overtake each other on a channel", async () => {
    const sink = await openSink({ status: 500 }, { status: 200 });
    const channel = await makeWebhook(project, sink.url);
    const [down] = await queue(project, [channel], { subjectId: "a", type: "check.down" });
    const [up] = await queue(project, [channel], { subjectId: "a", type: "check.up" });
    await deliverDue({ limit: 10 });
    expect([(await stored(down)).status, (await stored(up)).attempts]).toEqual(["pending", 0]);
    await skipWaits();
    await deliverDue({ limit: 10 });
    expect(sink.received.map((one) => JSON.parse(one.body).type)).toEqual(["check.down", "check.down", "check.up"]);
  });

  test("a delivery that was given up holds nobody up, nor do other subjects and channels", async () => {
    const bad = await openSink({ status: 500 });
    const good = await openSink();
    const [dead, alive] = [await makeWebhook(project, bad.url), await makeWebhook(project, good.url)];
    const [down] = await queue(project, [dead, alive], { subjectId: "a" });
    await queue(project, [alive], { subjectId: "b" });
    await queue(project, [dead, alive], { subjectId: "a", type: "check.up" });
    await deliverDue({ limit: 10 });
    expect([bad.received.length, good.received.length]).toEqual([1, 3]);
    await pool().query("UPDATE deliveries SET status = 'failed' WHERE id = $1", [down]);
    await deliverDue({ limit: 10 });
    expect(bad.received.map((one) => JSON.parse(one.body).type)).toEqual(["check.down", "check.up"]);
  });

  test("a receiver that hangs holds up only itself", async () => {
    let release = () => {};
    const hanging = await openSink((response) => {
      release = () => response.end();
    });
    const quick = await openSink();
    const [slow, fast] = [await makeWebhook(project, hanging.url), await makeWebhook(project, quick.url)];
    const [stuck] = await queue(project, [slow]);
    const round = deliverDue({ limit: 10 });
    await hanging.got(1);
    await queue(project, [fast]);
    await quick.got(1);
    expect((await stored(stuck)).status).toBe("pending");
    release();
    expect(await round).toBe(2);
    expect((await stored(stuck)).status).toBe("sent");
  });
});

describe("a channel", () => {
  test("that answers 410 is disabled at once, and every other one is told", async () => {
    const gone = await openSink({ status: 410 });
    const other = await openSink();
    const [dead, deaf] = [
      await makeWebhook(project, gone.url),
      await makeChannel(project, { kind: "webhook", name: "Ops", events: ["check.up"], config: { url: other.url } }),
    ];
    const [first] = await queue(project, [dead], { subjectId: "a" });
    const [second] = await queue(project, [dead], { subjectId: "a" });
    expect(await deliverDue({ limit: 10 })).toBe(3);
    expect(await stored(first)).toMatchObject({ status: "failed", attempts: 1, response_status: 410 });
    expect(await stored(second)).toMatchObject({
      status: "failed",
      attempts: 0,
      error: "the channel is disabled: the receiver answered 410 Gone",
    });
    expect(await channelRow(dead)).toMatchObject({ enabled: false, disabled_reason: "the receiver answered 410 Gone" });
    expect(gone.received).toHaveLength(1);
    expect(await disabledNotices()).toEqual([{ channel_id: deaf, status: "sent" }]);
    expect(JSON.parse(other.received[0]?.body ?? "")).toMatchObject({
      type: "channel.disabled",
      data: { subject: { type: "channel", id: dead, name: "Hook" } },
    });
  });

  test.each([
    ["6 days", 9, false],
    ["6 days", 1, true],
    ["4 days", 9, true],
  ])(
    "failing for %s is disabled when a delivery is given up (attempt %d: enabled %s)",
    async (since, attempt, enabled) => {
      const sink = await openSink({ status: 500 });
      const channel = await makeWebhook(project, sink.url);
      const [id] = await queue(project, [channel]);
      await pool().query("UPDATE channels SET failing_since = now() - $2::interval WHERE id = $1", [channel, since]);
      await pool().query("UPDATE deliveries SET attempts = $2 WHERE id = $1", [id, attempt - 1]);
      await deliverDue({ limit: 10 });
      expect(await channelRow(channel)).toMatchObject({ enabled });
    },
  );

  test("is forgiven its failures by one success", async () => {
    const sink = await openSink({ status: 500 }, { status: 200 });
    const channel = await makeWebhook(project, sink.url);
    await queue(project, [channel]);
    await deliverDue({ limit: 10 });
    expect((await channelRow(channel)).failing_since).toEqual(expect.any(Date));
    await skipWaits();
    await deliverDue({ limit: 10 });
    expect((await channelRow(channel)).failing_since).toBeNull();
  });

  test("that was deleted fails its deliveries with a reason", async () => {
    const sink = await openSink();
    const channel = await makeWebhook(project, sink.url);
    const [id] = await queue(project, [channel]);
    await pool().query("DELETE FROM channels WHERE id = $1", [channel]);
    await deliverDue({ limit: 10 });
    expect(await stored(id)).toMatchObject({ status: "failed", error: "the channel was deleted" });
    expect(sink.received).toHaveLength(0);
  });
});

describe("a run", () => {
  test("starts no more than its limit", async () => {
    const sink = await openSink();
    const channel = await makeWebhook(project, sink.url);
    for (let index = 0; index < 5; index++) await queue(project, [channel]);
    expect(await deliverDue({ limit: 3 })).toBe(3);
    expect(await deliverDue({ limit: 3 })).toBe(2);
    expect(sink.received).toHaveLength(5);
  });

  test("starts nothing after its signal but ends what it began", async () => {
    let release = () => {};
    const sink = await openSink((response) => {
      release = () => response.end();
    });
    const channel = await makeWebhook(project, sink.url);
    const [id] = await queue(project, [channel]);
    const stop = new AbortController();
    const run = deliverUntil(stop.signal);
    await sink.got(1);
    stop.abort();
    const [late] = await queue(project, [channel]);
    release();
    await run;
    expect([(await stored(id)).status, (await stored(late)).status]).toEqual(["sent", "pending"]);
  });

  test("that stays sends what falls due later", async () => {
    const sink = await openSink();
    const channel = await makeWebhook(project, sink.url);
    const stop = new AbortController();
    const run = deliverUntil(stop.signal);
    await queue(project, [channel]);
    await sink.got(1);
    await queue(project, [channel]);
    await sink.got(2);
    stop.abort();
    await run;
  });
});
