import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { renderPagerduty } from "@/lib/channels/pagerduty/render";
import type { CreateChannel } from "@/lib/channels/schema";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { makeChannel } from "@/lib/testing/outbox";
import { factsFrom, workflowAlerts } from "@/lib/testing/workflow-alerts";
import { makeWorkflow } from "@/lib/testing/workflows";
import { makeProject, type TestProject } from "@/lib/testing/world";
import { OPEN_TYPES } from "@/lib/workflows/alert";
import { claim } from "./outbox";
import { type NewAlert, raiseAlerts } from "./raise";
import { settleAlerts } from "./settle";

const ID = "train";
const BAD_NEWS = ["failed", "missed", "outOfOrder", "timeout"] as const;

let project: TestProject;
let alerts: ReturnType<typeof workflowAlerts>;
beforeEach(async () => {
  await pool().query("DELETE FROM alerts");
  project = await makeProject();
  alerts = workflowAlerts({
    projectId: project.id,
    id: ID,
    instanceId: `s${randomUUID().replaceAll("-", "").slice(0, 16)}`,
  });
  await makeWorkflow(project.id, { id: ID });
});

function addChannel(name: string, events: CreateChannel["events"] = [], of = project): Promise<string> {
  return makeChannel(of, { kind: "email", name, events, config: { to: "ops@example.com" } });
}

const raise = (...raised: NewAlert[]) => transaction((tx) => raiseAlerts(tx, raised));

const raiseAll = () => raise(...BAD_NEWS.map((name) => alerts[name]), alerts.completed);

/** Who is told of what, as `channel: event`, in order of names. */
async function told(): Promise<string[]> {
  const { rows } = await pool().query<{ line: string }>(
    `SELECT channels.name || ': ' || event AS line FROM deliveries JOIN channels ON channels.id = channel_id ORDER BY 1`,
  );
  return rows.map(({ line }) => line);
}

/** The types of the alerts there are, told or not. */
async function noted(): Promise<string[]> {
  const { rows } = await pool().query<{ type: string }>("SELECT type FROM alerts ORDER BY type");
  return rows.map(({ type }) => type);
}

describe("alerts about a workflow", () => {
  test("reach every channel by default, also one made after it, and its completion only who asks for it", async () => {
    await addChannel("all");
    await addChannel("asks", ["workflow.completed"]);
    await raiseAll();
    expect(await told()).toEqual([
      "all: workflow.failed",
      "all: workflow.stage_missed",
      "all: workflow.stage_out_of_order",
      "all: workflow.stage_timeout",
      "asks: workflow.completed",
    ]);
    expect(await noted()).toHaveLength(5);
  });

  test.each([
    "workflow.failed",
    "workflow.stage_timeout",
    "workflow.stage_missed",
    "workflow.stage_out_of_order",
  ] as const)("reach a channel that wants %s with that alone", async (type) => {
    await addChannel("one", [type]);
    await raiseAll();
    expect(await told()).toEqual([`one: ${type}`]);
  });

  test("are not even noted when they are good news that no enabled channel of the project asks for", async () => {
    const asks = await addChannel("asks", ["workflow.completed"]);
    await addChannel("foreign", ["workflow.completed"], await makeProject());
    await pool().query("UPDATE channels SET enabled = false WHERE id = $1", [asks]);
    await raise(alerts.completed);
    expect(await noted()).toEqual([]);
    await pool().query("UPDATE channels SET enabled = true WHERE id = $1", [asks]);
    await raise(alerts.completed);
    expect([await told(), await noted()]).toEqual([["asks: workflow.completed"], ["workflow.completed"]]);
  });

  test("do not reach a channel that wants to hear of checks alone, or is disabled", async () => {
    await addChannel("checks", ["check.down"]);
    const off = await addChannel("off");
    await pool().query("UPDATE channels SET enabled = false WHERE id = $1", [off]);
    await raiseAll();
    expect([await told(), (await noted()).length]).toEqual([[], 4]);
  });

  test.each([
    ["while it is muted reach nobody", "now() + interval '1 minute'", []],
    [
      "reach somebody again when the time for which it was muted is over",
      "now() - interval '1 second'",
      ["all: workflow.failed"],
    ],
  ])("%s", async (_what, until, expected) => {
    await addChannel("all");
    await pool().query(`UPDATE workflows SET muted_until = ${until} WHERE project_id = $1`, [project.id]);
    await raise(alerts.failed);
    expect([await told(), await noted()]).toEqual([expected, ["workflow.failed"]]);
  });

  test("reach the channel that was chosen and no other, as far as it wants them", async () => {
    const [chosen, picky] = [await addChannel("chosen"), await addChannel("picky", ["workflow.stage_missed"])];
    await addChannel("other");
    await pool().query("UPDATE workflows SET all_channels = false WHERE project_id = $1", [project.id]);
    await raise(alerts.timeout);
    expect(await told()).toEqual([]);
    await pool().query(
      "INSERT INTO workflow_channels (project_id, workflow_id, channel_id) SELECT $1, $2, unnest($3::uuid[])",
      [project.id, ID, [chosen, picky]],
    );
    await raise(alerts.failed, alerts.missed);
    expect(await told()).toEqual([
      "chosen: workflow.failed",
      "chosen: workflow.stage_missed",
      "picky: workflow.stage_missed",
    ]);
  });

  test("never reach another project, although its workflow has the same id", async () => {
    const foreign = await makeProject();
    await makeWorkflow(foreign.id, { id: ID });
    const theirs = await addChannel("theirs", [], foreign);
    await pool().query("UPDATE workflows SET all_channels = false WHERE project_id = $1", [project.id]);
    await pool().query("INSERT INTO workflow_channels (project_id, workflow_id, channel_id) VALUES ($1, $2, $3)", [
      foreign.id,
      ID,
      theirs,
    ]);
    await raise(alerts.failed);
    await pool().query("UPDATE workflows SET all_channels = true WHERE project_id = $1", [project.id]);
    await raise(alerts.timeout);
    expect([await told(), (await noted()).length]).toEqual([[], 2]);
  });

  test("are raised once for an instance, and once for what comes between two", async () => {
    await addChannel("all");
    const others = workflowAlerts({ projectId: project.id, id: ID, instanceId: "s2" });
    await raise(alerts.missed, alerts.strayed);
    await raise(alerts.missed, alerts.strayed, others.missed, others.strayed);
    expect(await told()).toEqual(Array(3).fill("all: workflow.stage_missed"));
  });

  test("are raised beside those about checks", async () => {
    await addChannel("all");
    const id = randomUUID();
    const check: NewAlert = {
      ...alerts.failed,
      type: "check.down",
      subjectType: "check",
      subjectId: id,
      dedupKey: `check.down:${id}`,
    };
    await raise(check, alerts.failed);
    expect([await told(), await noted()]).toEqual([["all: workflow.failed"], ["check.down", "workflow.failed"]]);
  });

  test("are closed at PagerDuty when they are over, each under its own key; other channels hear nothing of it", async () => {
    await addChannel("mail");
    const config = { routing_key: "0123456789abcdef0123456789ABCDEF" };
    const pager = await makeChannel(project, { kind: "pagerduty", name: "pager", events: [], config });
    await raise(...BAD_NEWS.map((name) => alerts[name]));
    const settled = OPEN_TYPES.map((type) => ({ projectId: project.id, type, subjectId: ID, at: Date.now() }));
    await transaction((tx) => settleAlerts(tx, settled));
    await transaction((tx) => settleAlerts(tx, settled));
    expect((await told()).filter((line) => line.endsWith(".resolved"))).toEqual(
      OPEN_TYPES.map((type) => `pager: ${type}.resolved`).toSorted(),
    );
    await pool().query("DELETE FROM deliveries WHERE channel_id <> $1", [pager]);
    // Those of one subject go out one after the other.
    const events = await claimAll();
    const keys = (action: string) => events.filter((one) => one.event_action === action).map((one) => one.dedup_key);
    expect(new Set(keys("trigger")).size).toBe(OPEN_TYPES.length);
    expect(keys("resolve").toSorted()).toEqual(keys("trigger").toSorted());
    const open = await pool().query("SELECT FROM alerts WHERE resolved_at IS NULL");
    expect(open.rowCount).toBe(0);
  });
});

/** What PagerDuty is told by all deliveries that are due, in order. */
async function claimAll(): Promise<{ event_action: string; dedup_key: string }[]> {
  const [claimed] = await claim(1, false);
  if (claimed === undefined) return [];
  const { events } = renderPagerduty(claimed.alert, { name: "pager", projectName: "Test" });
  await pool().query("UPDATE deliveries SET status = 'sent', next_attempt_at = NULL WHERE id = $1", [claimed.id]);
  return [...events, ...(await claimAll())];
}

test("what is told is what the alert says", async () => {
  await addChannel("all");
  await raise(alerts.failed);
  const [claimed] = await claim(1, false);
  expect(claimed?.alert).toEqual({ ...factsFrom(alerts.failed), id: claimed?.alert.id });
});
