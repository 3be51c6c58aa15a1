import { describe, expect, test } from "vitest";
import { callsEssence, payloadEssence } from "./essence";

const spanEssence = (payload: unknown, toolCalls: unknown = null): unknown =>
  payloadEssence({ payload, toolCalls, isSpan: true });
const attributesOf = (attributes: object): unknown => spanEssence({ input: null, output: null, attributes });
const inputOf = (input: unknown): unknown => spanEssence({ input });

describe("attributes of a span", () => {
  test.each([
    "gen_ai.response.id",
    "gen_ai.conversation.id",
    "gen_ai.agent.id",
    "gen_ai.tool.call.id",
    "session.id",
    "thread_id",
    "ai.telemetry.metadata.sessionId",
    "ai.toolCall.id",
    "gen_ai.response.time_to_first_chunk",
    "gen_ai.server.request.duration",
    "ai.response.msToFirstChunk",
    "ai.response.avgOutputTokensPerSecond",
    "ai.response.timestamp",
    "langfuse.observation.completion_start_time",
    "tool.latency_ms",
  ])("%s is left out", (name) => {
    expect(attributesOf({ [name]: "x" })).toEqual({ input: null, output: null, attributes: {} });
  });

  test.each([
    "gen_ai.request.model",
    "ai.model.id",
    "ai.telemetry.functionId",
    "gen_ai.data_source.id",
    "gen_ai.request.temperature",
    "gen_ai.response.finish_reasons",
    "gen_ai.request.timeout_ms",
    "is_valid",
    "paid",
    "__proto__",
  ])("%s stays", (name) => {
    const payload = { input: null, output: null, attributes: JSON.parse(`{"${name}":"x"}`) };
    expect(spanEssence(payload)).toEqual(payload);
    expect(JSON.stringify(spanEssence(payload))).toContain(name);
  });
});

describe("messages of a span lose their ids and those of tool calls, and nothing else", () => {
  const args = { id: 7, order_id: "o-1" };
  test.each<[string, unknown, unknown]>([
    [
      "of the conventions",
      [
        { role: "assistant", parts: [{ type: "tool_call", id: "c1", name: "get", arguments: args }] },
        { role: "tool", parts: [{ type: "tool_call_response", id: "c1", response: args }] },
      ],
      [
        { role: "assistant", parts: [{ type: "tool_call", name: "get", arguments: args }] },
        { role: "tool", parts: [{ type: "tool_call_response", response: args }] },
      ],
    ],
    [
      "of OpenAI",
      [
        { role: "assistant", tool_calls: [{ id: "c1", type: "function", function: { name: "get", arguments: "{}" } }] },
        { role: "tool", tool_call_id: "c1", content: '{"tool_call_id":"kept"}' },
      ],
      [
        { role: "assistant", tool_calls: [{ type: "function", function: { name: "get", arguments: "{}" } }] },
        { role: "tool", content: '{"tool_call_id":"kept"}' },
      ],
    ],
    [
      "of an event that holds what a tool said",
      [{ role: "tool", id: "c1", content: [{ role: "user", id: 7 }] }],
      [{ role: "tool", content: [{ role: "user", id: 7 }] }],
    ],
    [
      "a field at a time",
      [
        { role: "assistant", "tool_calls.0.id": "c1", "tool_calls.0.name": "get" },
        { "tool_calls.1.tool_call.id": "c1", "tool_calls.1.tool_call.function.name": "get" },
      ],
      [{ role: "assistant", "tool_calls.0.name": "get" }, { "tool_calls.1.tool_call.function.name": "get" }],
    ],
    [
      "of Anthropic, also as text",
      [
        { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "get", input: args }] },
        { role: "user", content: '[{"type": "tool_result", "tool_use_id": "t1", "content": "7"}]' },
      ],
      [
        { role: "assistant", content: [{ type: "tool_use", name: "get", input: args }] },
        { role: "user", content: '[{"type":"tool_result","content":"7"}]' },
      ],
    ],
    [
      "of Vercel",
      [{ role: "tool", content: [{ type: "tool-result", toolCallId: "c1", toolName: "get", output: args }] }],
      [{ role: "tool", content: [{ type: "tool-result", toolName: "get", output: args }] }],
    ],
    [
      "in a whole answer",
      { id: "chatcmpl-1", created: 5, model: "m", choices: [{ index: 0, message: { role: "assistant", id: "m1" } }] },
      { model: "m", choices: [{ index: 0, message: { role: "assistant" } }] },
    ],
    [
      "in a whole answer of another form",
      {
        object: "response",
        id: "r1",
        created_at: 5,
        output: [{ type: "function_call", id: "f", call_id: "c", name: "n" }],
      },
      { object: "response", output: [{ type: "function_call", name: "n" }] },
    ],
    ["which it has not", { id: 7, call_id: 8, role: "admin" }, { id: 7, call_id: 8, role: "admin" }],
    ["nor a text", '[{"tool_', '[{"tool_'],
  ])("%s", (_, told, kept) => {
    expect(inputOf(told)).toEqual({ input: kept });
  });

  test("in attributes as well", () => {
    const calls = JSON.stringify([{ toolCallType: "function", toolCallId: "c1", toolName: "get", args: "{}" }]);
    expect(spanEssence({ attributes: { "ai.response.toolCalls": calls } })).toEqual({
      attributes: { "ai.response.toolCalls": '[{"toolCallType":"function","toolName":"get","args":"{}"}]' },
    });
  });
});

test("what a tool took and gave stays as it is, and so does what a signal told", () => {
  const messages = [{ role: "user", id: "7" }];
  const payload = { input: { messages }, output: messages, attributes: { "gen_ai.tool.call.id": "c1" }, cut: "much" };
  expect(spanEssence(payload, [{ tool_name: "send" }])).toEqual({ ...payload, attributes: {} });
  expect(payloadEssence({ payload, toolCalls: null, isSpan: false })).toBe(payload);
  for (const odd of [null, "text", 7, [1]]) expect(spanEssence(odd)).toBe(odd);
  expect(spanEssence({ attributes: "{…" })).toEqual({ attributes: "{…" });
});

test("of tool calls ids and times are left out, and none are the same as an empty list", () => {
  const call = { tool_name: "get", arguments: { id: 7 }, success: true };
  expect(callsEssence([{ ...call, id: "1", call_id: "2", latency_ms: 3, started_at: "now", result: null }])).toEqual([
    call,
  ]);
  expect([callsEssence(null), callsEssence(undefined), callsEssence([])]).toEqual([null, null, null]);
  expect(callsEssence([1])).toEqual([1]);
});
