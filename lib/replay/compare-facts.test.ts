import { expect, test } from "vitest";
import type { StepDetail } from "@/lib/workflows/instance/schema";
import { factLines } from "./compare-facts";

const STEP: StepDetail = {
  step: 2,
  stage_path: "2",
  stage_name: "Write",
  status: "success",
  agent_code: "writer",
  executed_at: "2026-01-05T12:00:00.250Z",
  response_time_ms: 1500,
  is_final: false,
  handoff_reason: null,
  status_text: "fine",
  model_id: "m-1",
  input_tokens: 15_200,
  output_tokens: 830,
  cost_usd: 0.045,
  computed_cost_usd: null,
  differs: false,
  cumulative_cost_usd: 0.1,
  context_size_bytes: 4096,
  usage: null,
  tool_calls: null,
  payload: { task: 1 },
  span_id: null,
};

const differing = (other: Partial<StepDetail>): string[] =>
  factLines(STEP, { ...STEP, ...other })
    .filter(({ differs }) => differs)
    .map(({ label }) => label);

test("what makes a step another is marked, even where its words are the same", () => {
  expect(differing({ status: "failed", cost_usd: 0.05, context_size_bytes: 4097, model_id: null })).toEqual([
    "Status",
    "Model",
    "Cost",
    "Context",
  ]);
  expect(differing({ executed_at: "2026-01-06T12:00:00Z", response_time_ms: 7, step: 9 })).toEqual([]);
  expect(differing({ status_text: "ok", tool_calls: [{ tool_name: "search" }] })).toEqual(["It said", "Tools"]);
});

test("tools are marked that were called with something else, not those that took longer", () => {
  const calling = (latency_ms: number, query: string) => ({
    ...STEP,
    tool_calls: [{ tool_name: "search", call_id: String(latency_ms), latency_ms, arguments: { query } }],
  });
  const tools = (a: StepDetail, b: StepDetail) => factLines(a, b).find(({ label }) => label === "Tools");
  expect(tools(calling(5, "x"), calling(7, "x"))).toEqual({
    label: "Tools",
    a: "search, 5 ms",
    b: "search, 7 ms",
    differs: false,
  });
  expect(tools(calling(5, "x"), calling(5, "y"))?.differs).toBe(true);
});

test("facts are in words, and those that neither has are left out", () => {
  const lines = factLines(STEP, null);
  expect(lines.find(({ label }) => label === "Tokens in")).toEqual({
    label: "Tokens in",
    a: "15,200",
    b: null,
    differs: false,
  });
  expect(lines.map(({ label }) => label)).not.toContain("Hand-off reason");
  expect(lines.find(({ label }) => label === "Arrived")?.a).toBe("2026-01-05 12:00:00 UTC");
});
