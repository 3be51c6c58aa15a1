import { beforeAll, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { planOf } from "@/lib/testing/explain";
import { makeWebhook } from "@/lib/testing/outbox";
import { makeProject, type TestProject } from "@/lib/testing/world";
import { alertsStatement, deliveriesStatement } from "./queries";

let project: TestProject;
let channel: string;

beforeAll(async () => {
  // Many projects, so that the rows of one are few among all; little of it is open, pending or failed.
  project = await makeProject();
  channel = await makeWebhook(project, "http://127.0.0.1:9999");
  await pool().query(
    "INSERT INTO projects (name, ping_key, webhook_secret) SELECT 'x', 'x' || n, 'x' FROM generate_series(1, 299) n",
  );
  await pool().query(
    `WITH raised AS (
       INSERT INTO alerts (project_id, type, severity, subject_type, subject_id, subject_name, message, dedup_key, occurred_at, resolved_at)
       SELECT p.id, CASE WHEN n % 100 = 0 THEN 'check.late' ELSE 'check.down' END, 'critical', 'check', 's' || n % 100, 'x', 'x',
              p.id::text || n, now(), CASE WHEN n % 100 = 0 THEN NULL ELSE now() END
         FROM generate_series(1, 100) n, projects p
       RETURNING id, project_id, subject_id)
     INSERT INTO deliveries (project_id, alert_id, channel_id, event, subject_id, status)
     SELECT project_id, id, CASE WHEN id % 20 = 0 THEN $1::uuid ELSE gen_random_uuid() END, 'check.down', subject_id,
            (CASE id % 50 WHEN 0 THEN 'failed' WHEN 1 THEN 'pending' ELSE 'sent' END)::delivery_status
       FROM raised`,
    [channel],
  );
  await pool().query("ANALYZE alerts, deliveries");
});

const page = { limit: 50, cursor: undefined };
const below = { limit: 50, cursor: Buffer.from("[25000]").toString("base64url") };

const plan = ({ text, values }: { text: string; values: unknown[] }): Promise<string> => planOf(text, values);

test.each([
  [page, "alerts_project_id_id_key"],
  [below, "alerts_project_id_id_key"],
  [{ ...page, type: "check.late" as const }, "alerts_project_id_type_id_idx"],
  [{ ...page, subject_id: "s7" }, "alerts_project_id_subject_id_id_idx"],
  [{ ...page, status: "open" as const }, "alerts_unresolved_idx"],
  [{ ...page, status: "acknowledged" as const }, "alerts_unresolved_idx"],
  [{ ...page, status: "resolved" as const }, "alerts_project_id_id_key"],
])("the list of alerts %j reads %s", async (query, index) => {
  const text = await plan(alertsStatement(project.id, query));
  expect(text).toContain(index);
  expect(text).not.toContain("Seq Scan");
});

test.each([
  [page, "deliveries_project_id_seq_idx"],
  [below, "deliveries_project_id_seq_idx"],
  [{ ...page, status: "failed" as const }, "deliveries_failed_idx"],
  [{ ...page, status: "pending" as const }, "deliveries_pending_order_idx"],
  [{ ...page, status: "sent" as const }, "deliveries_project_id_seq_idx"],
  [{ ...page, channel_id: "" }, "deliveries_project_id_channel_id_seq_idx"],
  [{ ...page, alert_id: 17 }, "deliveries_alert_id_channel_id_event_key"],
])("the list of deliveries %j reads %s", async (query, index) => {
  const text = await plan(
    deliveriesStatement(project.id, "channel_id" in query ? { ...query, channel_id: channel } : query),
  );
  expect(text).toContain(index);
  expect(text).not.toContain("Seq Scan");
});
