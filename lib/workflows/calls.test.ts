import { expect, test } from "vitest";
import { StoredJson } from "@/lib/core/stored-json";
import { callsOf } from "./calls";
import { NOTHING_TOLD } from "./step";

const SEARCH = { tool_name: "web_search", latency_ms: 90, success: true };
const span = (input: unknown) => ({
  ...NOTHING_TOLD,
  toolCalls: [{ ...SEARCH, call_id: crypto.randomUUID() }],
  payload: new StoredJson(JSON.stringify({ input, output: null, attributes: {} })),
});

test("a span is the same call as another one with the same arguments, and as a stage that tells them", () => {
  const [known] = callsOf(span({ query: "orders", limit: 3 }));
  expect(known).toMatch(/^[0-9a-f]{16}$/);
  expect(callsOf(span({ limit: 3, query: "orders" }))).toEqual([known]);
  expect(callsOf(span({ query: "orders", limit: 4 }))).not.toEqual([known]);
  const stage = { ...NOTHING_TOLD, toolCalls: [{ ...SEARCH, arguments: { query: "orders", limit: 3 } }] };
  expect(callsOf(stage)).toEqual([known]);
});

test("calls whose arguments nobody told are no calls that could come again", () => {
  expect(callsOf(span(null))).toEqual([]);
  expect(callsOf({ ...NOTHING_TOLD, toolCalls: [SEARCH], payload: { input: { query: "orders" } } })).toEqual([]);
  expect(callsOf(NOTHING_TOLD)).toEqual([]);
});
