import { expect, test } from "vitest";
import { resumeInstance, updateBudget } from "@/lib/costs/commands";
import { setExpected } from "@/lib/costs/feedback";
import { listCostAlerts } from "@/lib/costs/queries";
import { pool } from "@/lib/db/pool";
import { freshId, stages } from "@/lib/testing/stages";
import { deleteWorkflow } from "@/lib/workflows/commands";
import { listCostAlertLines } from "./alert-rows";
import { getCostLine } from "./cost-line";
import { getInstanceCosts, limitLine } from "./instance-costs";
import { listPausedInstances } from "./paused";
import { getCostTab } from "./tab-queries";

const at = stages();

const spend = (workflow: string, query: string, body: object) => at.post(`/dhk/${workflow}?${query}`, body);

/** Gives a workflow the costs of days before today: so many days ago, by a model, in dollars. */
async function spentBefore(workflow: string, days: [ago: number, model: string, usd: number][]): Promise<void> {
  for (const [ago, model, usd] of days)
    await pool().query(
      `INSERT INTO cost_rollups (project_id, workflow_id, day, model_id, agent, n_steps, n_unpriced, cost_micros, input_tokens, output_tokens)
       VALUES ($1, $2, (now() AT TIME ZONE 'UTC')::date - $3::int, $4, '', 1, 0, $5, 0, 0)`,
      [at.world.project.id, workflow, ago, model, usd * 1_000_000],
    );
}

test("the tab adds up days and models, and tells where the month leads", async () => {
  const workflow = freshId();
  const { caller } = at.world.project;
  await spend(workflow, "stagePath=1&start=yes&final=yes", { cost_usd: 1, model_id: "gpt-4o" });
  const early = await getCostTab(caller, workflow, { days: 7 });
  expect(early).toMatchObject({ weekUsd: 1, forecastUsd: null, summary: { today_cost_usd: 1, period_days: 30 } });
  await spentBefore(workflow, [
    [1, "gpt-4o", 2],
    [2, "claude", 2],
    [3, "", 2],
    [6, "gpt-4o", 4],
    [7, "gpt-4o", 8],
    [40, "gpt-4o", 16],
  ]);
  const { weekUsd, forecastUsd, summary, chart, today } = await getCostTab(caller, workflow, { days: 7 });
  expect(weekUsd).toBe(11);
  expect(summary.total_cost_usd).toBe(19);
  expect(forecastUsd).toBeGreaterThan(0);
  expect(chart.series.map(({ label }) => label)).toEqual(["gpt-4o", "No model named", "claude"]);
  expect(chart.days).toHaveLength(7);
  expect(chart.days.at(-1)).toMatchObject({ day: today, totalUsd: 1, usd: { m0: 1 } });
  expect(chart.days[0]).toMatchObject({ totalUsd: 4 });
});

test("the tab is not for others", async () => {
  const { workflow, id } = await at.report([["1", { cost_usd: 1 }]]);
  const { caller } = at.world.foreign;
  await expect(getCostTab(caller, workflow, { days: 7 })).rejects.toMatchObject({ code: "not_found" });
  await expect(listCostAlertLines(caller, workflow, { limit: 5, isAll: true })).rejects.toMatchObject({
    code: "not_found",
  });
  await expect(getInstanceCosts(caller, id)).rejects.toMatchObject({ code: "forbidden" });
});

test("alerts that are open come first, newest first, page by page, with how their instance stands", async () => {
  const workflow = freshId();
  const { caller, id: projectId } = at.world.project;
  const begin = async () => {
    const told = await spend(workflow, "stagePath=1&start=yes", { cost_usd: 0.5 });
    return String(told.body["instance_id"]);
  };
  const ids = [await begin(), await begin(), await begin(), await begin()];
  await updateBudget(caller, workflow, { budget_enabled: true, budget_limit_usd: 1, budget_action: "pause" });
  for (const id of ids) await spend(workflow, `stagePath=2&instance_id=${id}`, { cost_usd: 1 });
  await pool().query(
    "UPDATE alerts SET resolved_at = now() WHERE project_id = $1 AND subject_id = $2 AND data ->> 'instance_id' = ANY ($3)",
    [projectId, workflow, ids.slice(2)],
  );
  await setExpected(caller, String(ids[0]), { expected: true });
  const open = await listCostAlertLines(caller, workflow, { limit: 10, isAll: false });
  expect(open.items.map(({ instance }) => instance?.id)).toEqual([ids[1], ids[0]]);
  expect(open.items[1]).toMatchObject({
    type: "cost.exceeded",
    severity: "critical",
    message: "Instance cost $1.50 exceeds budget limit $1.00",
    resolvedAt: null,
    instance: { seq: 1, status: "paused", isExpected: true },
  });
  const seen: (string | undefined)[] = [];
  let cursor: string | undefined;
  do {
    const page = await listCostAlertLines(caller, workflow, { limit: 1, isAll: true, cursor });
    seen.push(...page.items.map(({ instance }) => instance?.id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual([ids[1], ids[0], ids[3], ids[2]]);
  for (const wrong of ["x", btoa("[2,1]"), btoa('[0,"a"]'), btoa("[0,1e20]")])
    await expect(listCostAlertLines(caller, workflow, { limit: 1, isAll: true, cursor: wrong })).rejects.toMatchObject({
      code: "invalid_input",
    });
});

test("a workflow that is made under the id of another shows no alerts about that one", async () => {
  const { caller } = at.world.project;
  const workflow = freshId();
  const cross = async () => {
    await spend(workflow, "stagePath=1&start=yes", { cost_usd: 0.5 });
    await updateBudget(caller, workflow, { budget_enabled: true, budget_limit_usd: 1, budget_action: "alert" });
    await spend(workflow, "stagePath=2", { cost_usd: 1 });
  };
  const told = async () => {
    const lines = await listCostAlertLines(caller, workflow, { limit: 5, isAll: true });
    const alerts = await listCostAlerts(caller, workflow, { limit: 5, include_resolved: true });
    expect(alerts.items.map(({ id }) => id)).toEqual(lines.items.map(({ id }) => id));
    return lines.items;
  };
  await cross();
  const [before] = await told();
  expect(before).toMatchObject({ resolvedAt: null });
  await deleteWorkflow(caller, workflow);
  await spend(workflow, "stagePath=1&start=yes", {});
  expect(await told()).toEqual([]);
  await cross();
  const after = await told();
  expect(after).toMatchObject([{ resolvedAt: null }]);
  expect(after).not.toContainEqual(before);
});

test("how an instance came to what it costs is a line, of many steps a thin one that ends where it should", async () => {
  const { caller } = at.world.project;
  const { workflow, id } = await at.report([["1", { cost_usd: 0.5 }]]);
  // Of one point there is no line.
  expect(await getCostLine(caller, id)).toEqual({ points: [], steps: 1 });
  await spend(workflow, "stagePath=2", { note: "free" });
  await spend(workflow, "stagePath=3", { cost_usd: 0.25 });
  expect(await getCostLine(caller, id)).toEqual({
    points: [
      { step: 0, at: 1, usd: 0.5 },
      { step: 2, at: 3, usd: 0.75 },
    ],
    steps: 3,
  });
  await pool().query(
    `INSERT INTO stage_executions (project_id, instance_id, ordinal, path, status, at, cost_micros)
     SELECT $1, $2, n, n::text, 'success', now(), 1000 FROM generate_series(3, 4999) n`,
    [caller.projectId, id],
  );
  await pool().query("UPDATE instances SET n_steps = 5000 WHERE project_id = $1 AND id = $2", [caller.projectId, id]);
  const { points, steps } = await getCostLine(caller, id);
  expect([points.length, steps, points.at(-1)]).toEqual([500, 5000, { step: 4999, at: 5000, usd: 5.747 }]);
});

test("instances that a limit keeps paused are told with their reason, and no others", async () => {
  const { workflow, id } = await at.report([["1", { cost_usd: 0.5 }]]);
  const { caller } = at.world.project;
  await at.send(`/dhk/${workflow}?stagePath=1&start=yes`);
  await updateBudget(caller, workflow, { budget_enabled: true, budget_limit_usd: 1, budget_action: "pause" });
  expect(await listPausedInstances(caller, workflow)).toEqual([]);
  await spend(workflow, `stagePath=2&instance_id=${id}`, { cost_usd: 0.75 });
  expect(await listPausedInstances(caller, workflow)).toEqual([
    { id, seq: 1, reason: "Paused: cost $1.25 exceeds the limit $1.00" },
  ]);
  await expect(listPausedInstances(at.world.foreign.caller, workflow)).rejects.toMatchObject({ code: "not_found" });
});

test("an instance tells what it costs, may cost, and why it is paused", async () => {
  const { workflow, id } = await at.report([
    ["1", { cost_usd: 0.5 }],
    // As in the sums, what names no model has no price either.
    ["1.1", { usage: { output_tokens: 5 } }],
    ["1.2", { model_id: "nobody-knows-1" }],
  ]);
  const { caller } = at.world.project;
  expect(await getInstanceCosts(caller, id)).toEqual({
    totalUsd: 0.5,
    copiedUsd: 0,
    limitUsd: null,
    unpricedSteps: 1,
    isExpected: false,
    paused: null,
  });
  await updateBudget(caller, workflow, { budget_enabled: true, budget_limit_usd: 1, budget_action: "pause" });
  await spend(workflow, "stagePath=2", { cost_usd: 0.75 });
  const costs = await getInstanceCosts(caller, id);
  expect(costs).toMatchObject({ limitUsd: 1, paused: "Paused: cost $1.25 exceeds the limit $1.00" });
  expect(limitLine({ ...costs, copiedUsd: 0.5 })).toBe(1.5);
  await resumeInstance(caller, id);
  // Lifted, it is no limit of this instance any more.
  expect(await getInstanceCosts(caller, id)).toMatchObject({ limitUsd: null, paused: null });
  await updateBudget(caller, workflow, { budget_limit_usd: 1.1 });
  await spend(workflow, "stagePath=3", { model_id: "nobody-knows-1", usage: { input_tokens: 5 } });
  expect(await getInstanceCosts(caller, id)).toMatchObject({ limitUsd: 1.1, unpricedSteps: 2 });
  await updateBudget(caller, workflow, { budget_enabled: false });
  expect(await getInstanceCosts(caller, id)).toMatchObject({
    limitUsd: null,
    paused: expect.stringMatching(/^Paused/),
  });
});
