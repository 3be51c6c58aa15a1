import { beforeAll, expect, test } from "vitest";
import { updateBudget } from "@/lib/costs/commands";
import { listCostAlerts } from "@/lib/costs/queries";
import type { UpdateBudget } from "@/lib/costs/schema";
import { newSpanId, type PlainSpan } from "@/lib/testing/otlp";
import { instanceOf, postSpans, TestTrace } from "@/lib/testing/traces";
import { makeWorld, type World } from "@/lib/testing/world";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

const send = (service: string, spans: PlainSpan[]) => postSpans(world.key, { service, spans });
const alerts = async (workflow: string) =>
  (await listCostAlerts(world.project.caller, workflow, { limit: 50, cursor: undefined, include_resolved: true }))
    .items;

/** A service whose first trace has been told, with a budget. */
async function budgeted(budget: UpdateBudget): Promise<string> {
  const service = `agent-${newSpanId()}`;
  await send(service, [new TestTrace().chat({ attributes: { "gen_ai.usage.cost": 0 } })]);
  await updateBudget(world.project.caller, service, budget);
  return service;
}

const search = (trace: TestTrace, query: string): PlainSpan =>
  trace.span("execute_tool search", {
    attributes: {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "search",
      "gen_ai.tool.call.id": newSpanId(),
      "gen_ai.tool.call.arguments": JSON.stringify({ query }),
    },
  });

test("the same tool call five times in a row is told of, in however many requests it came", async () => {
  const service = await budgeted({ cost_anomaly_detection: true });
  const trace = new TestTrace();
  await send(service, [search(trace, "a"), search(trace, "a"), search(trace, "a")]);
  await send(service, [search(trace, "a")]);
  expect(await alerts(service)).toEqual([]);
  await send(service, [search(trace, "a"), search(trace, "b")]);
  expect(await alerts(service)).toMatchObject([
    { alert_type: "cost_anomaly", message: "Instance made the same tool call 5 times in a row" },
  ]);
  const other = new TestTrace();
  await send(
    service,
    ["a", "b", "a", "b", "a", "b", "a"].map((query) => search(other, query)),
  );
  expect(await alerts(service)).toHaveLength(1);
});

test("spans over a limit pause their instance, are told of once, and go on being kept", async () => {
  const service = await budgeted({ budget_enabled: true, budget_limit_usd: 1, budget_action: "pause" });
  const trace = new TestTrace();
  const dear = () => trace.chat({ attributes: { "gen_ai.usage.cost": 0.6 } });
  await send(service, [dear(), dear()]);
  expect(await instanceOf(world, trace.traceId)).toMatchObject({ status: "paused", cost_micros: 1_200_000 });
  await send(service, [dear()]);
  expect(await instanceOf(world, trace.traceId)).toMatchObject({ status: "paused", cost_micros: 1_800_000 });
  expect(await alerts(service)).toMatchObject([
    { alert_type: "budget_exceeded", current_cost_usd: 1.2, action_taken: "pause" },
  ]);
});
