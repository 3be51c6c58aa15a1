import { expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { approvalAlerts, raiseDirect } from "@/lib/testing/approval-alerts";
import { planOf } from "@/lib/testing/explain";
import { makeWebhook, queue } from "@/lib/testing/outbox";
import { makeWorld } from "@/lib/testing/world";
import { LAST, listDeliveriesOf, listLastDeliveries, OF_ALERTS } from "./latest";
import { listAlerts } from "./queries";

const page = { limit: 50 };

test("alerts know how they fared on each channel, also on a deleted one", async () => {
  const { project, foreign } = await makeWorld();
  const [hook, gone] = [await makeWebhook(project, "http://127.0.0.1:9999"), crypto.randomUUID()];
  const [sent] = await queue(project, [hook, gone]);
  await queue(project, []);
  await pool().query("UPDATE deliveries SET status = 'failed', error = 'no' WHERE id = $1", [sent]);
  const { items } = await listAlerts(project.caller, page);
  const ids = items.map((alert) => alert.id);
  const found = await listDeliveriesOf(project.caller, ids);
  expect(found).toEqual([
    {
      id: sent,
      alert_id: ids[1],
      channel_id: hook,
      recipient: null,
      channel_name: "Hook",
      status: "failed",
      response_status: null,
      error: "no",
    },
    expect.objectContaining({ channel_id: gone, channel_name: null, status: "pending" }),
  ]);
  expect(await listDeliveriesOf(foreign.caller, ids)).toEqual([]);
  expect(await listDeliveriesOf(project.caller, [])).toEqual([]);
});

test("alerts know whom they went to directly, after the channels", async () => {
  const { project, foreign } = await makeWorld();
  await makeWebhook(project, "http://127.0.0.1:9999");
  const { decided } = approvalAlerts({}, project.id);
  const direct = (recipient: string) => ({ kind: "callback" as const, recipient, config: { url: "http://x.example" } });
  await raiseDirect(decided, direct("http://b.example"), direct("http://a.example"));
  const ids = (await listAlerts(project.caller, page)).items.map((alert) => alert.id);
  const found = await listDeliveriesOf(project.caller, ids);
  expect(found.map((one) => [one.channel_name, one.channel_id === null, one.recipient])).toEqual([
    ["Hook", false, null],
    [null, true, "http://a.example"],
    [null, true, "http://b.example"],
  ]);
  expect(await listDeliveriesOf(foreign.caller, ids)).toEqual([]);
});

test("a channel shows its newest delivery", async () => {
  const { project, foreign } = await makeWorld();
  const [hook, unused] = [
    await makeWebhook(project, "http://127.0.0.1:9999"),
    await makeWebhook(project, "http://127.0.0.1:9998"),
  ];
  await queue(project, [hook]);
  const [newest] = await queue(project, [hook]);
  await pool().query("UPDATE deliveries SET status = 'sent', response_status = 200 WHERE id = $1", [newest]);
  expect(await listLastDeliveries(project.caller, [hook, unused])).toEqual([
    { channel_id: hook, status: "sent", response_status: 200, created_at: expect.stringMatching(/Z$/) },
  ]);
  expect(await listLastDeliveries(foreign.caller, [hook])).toEqual([]);
  expect(await listLastDeliveries(project.caller, [])).toEqual([]);
});

test("neither reads more than it shows", async () => {
  const { project } = await makeWorld();
  await pool().query(
    `INSERT INTO projects (name, ping_key, webhook_secret) SELECT 'x', 'latest' || n, 'x' FROM generate_series(1, 299) n`,
  );
  await pool().query(
    `WITH raised AS (
       INSERT INTO alerts (project_id, type, severity, subject_type, subject_id, subject_name, message, dedup_key, occurred_at)
       SELECT p.id, 'check.down', 'critical', 'check', 's', 'x', 'x', p.id::text || n, now() FROM generate_series(1, 20) n, projects p
       RETURNING id, project_id)
     INSERT INTO deliveries (project_id, alert_id, channel_id, event, subject_id)
     SELECT project_id, id, project_id, 'check.down', 's' FROM raised`,
  );
  await pool().query("ANALYZE alerts, deliveries");
  expect(await planOf(OF_ALERTS, [project.id, [1, 2]])).toContain("deliveries_alert_id_channel_id_event_key");
  expect(await planOf(LAST, [project.id, [project.id]])).toContain("deliveries_project_id_channel_id_seq_idx");
});
