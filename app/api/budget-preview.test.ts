import { expect, test } from "vitest";
import { previewBudget } from "@/lib/costs/preview";
import { UpdateBudget } from "@/lib/costs/schema";
import { pool } from "@/lib/db/pool";
import { recordingPool } from "@/lib/testing/explain";
import { call } from "@/lib/testing/http";
import { freshId, stages } from "@/lib/testing/stages";
import { GET as breakdown } from "./instances/[id]/cost/route";
import { PUT as setExpected } from "./instances/[id]/expected/route";
import { POST as preview } from "./workflows/[id]/budget/preview/route";
import { GET as budgetOf, PUT as setBudget } from "./workflows/[id]/budget/route";
import { GET as summary } from "./workflows/[id]/cost/route";
import { GET as costAlerts } from "./workflows/[id]/cost-alerts/route";

// The public contract §8: what a budget would have done, and what people say of costs.
const at = stages();

type Asked = { body?: unknown; key?: string; method?: string };

const ask = (handler: typeof preview, id: string, { key = at.world.key, method = "GET", body }: Asked = {}) =>
  call(handler, { method, path: "/", key, params: { id }, body });
const tryOut = (id: string, body: unknown, key?: string) =>
  ask(preview, id, { method: "POST", body, ...(key !== undefined && { key }) });
const expecting = (id: string, body: unknown, key?: string) =>
  ask(setExpected, id, { method: "PUT", body, ...(key !== undefined && { key }) });

/** An instance whose steps cost so much, and that the last of them ends. */
async function ended(workflow: string, [first = 0, ...more]: number[], end: string): Promise<string> {
  const told = await at.post(`/dhk/${workflow}?stagePath=1&start=yes${more.length === 0 ? end : ""}`, {
    cost_usd: first,
  });
  const id = String(told.body["instance_id"]);
  for (const [index, usd] of more.entries()) {
    const query = `stagePath=${index + 2}&instance_id=${id}${index === more.length - 1 ? end : ""}`;
    await at.post(`/dhk/${workflow}?${query}`, { cost_usd: usd });
  }
  return id;
}
const completed = (workflow: string, ...costs: number[]): Promise<string> => ended(workflow, costs, "&final=yes");

const LIMITED = { budget_enabled: true, budget_limit_usd: 2, budget_action: "pause" };

test("a budget is tried on instances that were, by their own costs, and nothing is changed", async () => {
  const workflow = freshId();
  const ids: string[] = [];
  for (const costs of [[1], [1], [1.5, 1, 2.5], [1], [2, 0.5, 1], [1]]) ids.push(await completed(workflow, ...costs));
  const { body: before } = await ask(budgetOf, workflow);
  const { status, body } = await tryOut(workflow, { ...LIMITED, budget_alert_threshold_usd: 1 });
  expect(status).toBe(200);
  expect(body).toEqual({
    period_days: 30,
    instances: 6,
    total_cost_usd: 12.5,
    would_stop: 2,
    would_warn: 4,
    days_over_limit: 0,
    saved_usd: 3.5,
    examples: [
      { instance_id: ids[2], cost_usd: 5, started_at: expect.stringMatching(/Z$/), by: "limit" },
      { instance_id: ids[4], cost_usd: 3.5, started_at: expect.stringMatching(/Z$/), by: "limit" },
    ],
    highest_instance_usd: 5,
    median_instance_usd: 1,
    p95_instance_usd: 5,
    suggested_limit_usd: 10,
  });
  expect((await ask(budgetOf, workflow)).body).toEqual(before);
  const day = await tryOut(workflow, { budget_enabled: true, budget_daily_limit_usd: 7, budget_action: "terminate" });
  expect(day.body).toMatchObject({ would_stop: 1, would_warn: 2, days_over_limit: 1, saved_usd: 1.5 });
});

test("what the step that crosses the limit has ended is not stopped, and what others ended is", async () => {
  const workflow = freshId();
  await completed(workflow, 3);
  await completed(workflow, 1, 2);
  await ended(workflow, [1, 2], "&status=failed");
  expect((await tryOut(workflow, LIMITED)).body).toMatchObject({ would_stop: 0, would_warn: 3, saved_usd: 0 });
  const late = await ended(workflow, [1, 2], "");
  expect((await tryOut(workflow, LIMITED)).body).toMatchObject({ would_stop: 1, would_warn: 3, saved_usd: 0 });
  await pool().query("UPDATE instances SET status = 'failed', ended_at = now() + interval '1 minute' WHERE id = $1", [
    late,
  ]);
  expect((await tryOut(workflow, LIMITED)).body).toMatchObject({ would_stop: 1, would_warn: 3, saved_usd: 0 });
});

test("of steps that are gone nothing is claimed, and copied ones are not counted", async () => {
  const workflow = freshId();
  const id = await completed(workflow, 9, 1.5, 1, 0.5);
  await pool().query("UPDATE instances SET n_copied = 1, copied_cost_micros = 9000000 WHERE id = $1", [id]);
  expect((await tryOut(workflow, LIMITED)).body).toMatchObject({ would_stop: 1, saved_usd: 0.5 });
  await pool().query("DELETE FROM stage_executions WHERE instance_id = $1 AND ordinal = 1", [id]);
  const { body } = await tryOut(workflow, LIMITED);
  expect(body).toMatchObject({ would_stop: 0, would_warn: 1, saved_usd: 0, examples: [{ instance_id: id }] });
});

test("what is not named is as it is stored, and what cannot be saved cannot be tried", async () => {
  const workflow = freshId();
  await completed(workflow, 1, 1.5, 0.5);
  await ask(setBudget, workflow, { method: "PUT", body: LIMITED });
  expect((await tryOut(workflow, {})).body).toMatchObject({ would_stop: 1, saved_usd: 0.5 });
  expect((await tryOut(workflow, { budget_limit_usd: null })).body).toMatchObject({ would_stop: 0 });
  const above = await tryOut(workflow, { budget_alert_threshold_usd: 2.5 });
  expect(above).toMatchObject({ status: 400, body: { invalid_params: [{ name: "budget_alert_threshold_usd" }] } });
  expect((await tryOut(workflow, { budget_limit_usd: -1 })).status).toBe(400);
  expect((await tryOut(workflow, LIMITED, at.world.foreignKey)).status).toBe(404);
  expect((await tryOut(freshId(), LIMITED)).status).toBe(404);
});

test("instances of more than 30 days ago, and steps that were copied, are left out", async () => {
  const workflow = freshId();
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1) ids.push(await completed(workflow, 1.5, 1, 0.5));
  await pool().query("UPDATE instances SET started_at = now() - interval '31 days' WHERE id = $1", [ids[0]]);
  await pool().query("UPDATE instances SET n_copied = 2, copied_cost_micros = 2500000 WHERE id = $1", [ids[1]]);
  expect((await tryOut(workflow, LIMITED)).body).toMatchObject({ instances: 2, total_cost_usd: 3.5, would_stop: 1 });
  const nothing = await tryOut(await empty(), LIMITED);
  expect(nothing.body).toMatchObject({ instances: 0, examples: [], suggested_limit_usd: null, saved_usd: 0 });
});

/** A workflow whose instances are all gone. */
async function empty(): Promise<string> {
  const workflow = freshId();
  await completed(workflow, 1);
  await pool().query("DELETE FROM instances WHERE project_id = $1 AND workflow_id = $2", [
    at.world.project.id,
    workflow,
  ]);
  return workflow;
}

test("no table is read whole to try a budget", async () => {
  const workflow = freshId();
  await completed(workflow, 2, 1, 1);
  const { db, plans } = recordingPool();
  await previewBudget(at.world.project.caller, workflow, { change: UpdateBudget.parse(LIMITED), db });
  const all = await plans();
  for (const plan of all) expect(plan).not.toContain("Seq Scan");
  expect(all.join("\n")).toContain("instances_project_id_workflow_id_started_at_seq_idx");
  // In the order of the steps, so that nothing is read behind the one that crosses.
  const ofSteps = all.find((plan) => plan.includes("stage_executions")) ?? "";
  expect(ofSteps).toContain("Index Scan using stage_executions_pkey");
  expect(ofSteps).not.toContain("Sort");
});

test("what somebody calls expected is no measure for others, at once", async () => {
  const workflow = freshId();
  const ids: string[] = [];
  for (let n = 0; n < 25; n += 1) ids.push(await completed(workflow, n < 4 ? 1 : 0.1));
  await ask(setBudget, workflow, { method: "PUT", body: { cost_anomaly_detection: true, cost_anomaly_multiplier: 3 } });
  const running = await at.post(`/dhk/${workflow}?stagePath=1&start=yes`, { cost_usd: 0.1 });
  const spend = (path: string, usd: number) =>
    at.post(`/dhk/${workflow}?stagePath=${path}&instance_id=${running.body["instance_id"]}`, { cost_usd: usd });
  // Three times the average is $0.73 with the dear ones, and $0.30 without.
  await spend("2", 0.22);
  expect((await ask(costAlerts, workflow)).body).toMatchObject({ alerts: [] });
  for (const id of ids.slice(0, 4)) await expecting(id, { expected: true });
  await spend("3", 0);
  expect((await ask(costAlerts, workflow)).body).toMatchObject({ alerts: [{ alert_type: "cost_anomaly" }] });
});

test("expected is shown, can be taken back, and is told in the log", async () => {
  const workflow = freshId();
  const id = await completed(workflow, 1);
  expect(await expecting(id, { expected: true })).toMatchObject({
    status: 200,
    body: { instance_id: id, expected: true },
  });
  await expecting(id, { expected: true });
  expect((await ask(breakdown, id)).body).toMatchObject({ expected: true });
  expect((await ask(summary, workflow)).body).toMatchObject({ completed_instances: 0 });
  expect((await expecting(id, { expected: false })).body).toEqual({ instance_id: id, expected: false });
  expect((await ask(summary, workflow)).body).toMatchObject({ completed_instances: 1 });
  const log = await pool().query("SELECT action FROM audit_entries WHERE subject_id = $1 ORDER BY id", [id]);
  expect(log.rows).toEqual([{ action: "instance.expected" }, { action: "instance.unexpected" }]);
  expect((await expecting(id, { expected: "yes" })).status).toBe(400);
  expect((await expecting(id, {})).status).toBe(400);
  expect((await expecting(id, { expected: true }, at.world.foreignKey)).status).toBe(403);
  expect((await expecting("d0000000000000000", { expected: true })).status).toBe(404);
});
