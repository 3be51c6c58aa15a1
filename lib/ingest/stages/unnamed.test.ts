import { expect, test } from "vitest";
import { updateBudget } from "@/lib/costs/commands";
import type { UpdateBudget } from "@/lib/costs/schema";
import { freshId, stages } from "@/lib/testing/stages";
import { commitStages } from "./commit-stages";
import { readStage } from "./read-stage";

const at = stages();

const PAUSING: UpdateBudget = { budget_enabled: true, budget_action: "pause" };

/** Three instances that cost half a dollar each, and a budget that is set once they have. */
async function three(budget: UpdateBudget): Promise<string> {
  const workflow = freshId();
  for (let nth = 0; nth < 3; nth += 1) await at.post(`/dhk/${workflow}?stagePath=1&start=yes`, { cost_usd: 0.5 });
  await updateBudget(at.world.project.caller, workflow, budget);
  return workflow;
}

const signal = (workflowId: string, more: Record<string, string> = {}) =>
  readStage({ kind: "dynamic", workflowId }, new URLSearchParams({ stagePath: "2", key: at.world.key, ...more }), {
    headers: {},
    body: null,
    isWhole: true,
  });

type Outcomes = Awaited<ReturnType<typeof commitStages>>;

/** What became of each signal: which instance of its workflow took it, by age, and how that stood then; or why none did. */
async function told(workflow: string, outcomes: Outcomes): Promise<string[]> {
  const ids = (await at.instances(workflow)).map(({ id }) => id);
  return outcomes.map((one) => ("code" in one ? one.code : `${ids.indexOf(one.instanceId)} ${one.status}`));
}

async function oneByOne(workflow: string, count: number): Promise<Outcomes> {
  const outcomes: Outcomes = [];
  for (let nth = 0; nth < count; nth += 1) outcomes.push(...(await commitStages([signal(workflow)])));
  return outcomes;
}

test.each<[why: string, budget: UpdateBudget]>([
  ["a limit that was set below what they cost", { ...PAUSING, budget_limit_usd: 0.2 }],
  ["a daily limit that is passed", { ...PAUSING, budget_daily_limit_usd: 1 }],
])(
  "steps without a cost that stop their instance by %s go where they would have gone one by one",
  async (_, budget) => {
    const [together, apart] = [await three(budget), await three(budget)];
    const batch = Array.from({ length: 4 }, () => signal(together));
    const outcomes = await told(together, await commitStages(batch));
    expect(outcomes).toEqual(["2 paused", "1 paused", "0 paused", "instance_paused"]);
    expect(outcomes).toEqual(await told(apart, await oneByOne(apart, 4)));
  },
);

test("a step that names its instance may stop it before one that names none", async () => {
  const workflow = await three({ ...PAUSING, budget_limit_usd: 0.2 });
  const newest = (await at.instances(workflow))[2]?.id ?? "";
  const outcomes = await commitStages([signal(workflow, { instance_id: newest }), signal(workflow)]);
  expect(await told(workflow, outcomes)).toEqual(["2 paused", "1 paused"]);
});

test("where nothing stops them, all go to the newest one", async () => {
  const workflow = await three({ budget_enabled: true, budget_action: "alert", budget_limit_usd: 0.2 });
  const outcomes = await commitStages([signal(workflow), signal(workflow), signal(workflow)]);
  expect(await told(workflow, outcomes)).toEqual(["2 running", "2 running", "2 running"]);
});
