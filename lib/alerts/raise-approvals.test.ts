import { beforeEach, describe, expect, test } from "vitest";
import { renderPagerduty } from "@/lib/channels/pagerduty/render";
import type { CreateChannel } from "@/lib/channels/schema";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { approvalAlerts, newApprovalId, raiseDirect } from "@/lib/testing/approval-alerts";
import { makeChannel } from "@/lib/testing/outbox";
import { makeProject, type TestProject } from "@/lib/testing/world";
import { type Claimed, claim } from "./outbox";
import { type NewAlert, raiseAlerts } from "./raise";
import { settleAlertsByKey } from "./settle";

const CONFIGS = [
  { kind: "email", config: { to: "ops@example.com" } },
  { kind: "slack", config: { webhook_url: "http://127.0.0.1:9999/slack" } },
  { kind: "discord", config: { webhook_url: "http://127.0.0.1:9999/discord" } },
  { kind: "webhook", config: { url: "http://127.0.0.1:9999/" } },
  { kind: "pagerduty", config: { routing_key: "0123456789abcdef0123456789ABCDEF" } },
] as const;

let project: TestProject;
let alerts: ReturnType<typeof approvalAlerts>;
beforeEach(async () => {
  await pool().query("DELETE FROM alerts");
  project = await makeProject();
  alerts = approvalAlerts({ approval_id: newApprovalId() }, project.id);
});

/** A channel of each kind, named by it. */
async function addChannels(events: CreateChannel["events"] = [], of = project): Promise<void> {
  for (const one of CONFIGS) await makeChannel(of, { ...one, name: one.kind, events });
}

const raise = (...raised: NewAlert[]) => transaction((tx) => raiseAlerts(tx, raised));

async function told(): Promise<string[]> {
  const { rows } = await pool().query<{ line: string }>(
    "SELECT channels.name || ': ' || event AS line FROM deliveries JOIN channels ON channels.id = channel_id ORDER BY 1",
  );
  return rows.map(({ line }) => line);
}

describe("alerts about an approval", () => {
  test("reach every chat and webhook of the project by default, and nobody by mail or pager", async () => {
    await addChannels();
    await addChannels([], await makeProject());
    await raise(alerts.requested, alerts.decided);
    expect(await told()).toEqual([
      "discord: approval.decided",
      "discord: approval.requested",
      "slack: approval.decided",
      "slack: approval.requested",
      "webhook: approval.decided",
      "webhook: approval.requested",
    ]);
  });

  test("reach a channel of any kind that asks for them, with those alone", async () => {
    await addChannels(["approval.requested", "check.down"]);
    await raise(alerts.requested, alerts.decided);
    expect(await told()).toEqual(CONFIGS.map(({ kind }) => `${kind}: approval.requested`).toSorted());
  });

  test("do not reach a channel that wants something else, or is disabled", async () => {
    await addChannels(["check.down"]);
    await raise(alerts.requested);
    await pool().query("UPDATE channels SET events = '{}', enabled = false");
    await raise(alerts.decided);
    expect([await told(), (await pool().query("SELECT FROM alerts")).rowCount]).toEqual([[], 2]);
  });

  test("are closed at PagerDuty when it is decided, and nobody who was asked directly is told of that", async () => {
    await addChannels(["approval.requested"]);
    await raiseDirect(alerts.requested, { kind: "approver", recipient: "ann@example.com", config: {} });
    await pool().query("DELETE FROM deliveries USING channels c WHERE c.id = channel_id AND c.kind <> 'pagerduty'");
    const opened = pagerEvents(await claim(10, false));
    await pool().query("UPDATE deliveries SET status = 'sent'");
    const settled = [{ key: alerts.requested.dedupKey, at: Date.now() }];
    await transaction((tx) => settleAlertsByKey(tx, settled));
    await transaction((tx) => settleAlertsByKey(tx, settled));
    const over = await claim(10, false);
    expect(over).toHaveLength(1);
    const [trigger] = opened;
    expect(opened.map((event) => event.event_action)).toEqual(["trigger"]);
    expect(pagerEvents(over)).toEqual([{ event_action: "resolve", dedup_key: trigger?.dedup_key }]);
  });
});

const pagerEvents = (claimed: Claimed[]) =>
  claimed
    .filter(({ channel }) => channel?.kind === "pagerduty")
    .flatMap(({ alert }) => renderPagerduty(alert, { name: "pager", projectName: "Test" }).events);
