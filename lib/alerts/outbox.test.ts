import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { kindOf } from "@/lib/channels/registry";
import { pool } from "@/lib/db/pool";
import { planOf } from "@/lib/testing/explain";
import { expireLeases, makeWebhook, queue, stored } from "@/lib/testing/outbox";
import { openSink } from "@/lib/testing/sink";
import { makeProject, type TestProject } from "@/lib/testing/world";
import { deliver } from "./attempt";
import { deliverDue } from "./deliver";
import { finish } from "./finish";
import { begin, type Claimed, claim, DUE } from "./outbox";

let project: TestProject;
beforeEach(async () => {
  await pool().query("DELETE FROM alerts");
  project = await makeProject();
});

async function claimOne() {
  const [claimed] = await claim(1, false);
  if (claimed === undefined) throw new Error("nothing was due");
  return claimed;
}

describe("a lease", () => {
  test("keeps a delivery from everybody else until it runs out", async () => {
    await queue(project, [await makeWebhook(project, "http://127.0.0.1:9999")]);
    const first = await claimOne();
    expect(await claim(10, false)).toEqual([]);
    await expireLeases();
    const second = await claimOne();
    expect([second.id, second.token === first.token]).toEqual([first.id, false]);
  });

  test("that was lost lets a zombie neither send nor mark", async () => {
    const sink = await openSink();
    const [id] = await queue(project, [await makeWebhook(project, sink.url)]);
    const zombie = await claimOne();
    await expireLeases();
    const heir = await claimOne();
    await deliver(zombie);
    expect(sink.received).toHaveLength(0);
    expect(await begin(zombie, {})).toBeNull();
    expect(await finish(zombie, { status: "sent", responseStatus: 200 })).toBe(false);
    expect(
      await finish(zombie, { status: "failed", responseStatus: 410, error: "gone", counts: true, disable: "gone" }),
    ).toBe(false);
    expect(await stored(id)).toMatchObject({ status: "pending", attempts: 0 });
    const channel = await pool().query("SELECT enabled, failing_since FROM channels WHERE project_id = $1", [
      project.id,
    ]);
    expect(channel.rows).toEqual([{ enabled: true, failing_since: null }]);
    await deliver(heir);
    expect(await stored(id)).toMatchObject({ status: "sent", attempts: 1 });
    expect(await finish(zombie, { status: "pending", responseStatus: null, error: "late", delayMs: 0 })).toBe(false);
    expect((await stored(id)).status).toBe("sent");
  });

  test("of a worker that died between send and mark leads to the same message once more", async () => {
    const sink = await openSink();
    const [id] = await queue(project, [await makeWebhook(project, sink.url)]);
    // The receiver has it and has answered 200; before the answer is marked the worker is dead.
    const dying = await claimOne();
    await pool().query("ALTER TABLE deliveries ADD CONSTRAINT no_mark CHECK (status <> 'sent') NOT VALID");
    await deliver(dying);
    await pool().query("ALTER TABLE deliveries DROP CONSTRAINT no_mark");
    expect([sink.received.length, (await stored(id)).status]).toEqual([1, "pending"]);
    await expireLeases();
    await deliverDue({ limit: 10 });
    expect(await stored(id)).toMatchObject({ status: "sent", attempts: 2 });
    const [first, second] = sink.received;
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    expect(second?.body).toBe(first?.body);
  });
});

test("four workers send each of 400 deliveries once and those of a subject in order", async () => {
  const sink = await openSink();
  const channels = await Promise.all([1, 2].map(() => makeWebhook(project, sink.url)));
  const types = ["check.down", "check.up", "check.down", "check.up"];
  for (let subject = 0; subject < 50; subject++) {
    for (const type of types) await queue(project, channels, { subjectId: `s${subject}`, type });
  }
  const order = await pool().query<{ id: string; pair: string }>(
    "SELECT id, channel_id || subject_id AS pair FROM deliveries ORDER BY seq",
  );
  const sent = await Promise.all([1, 2, 3, 4].map(() => deliverDue({ limit: 1000 })));
  expect(Math.max(...sent)).toBeLessThan(400);
  // A worker may stop while another still holds the one before: the next call goes on.
  sent.push(await deliverDue({ limit: 1000 }));
  expect(sent.reduce((sum, count) => sum + count)).toBe(400);
  const ids = sink.received.map((one) => String(one.headers["webhook-id"]));
  expect(new Set(ids).size).toBe(400);
  expect(ids).toHaveLength(400);
  const pairOf = new Map(order.rows.map((row) => [row.id, row.pair]));
  const ofPair = (all: string[], pair: string) => all.filter((id) => pairOf.get(id) === pair);
  const expected = order.rows.map((row) => row.id);
  for (const pair of pairOf.values()) expect(ofPair(ids, pair)).toEqual(ofPair(expected, pair));
});

test("workers that die at random lose nothing, and repeat only what they had sent", async () => {
  const sink = await openSink();
  const channel = await makeWebhook(project, sink.url);
  for (let index = 0; index < 60; index++) await queue(project, [channel], { subjectId: `s${index % 20}` });
  const fates = fc.sample(fc.constantFrom("lives", "dies before", "dies after"), { numRuns: 1000, seed: 42 });
  const deaths = { before: 0, after: 0 };
  while ((await pool().query("SELECT FROM deliveries WHERE status = 'pending'")).rowCount !== 0) {
    for (const claimed of await claim(8, false)) {
      const fate = fates.pop();
      if (fate === "lives") await deliver(claimed);
      else if (fate === "dies before") deaths.before++;
      else {
        deaths.after++;
        await sendOnly(claimed, sink.url);
      }
    }
    await expireLeases();
  }
  expect(Math.min(deaths.before, deaths.after)).toBeGreaterThan(20);
  const bodies = new Map<unknown, Set<string>>();
  for (const { headers, body } of sink.received) {
    bodies.set(headers["webhook-id"], (bodies.get(headers["webhook-id"]) ?? new Set()).add(body));
  }
  expect(bodies.size).toBe(60);
  expect([...bodies.values()].every((seen) => seen.size === 1)).toBe(true);
  expect(sink.received.length).toBe(60 + deaths.after);
});

/** What a worker does that dies before it can mark. */
async function sendOnly(claimed: Claimed, url: string): Promise<void> {
  const begun = await begin(
    claimed,
    claimed.message ?? kindOf("webhook").render(claimed.alert, { name: "Hook", projectName: "Test" }),
  );
  const attempt = { deliveryId: claimed.id, at: begun?.at ?? new Date(), projectSecret: claimed.projectSecret };
  await kindOf("webhook").send(begun?.message, { url }, attempt);
}

describe("with many rows", () => {
  test("a claim reads the index of what is due, and looks up what is older by its own", async () => {
    const channel = await makeWebhook(project, "http://127.0.0.1:9999");
    await pool().query(
      `WITH raised AS (
         INSERT INTO alerts (project_id, type, severity, subject_type, subject_id, subject_name, message, dedup_key, occurred_at)
         SELECT $1::uuid, 'check.down', 'critical', 'check', 's' || n % 500, 'x', 'x', 'many:' || n, now() FROM generate_series(1, 20000) n
         RETURNING id, subject_id)
       INSERT INTO deliveries (project_id, alert_id, channel_id, event, subject_id, status, next_attempt_at)
       SELECT $1::uuid, id, $2::uuid, 'check.down', subject_id,
              CASE WHEN id % 10 = 0 THEN 'pending' ELSE 'sent' END::delivery_status, now() + (id % 100 - 50) * interval '1 minute'
         FROM raised`,
      [project.id, channel],
    );
    await pool().query("ANALYZE deliveries, alerts, channels");
    const text = await planOf(DUE, [12, false]);
    expect(text).toMatch(/Index Scan using deliveries_due_idx on deliveries d/);
    expect(text).toMatch(/using deliveries_pending_order_idx on deliveries earlier/);
    expect(text).not.toMatch(/Seq Scan on deliveries/);
  });
});
