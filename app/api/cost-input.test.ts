import { expect, test } from "vitest";
import { call } from "@/lib/testing/http";
import { stages } from "@/lib/testing/stages";
import { GET as breakdown } from "./instances/[id]/cost/route";
import { GET as budgetOf, PUT as setBudget } from "./workflows/[id]/budget/route";
import { GET as costAlerts } from "./workflows/[id]/cost-alerts/route";

// What nobody may say of costs: each is refused by the name of the field, and nothing is changed.
const at = stages();

const ask = (handler: typeof budgetOf, id: string, { body, query = "" }: { body?: object; query?: string } = {}) =>
  call(handler, {
    method: body === undefined ? "GET" : "PUT",
    path: `/${query}`,
    key: at.world.key,
    params: { id },
    ...(body !== undefined && { body }),
  });

const LIMITED = { budget_enabled: true, budget_limit_usd: 1, budget_action: "pause" };

/** A workflow with a budget, and an instance of it that runs. */
async function begun(budget: object): Promise<{ workflow: string; id: string }> {
  const made = await at.report([["1", {}]]);
  expect(await ask(setBudget, made.workflow, { body: budget })).toMatchObject({ status: 200 });
  return made;
}

test.each<[string, object, string]>([
  ["a limit of -1", { budget_limit_usd: -1 }, "budget_limit_usd"],
  ["a limit as text", { budget_limit_usd: "5" }, "budget_limit_usd"],
  ["an action nobody knows", { budget_action: "explode" }, "budget_action"],
  ["a multiplier of 0", { cost_anomaly_multiplier: 0 }, "cost_anomaly_multiplier"],
  ["a threshold above the limit", { budget_limit_usd: 5, budget_alert_threshold_usd: 6 }, "budget_alert_threshold_usd"],
])("%s is refused by name and changes nothing", async (_what, change, name) => {
  const { workflow } = await begun(LIMITED);
  const refused = await ask(setBudget, workflow, { body: change });
  expect(refused).toMatchObject({ status: 400, body: { invalid_params: [{ name }] } });
  expect((await ask(budgetOf, workflow)).body).toMatchObject({ ...LIMITED, cost_anomaly_multiplier: 3 });
});

test.each<[string, object, string]>([
  ["a negative cost", { cost_usd: -1 }, "cost_usd"],
  ["a cost as text", { cost_usd: "1" }, "cost_usd"],
  ["a cost beyond all", { cost_usd: 1e12 }, "cost_usd"],
  ["tokens with a fraction", { usage: { input_tokens: 1.5 } }, "usage.input_tokens"],
  [
    "more audio than went in",
    { usage: { prompt_tokens: 5, prompt_tokens_details: { audio_tokens: 6 } } },
    "usage.prompt_tokens_details.audio_tokens",
  ],
  ["tokens beyond all", { usage: { input_tokens: Number.MAX_SAFE_INTEGER } }, "usage.input_tokens"],
])("%s is refused by name and leaves no step", async (_what, body, name) => {
  const { workflow, id } = await begun({});
  const refused = await at.post(`/dhk/${workflow}?stagePath=2`, body);
  expect(refused).toMatchObject({ status: 400, body: { invalid_params: [{ name }] } });
  expect((await ask(breakdown, id)).body).toMatchObject({ total_cost_usd: 0 });
});

test("a cursor of another list is refused", async () => {
  const { workflow, id } = await begun({});
  const query = `?cursor=${Buffer.from("[9007199254740991]").toString("base64url")}`;
  for (const answer of [await ask(breakdown, id, { query }), await ask(costAlerts, workflow, { query })])
    expect(answer).toMatchObject({ status: 400, body: { invalid_params: [{ name: "cursor" }] } });
});

test("what says enforce in a body is payload", async () => {
  const { workflow } = await begun(LIMITED);
  const answer = await at.post(`/dhk/${workflow}?stagePath=2`, { cost_usd: 3, enforce: "strict" });
  expect(answer).toMatchObject({ status: 200, body: { workflow_status: "paused" } });
});
