import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { settle } from "@/lib/env";
import { approvalAlerts, callBack, newApprovalId, raiseDirect } from "@/lib/testing/approval-alerts";
import { planOf } from "@/lib/testing/explain";
import { expireLeases, makeWebhook, queue, skipWaits, stored } from "@/lib/testing/outbox";
import { openSink } from "@/lib/testing/sink";
import { makeProject, type TestProject } from "@/lib/testing/world";
import { retryDelivery } from "./commands";
import { deliverDue } from "./deliver";
import { directConfig, sendDirect } from "./direct";
import { claim, DUE } from "./outbox";
import { raiseAlerts } from "./raise";

let project: TestProject;
beforeEach(async () => {
  await pool().query("DELETE FROM alerts");
  project = await makeProject();
});

type Row = { project_id: string; event: string; direct_kind: string; recipient: string; direct_config: Buffer | null };
const rowOf = async (id: string): Promise<Row | undefined> =>
  (await pool().query<Row>("SELECT * FROM deliveries WHERE id = $1", [id])).rows[0];

const bodies = (sink: { received: { body: string }[] }) => sink.received.map(({ body }) => JSON.parse(body));

describe("what goes directly", () => {
  test("is one row each in their order, in the project of the alert, and opens only as that row", async () => {
    const { decided } = approvalAlerts({}, project.id);
    const urls = ["http://127.0.0.1:1/a?token=secret", "http://127.0.0.1:2/b"];
    const [first = "", second = ""] = await raiseDirect(
      decided,
      ...urls.map((url) => ({ kind: "callback" as const, recipient: new URL(url).origin, config: { url } })),
    );
    const [row, other] = [await rowOf(first), await rowOf(second)];
    expect(row).toMatchObject({
      project_id: project.id,
      event: "approval.decided",
      direct_kind: "callback",
      recipient: "http://127.0.0.1:1",
    });
    expect(row?.direct_config?.toString("latin1")).not.toContain("secret");
    const place = { projectId: project.id, id: first };
    expect(directConfig(place, row?.direct_config ?? null)).toEqual({ url: urls[0] });
    expect(() => directConfig(place, other?.direct_config ?? null)).toThrow();
    expect(() => directConfig(place, null)).toThrow("erased");
  });

  test("needs an alert of its own project", async () => {
    const { decided } = approvalAlerts({}, project.id);
    const foreign = await makeProject();
    const direct = { kind: "callback", recipient: "x", config: {}, dedupKey: decided.dedupKey } as const;
    await transaction(async (tx) => {
      await raiseAlerts(tx, [decided]);
      await sendDirect(tx, [{ ...direct, projectId: foreign.id }]);
      await sendDirect(tx, []);
    });
    expect((await pool().query("SELECT FROM deliveries")).rowCount).toBe(0);
  });

  test("is sent once, and what it took is erased with the mark", async () => {
    const sink = await openSink();
    const id = await callBack(project, `${sink.url}/hook`);
    expect((await rowOf(id))?.direct_config).not.toBeNull();
    expect([await deliverDue({ limit: 10 }), await deliverDue({ limit: 10 })]).toEqual([1, 0]);
    expect(await stored(id)).toMatchObject({ status: "sent", attempts: 1, response_status: 200, error: null });
    expect((await rowOf(id))?.direct_config).toBeNull();
    expect(sink.received).toHaveLength(1);
  });

  test("is tried again with the same bytes, and given up at the end of the ladder, still with what it takes", async () => {
    const sink = await openSink({ status: 500 });
    const id = await callBack(project, sink.url);
    for (let attempt = 1; attempt <= 9; attempt++) {
      await skipWaits();
      // What fails is served on the lane of what fails.
      expect(await deliverDue({ limit: 1 })).toBe(1);
    }
    expect(await stored(id)).toMatchObject({ status: "failed", attempts: 9, error: "HTTP 500" });
    expect(new Set(sink.received.map(({ body }) => body)).size).toBe(1);
    expect((await rowOf(id))?.direct_config).not.toBeNull();
  });

  test("to a receiver that is gone fails, and no channel is disabled for it", async () => {
    const [gone, other] = [await openSink({ status: 410 }), await openSink()];
    const channel = await makeWebhook(project, other.url);
    const id = await callBack(project, gone.url);
    await deliverDue({ limit: 10 });
    expect(await stored(id)).toMatchObject({ status: "failed", attempts: 1, response_status: 410 });
    const channels = await pool().query("SELECT enabled, failing_since FROM channels WHERE id = $1", [channel]);
    expect(channels.rows).toEqual([{ enabled: true, failing_since: null }]);
    expect(bodies(other).map(({ type }) => type)).toEqual(["approval.decided"]);
  });

  test("that a worker had sent when it died is sent once more, byte by byte", async () => {
    const sink = await openSink();
    const id = await callBack(project, sink.url);
    await pool().query("ALTER TABLE deliveries ADD CONSTRAINT no_mark CHECK (status <> 'sent') NOT VALID");
    await deliverDue({ limit: 10 });
    await pool().query("ALTER TABLE deliveries DROP CONSTRAINT no_mark");
    await pool().query("UPDATE alerts SET data = '{}'");
    await expireLeases();
    await deliverDue({ limit: 10 });
    expect(await stored(id)).toMatchObject({ status: "sent", attempts: 2 });
    const [first, second] = sink.received;
    expect(second?.body).toBe(first?.body);
    expect([first, second].map((one) => one?.headers["webhook-id"])).toEqual([id, id]);
  });
});

describe("secrets that cannot be read any more", () => {
  const SECRET = "a-secret-for-tests-only-0123456789";
  afterEach(() => settle({ AUTH_SECRET: SECRET }));

  test("fail it with a reason, until they can be read again", async () => {
    const sink = await openSink();
    const id = await callBack(project, sink.url);
    settle({ AUTH_SECRET: "another-secret-of-at-least-32-bytes!" });
    await deliverDue({ limit: 10 });
    expect(await stored(id)).toMatchObject({
      status: "failed",
      error: "what it takes to send it cannot be read; was AUTH_SECRET changed?",
    });
    expect(sink.received).toHaveLength(0);
    settle({ AUTH_SECRET: SECRET });
    await retryDelivery(project.caller, id);
    await deliverDue({ limit: 10 });
    expect([(await stored(id)).status, sink.received.length]).toEqual(["sent", 1]);
  });
});

describe("order", () => {
  test("news of one subject never overtake each other on the way to one recipient", async () => {
    const sink = await openSink({ status: 500 }, { status: 200 });
    const id = newApprovalId();
    const { requested, decided } = approvalAlerts({ approval_id: id }, project.id);
    const direct = { kind: "callback" as const, recipient: sink.url, config: { url: sink.url } };
    const [first = ""] = await raiseDirect(requested, direct);
    const [second = ""] = await raiseDirect(decided, direct);
    expect(await deliverDue({ limit: 10 })).toBe(1);
    await callBack(project, sink.url);
    expect(await deliverDue({ limit: 10 })).toBe(1);
    expect([(await stored(first)).status, (await stored(second)).attempts]).toEqual(["pending", 0]);
    await skipWaits();
    await deliverDue({ limit: 10 });
    const ofSubject = bodies(sink).filter(({ data }) => data.approval_id === id);
    expect(ofSubject.map(({ type }) => type)).toEqual(["approval.requested", "approval.requested", "approval.decided"]);
  });

  test("another recipient of the same news is not held up", async () => {
    const [bad, good] = [await openSink({ status: 500 }), await openSink()];
    const id = newApprovalId();
    const { requested, decided } = approvalAlerts({ approval_id: id }, project.id);
    const to = (url: string) => ({ kind: "callback" as const, recipient: url, config: { url } });
    await raiseDirect(requested, to(bad.url), to(good.url));
    await raiseDirect(decided, to(bad.url), to(good.url));
    await deliverDue({ limit: 10 });
    expect([bad.received.length, good.received.length]).toEqual([1, 2]);
  });

  test("a recipient that fails is served apart, also with what is new, until it has gone through", async () => {
    const sink = await openSink({ status: 500 }, { status: 200 });
    await callBack(project, `${sink.url}/a`);
    await deliverDue({ limit: 1 });
    await callBack(project, `${sink.url}/b`);
    const elsewhere = await callBack(await makeProject(), `${sink.url}/c`);
    expect((await claim(10, false)).map((one) => one.id)).toEqual([elsewhere]);
    await skipWaits();
    expect(await claim(10, true)).toHaveLength(2);
    await expireLeases();
    await deliverDue({ limit: 10 });
    await callBack(project, `${sink.url}/d`);
    expect(await claim(10, false)).toHaveLength(1);
  });
});

test("with many rows, a claim still reads the index of what is due, and that of the recipients", async () => {
  await queue(project, [await makeWebhook(project, "http://127.0.0.1:9999")]);
  await pool().query(
    `WITH raised AS (
       INSERT INTO alerts (project_id, type, severity, subject_type, subject_id, subject_name, message, dedup_key, occurred_at)
       SELECT $1::uuid, 'approval.decided', 'info', 'approval', 's' || n, 'x', 'x', 'many:' || n, now() FROM generate_series(1, 20000) n
       RETURNING id, subject_id)
     INSERT INTO deliveries (project_id, alert_id, direct_kind, recipient, event, subject_id, status, next_attempt_at, error)
     SELECT $1::uuid, id, 'callback', 'http://' || id % 50, 'approval.decided', subject_id,
            CASE WHEN id % 10 = 0 THEN 'pending' ELSE 'sent' END::delivery_status, now() + (id % 100 - 50) * interval '1 minute',
            CASE WHEN id % 40 = 0 THEN 'HTTP 500' END
       FROM raised`,
    [project.id],
  );
  await pool().query("ANALYZE deliveries, alerts, channels");
  const text = await planOf(DUE, [12, false]);
  expect(text).toContain("Index Scan using deliveries_due_idx on deliveries d");
  expect(text).toMatch(/using deliveries_pending_order_idx on deliveries earlier/);
  expect(text).toMatch(/using deliveries_recipient_failing_idx on deliveries failing/);
  expect(text).not.toMatch(/Seq Scan on deliveries/);
});

test("five thousand rows are written at once", async () => {
  const { decided } = approvalAlerts({}, project.id);
  const { projectId, dedupKey } = decided;
  const directs = Array.from({ length: 5000 }, (_, index) => ({
    projectId,
    dedupKey,
    kind: "approver" as const,
    recipient: `p${index}@example.com`,
    config: { to: `p${index}@example.com`, approve: "a".repeat(43), deny: "d".repeat(43) },
  }));
  await transaction(async (tx) => {
    await raiseAlerts(tx, [decided]);
    await sendDirect(tx, directs);
  });
  expect((await pool().query("SELECT FROM deliveries")).rowCount).toBe(5000);
});
