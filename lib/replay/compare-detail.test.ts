import { expect, test } from "vitest";
import type { StepDetail } from "@/lib/workflows/instance/schema";
import { payloadDifference } from "./compare-detail";

const STEP: StepDetail = {
  step: 0,
  stage_path: "1",
  stage_name: "chat m-1",
  status: "success",
  agent_code: null,
  executed_at: "2026-01-05T12:00:00.250Z",
  response_time_ms: 1500,
  is_final: false,
  handoff_reason: null,
  status_text: null,
  model_id: "m-1",
  input_tokens: null,
  output_tokens: null,
  cost_usd: null,
  computed_cost_usd: null,
  differs: false,
  cumulative_cost_usd: 0,
  context_size_bytes: null,
  usage: null,
  tool_calls: null,
  payload: null,
  span_id: "1".repeat(16),
};
const span = (id: string, output: string): StepDetail => ({
  ...STEP,
  payload: { input: "hi", output, attributes: { "gen_ai.response.id": id } },
});

test("of spans it is told where they differ but for ids, and whether these do", () => {
  expect(payloadDifference(span("1", "a"), span("1", "a"))).toEqual({ changes: [], isExact: true });
  expect(payloadDifference(span("1", "a"), span("2", "a"))).toEqual({ changes: [], isExact: false });
  const output = { path: "/output", is: "changed", before: "a", after: "b" };
  expect(payloadDifference(span("1", "a"), span("2", "b")).changes).toEqual([output]);
});

test("of signals it is told wherever they differ", () => {
  const signal = (id: string): StepDetail => ({ ...span(id, "a"), span_id: null });
  expect(payloadDifference(signal("1"), signal("2")).changes).toEqual([
    { path: "/attributes/gen_ai.response.id", is: "changed", before: "1", after: "2" },
  ]);
});
