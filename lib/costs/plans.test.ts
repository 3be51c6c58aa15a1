import { expect, test } from "vitest";
import type { Db } from "@/lib/db/pool";
import { planOf, recordingPool } from "@/lib/testing/explain";
import { makeWorkflow } from "@/lib/testing/workflows";
import { makeProject } from "@/lib/testing/world";
import { lockWorkflows } from "@/lib/workflows/store/rows";
import { updateBudget } from "./commands";
import { ALERTS, STEPS, SUMMARY } from "./queries";

const readsAWholeTable = /Seq Scan/;

test("summaries, breakdowns and alerts are found by indexes", async () => {
  const { id } = await makeProject();
  const plans = [
    await planOf(SUMMARY, [id, "research", 30]),
    await planOf(STEPS, [id, "d1", -1, 100]),
    await planOf(ALERTS, [id, "research", ["cost.exceeded"], true, null, 50]),
  ];
  for (const plan of plans) expect(plan).not.toMatch(readsAWholeTable);
});

test("what a ping asks of budgets is found by indexes", async () => {
  const { id: projectId, caller } = await makeProject();
  const id = await makeWorkflow(projectId);
  await updateBudget(caller, id, {
    budget_enabled: true,
    budget_daily_limit_usd: 5,
    cost_anomaly_detection: true,
  });
  const { db, plans } = recordingPool();
  const asked: Db = db;
  const { workflows } = await lockWorkflows(asked, [{ projectId, id, open: 1, lackingFirst: 0, named: [] }]);
  expect([...workflows.values()][0]?.today).toMatchObject({ costMicros: 0 });
  const all = await plans();
  // By the workflow too: the other workflows of a project cost something on the same day.
  const ofDay = all.find((plan) => plan.includes("cost_rollups")) ?? "";
  expect(/on cost_rollups.*\n +Index Cond: (.*)/.exec(ofDay)?.[1]).toMatch(/project_id = .*workflow_id = /);
  for (const plan of all) expect(plan).not.toMatch(readsAWholeTable);
});
