import { expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { call } from "@/lib/testing/http";
import { freshId, stages } from "@/lib/testing/stages";
import { makeWorkflow, staticRules } from "@/lib/testing/workflows";
import { POST as resolve } from "./cost-alerts/[id]/resolve/route";
import { GET as breakdown } from "./instances/[id]/cost/route";
import { POST as resume } from "./instances/[id]/resume/route";
import { GET as budgetOf, PUT as setBudget } from "./workflows/[id]/budget/route";
import { GET as summary } from "./workflows/[id]/cost/route";
import { GET as costAlerts } from "./workflows/[id]/cost-alerts/route";

// The public contract §8 and the reference document `pingpulse-api`, COST; signals come through the front door.
const at = stages();

type Asked = { body?: unknown; query?: string; key?: string };

const methodOf = (handler: typeof summary): string =>
  handler === setBudget ? "PUT" : handler === resume || handler === resolve ? "POST" : "GET";

/** What a route answers of a workflow, an instance or an alert, to the key of the project. */
const ask = (handler: typeof summary, id: string | number, { query = "", key = at.world.key, body }: Asked = {}) =>
  call(handler, { method: methodOf(handler), path: `/${query}`, key, params: { id: String(id) }, body });

/** A workflow that has begun, with the budget it is given. */
async function begun(budget: object, cost = 0): Promise<{ workflow: string; id: string }> {
  const workflow = freshId();
  const first = await at.post(`/dhk/${workflow}?stagePath=1&start=yes`, { cost_usd: cost });
  expect(await ask(setBudget, workflow, { body: budget })).toMatchObject({ status: 200 });
  return { workflow, id: String(first.body["instance_id"]) };
}

const spend = (workflow: string, path: string, cost: number, more = "") =>
  at.post(`/dhk/${workflow}?stagePath=${path}${more}`, { cost_usd: cost });

const LIMITED = { budget_enabled: true, budget_limit_usd: 1, budget_action: "pause" };

test("the sample of sending: model, usage, cost and tool calls are told step by step", async () => {
  const sample = {
    model_id: "claude-3-opus",
    usage: { input_tokens: 1500, output_tokens: 500, total_tokens: 2000 },
    cost_usd: 0.045,
    tool_calls: [{ tool_name: "web_search", latency_ms: 250, success: true }],
  };
  const { id } = await at.report([["1", sample]]);
  const { status, body } = await ask(breakdown, id);
  expect(status).toBe(200);
  expect(body).toEqual({
    instance_id: id,
    total_cost_usd: 0.045,
    copied_cost_usd: 0,
    expected: false,
    breakdown: [
      {
        step: 0,
        stage_path: "1",
        agent_code: null,
        model_id: "claude-3-opus",
        input_tokens: 1500,
        output_tokens: 500,
        cost_usd: 0.045,
        priced: true,
        // 1,500 at $15 and 500 at $75 a million (Claude 3 Opus, anthropic.com/pricing).
        computed_cost_usd: 0.06,
        differs: true,
        tags: [],
        copied: false,
        executed_at: expect.stringMatching(/Z$/),
      },
    ],
    next_cursor: null,
  });
});

test("what is not told is computed; what has no price is not nothing", async () => {
  const usage = { input_tokens: 1_000_000, output_tokens: 100_000 };
  const { id, workflow } = await at.report([
    ["1", { model_id: "gpt-4o", usage }],
    ["2", { model_id: "nobody-knows-1", usage }],
    ["3", { model_id: "gpt-4o" }],
  ]);
  const { body } = await ask(breakdown, id);
  // $2.50 and $10 a million (GPT-4o, openai.com/api/pricing).
  expect(body).toMatchObject({
    total_cost_usd: 3.5,
    breakdown: [
      { cost_usd: 3.5, computed_cost_usd: 3.5, priced: true, differs: false },
      { cost_usd: null, computed_cost_usd: null, priced: false },
    ],
  });
  expect((await ask(summary, workflow)).body).toMatchObject({ total_cost_usd: 3.5, unpriced_steps: 1 });
});

test("the summary, as the reference shows it", async () => {
  const { workflow, id } = await at.report([
    ["1", { cost_usd: 2.25 }],
    ["2", { cost_usd: 0.05 }],
  ]);
  await at.post(`/dhk/${workflow}?stagePath=1&start=yes`, { cost_usd: 0.1 });
  expect((await ask(summary, workflow)).body).toEqual({
    total_cost_usd: 2.4,
    today_cost_usd: 2.4,
    average_cost_per_instance_usd: 1.2,
    instance_count: 2,
    most_expensive_instance: { id, cost_usd: 2.3 },
    period_days: 7,
    unpriced_steps: 0,
    anomaly_status: "off",
    completed_instances: 0,
  });
  expect((await ask(summary, workflow, { query: "?days=0" })).status).toBe(400);
});

test("a budget keeps what a change does not name, and answers whole", async () => {
  const { workflow } = await begun({ budget_limit_usd: 100 });
  const whole = {
    budget_enabled: true,
    budget_limit_usd: 100,
    budget_alert_threshold_usd: 50,
    budget_daily_limit_usd: 500,
    budget_action: "terminate",
    cost_anomaly_detection: true,
    cost_anomaly_multiplier: 3,
  };
  const { budget_limit_usd: _, ...others } = whole;
  expect((await ask(setBudget, workflow, { body: others })).body).toEqual(whole);
  expect((await ask(budgetOf, workflow)).body).toEqual(whole);
});

test("the step that crosses the limit is kept and told to stop; the next is refused; a human lets it go on", async () => {
  const { workflow, id } = await begun(LIMITED, 1);
  const kept = await spend(workflow, "2", 0.000001);
  expect(kept).toMatchObject({ status: 200, body: { workflow_status: "paused", directive: "stop" } });
  const refused = await spend(workflow, "3", 0);
  expect(refused).toMatchObject({ status: 409, body: { code: "instance_paused", directive: "stop" } });
  const { body } = await ask(costAlerts, workflow);
  expect(body).toEqual({
    alerts: [
      {
        id: expect.any(Number),
        alert_type: "budget_exceeded",
        instance_id: id,
        current_cost_usd: 1.000001,
        threshold_usd: 1,
        action_taken: "pause",
        message: "Instance cost $1.000001 exceeds budget limit $1.00",
        created_at: expect.stringMatching(/Z$/),
        resolved_at: null,
      },
    ],
    next_cursor: null,
  });
  expect(await ask(resume, id)).toMatchObject({
    status: 200,
    body: { message: "Instance resumed", instance_id: id, status: "running" },
  });
  expect(await ask(resume, id)).toMatchObject({ status: 409, body: { code: "not_paused" } });
  // The limit is lifted for it, until the budget is changed.
  expect(await spend(workflow, "3", 5)).toMatchObject({ body: { workflow_status: "running", directive: "continue" } });
  await ask(setBudget, workflow, { body: { budget_limit_usd: 2 } });
  expect(await spend(workflow, "4", 0)).toMatchObject({ body: { workflow_status: "paused", directive: "stop" } });
});

test("with enforce=1 the crossing step is answered 402, and kept all the same", async () => {
  const { workflow, id } = await begun({ ...LIMITED, budget_action: "terminate" });
  const answer = await spend(workflow, "2", 3, "&enforce=1");
  expect(answer).toMatchObject({
    status: 402,
    body: { code: "budget_exceeded", workflow_status: "terminated", instance_id: id, directive: "stop" },
  });
  expect((await ask(breakdown, id)).body).toMatchObject({ total_cost_usd: 3 });
  const ending = await begun(LIMITED);
  expect(await spend(ending.workflow, "2", 3, "&enforce=1&final=yes")).toMatchObject({
    status: 402,
    body: { workflow_status: "completed" },
  });
  const alerting = await begun({ ...LIMITED, budget_action: "alert" });
  expect(await spend(alerting.workflow, "2", 3, "&enforce=1")).toMatchObject({
    status: 200,
    body: { workflow_status: "running", directive: "continue" },
  });
});

test("what was told of stages that were refused is over when a limit ends the instance", async () => {
  const rules = staticRules(3, { mode: "strict" });
  const workflow = await makeWorkflow(at.world.project.id, { rules });
  await ask(setBudget, workflow, { body: { ...LIMITED, budget_action: "terminate" } });
  await at.send(`/shk/${workflow}?stage=1`);
  expect((await at.send(`/shk/${workflow}?stage=3`)).status).toBe(400);
  await at.post(`/shk/${workflow}?stage=2`, { cost_usd: 2 });
  const open = "SELECT type FROM alerts WHERE subject_id = $1 AND resolved_at IS NULL";
  expect((await pool().query(open, [workflow])).rows).toEqual([{ type: "cost.exceeded" }]);
});

test("the daily limit stops the instance that crosses it, and others at their next step; it is told once", async () => {
  const { workflow, id } = await begun({ budget_enabled: true, budget_daily_limit_usd: 1, budget_action: "pause" });
  const other = await at.post(`/dhk/${workflow}?stagePath=1&start=yes`, { cost_usd: 0.5 });
  const named = `&instance_id=${other.body["instance_id"]}`;
  const crossing = await spend(workflow, "2", 0.75, `&instance_id=${id}`);
  expect(crossing.body).toMatchObject({ workflow_status: "paused" });
  expect(await spend(workflow, "2", 0, named)).toMatchObject({ status: 200, body: { workflow_status: "paused" } });
  const { body } = await ask(costAlerts, workflow);
  expect(body).toMatchObject({ alerts: [{ alert_type: "daily_limit_exceeded", instance_id: id }] });
});

test("another limit of the same day is told of as well", async () => {
  const daily = (limit: number) => ({
    budget_enabled: true,
    budget_daily_limit_usd: limit,
    budget_action: "alert",
  });
  const { workflow } = await begun(daily(1));
  await spend(workflow, "2", 2, "&final=yes");
  await ask(setBudget, workflow, { body: daily(3) });
  await spend(workflow, "1", 2, "&start=yes");
  const { body } = await ask(costAlerts, workflow);
  expect(body).toMatchObject({ alerts: [{ threshold_usd: 3 }, { threshold_usd: 1 }] });
});

test("steps without an instance go where they would have gone one by one", async () => {
  const { workflow, id } = await begun(LIMITED);
  const newer = await at.send(`/dhk/${workflow}?stagePath=1&start=yes`);
  const [crossing, next] = await Promise.all([spend(workflow, "2", 3), spend(workflow, "3", 0.5)]);
  expect(crossing.body).toMatchObject({ instance_id: newer.body["instance_id"], workflow_status: "paused" });
  expect(next).toMatchObject({ status: 200, body: { instance_id: id, workflow_status: "running" } });
});

test("instances that ran beside each other are learned from as they complete", async () => {
  const { workflow } = await begun({ cost_anomaly_detection: true });
  const begin = async () => String((await spend(workflow, "1", 0.1, "&start=yes")).body["instance_id"]);
  const ids = [await begin(), await begin(), await begin(), await begin(), await begin(), await begin()];
  for (const one of ids.slice(1)) await spend(workflow, "2", 0, `&final=yes&instance_id=${one}`);
  await spend(workflow, "2", 5, `&instance_id=${ids[0]}`);
  expect((await ask(costAlerts, workflow)).body).toMatchObject({ alerts: [{ alert_type: "cost_anomaly" }] });
});

test("the threshold is told once, when it is reached; resolved alerts are shown when they are asked for", async () => {
  const { workflow } = await begun({ budget_enabled: true, budget_alert_threshold_usd: 1 });
  await spend(workflow, "2", 1);
  await spend(workflow, "3", 1);
  const { body } = await ask(costAlerts, workflow);
  expect(body).toMatchObject({
    alerts: [{ alert_type: "budget_threshold", current_cost_usd: 1, action_taken: "alert" }],
  });
  const [{ id = 0 } = {}] = (body as { alerts: { id: number }[] }).alerts; // as the line above says
  expect(await ask(resolve, id)).toMatchObject({ status: 200, body: { id, resolved_at: expect.any(String) } });
  expect((await ask(costAlerts, workflow)).body).toMatchObject({ alerts: [] });
  const all = await ask(costAlerts, workflow, { query: "?include_resolved=true&limit=1" });
  expect(all.body).toMatchObject({ alerts: [{ id }] });
});

test("what is unusual is learned first, and told once", async () => {
  const { workflow } = await begun({ cost_anomaly_detection: true, cost_anomaly_multiplier: 3 });
  expect((await ask(summary, workflow)).body).toMatchObject({ anomaly_status: "learning" });
  await spend(workflow, "2", 0.1, "&final=yes");
  for (let run = 1; run < 5; run += 1) await spend(workflow, "1", 0.1, "&start=yes&final=yes");
  expect((await ask(summary, workflow)).body).toMatchObject({ anomaly_status: "active", completed_instances: 5 });
  await spend(workflow, "1", 0.3, "&start=yes");
  expect((await ask(costAlerts, workflow)).body).toMatchObject({ alerts: [] });
  await spend(workflow, "2", 0.01);
  await spend(workflow, "3", 5);
  const { body } = await ask(costAlerts, workflow);
  expect(body).toMatchObject({
    alerts: [{ alert_type: "cost_anomaly", current_cost_usd: 0.31, action_taken: "alert" }],
  });
});

test("200 steps at once that cross a limit: one alert, one action, none lost", async () => {
  const { workflow, id } = await begun({ ...LIMITED, budget_limit_usd: 0.5, budget_alert_threshold_usd: 0.4 });
  const named = `&instance_id=${id}`;
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) => spend(workflow, String(index + 2), 0.01, named)),
  );
  const taken = answers.filter(({ status }) => status === 200);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(200 - taken.length);
  // The one that crossed is the 51st cent.
  expect(taken).toHaveLength(51);
  expect(taken.filter(({ body }) => body["directive"] === "stop")).toHaveLength(1);
  expect((await ask(breakdown, id)).body).toMatchObject({ total_cost_usd: 0.51 });
  const { rows } = await pool().query(
    "SELECT type, count(*)::int FROM alerts WHERE subject_id = $1 GROUP BY type ORDER BY type",
    [workflow],
  );
  expect(rows).toEqual([
    { type: "cost.exceeded", count: 1 },
    { type: "cost.threshold", count: 1 },
  ]);
});

test("another project's workflow, instance and alert are refused", async () => {
  const { workflow, id } = await begun({ budget_enabled: true, budget_alert_threshold_usd: 1 }, 1);
  await spend(workflow, "2", 0);
  const { rows } = await pool().query<{ id: number }>("SELECT id FROM alerts WHERE subject_id = $1", [workflow]);
  const foreign = (handler: typeof summary, of: string) => ask(handler, of, { key: at.world.foreignKey });
  expect((await foreign(breakdown, id)).status).toBe(403);
  expect((await foreign(resume, id)).status).toBe(403);
  expect((await foreign(resolve, String(rows[0]?.id))).status).toBe(403);
  for (const handler of [summary, budgetOf, costAlerts]) expect((await foreign(handler, workflow)).status).toBe(404);
});
