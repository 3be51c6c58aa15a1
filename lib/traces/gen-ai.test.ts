import { describe, expect, test } from "vitest";
import { payloadOf } from "./content";
import { tell } from "./gen-ai";
import type { Attributes, Span, Value } from "./span";
import { storedUsage, usageOf } from "./usage";
import { mayBeMade, workflowOf } from "./workflow-id";

const span = (attributes: Record<string, Value>, more: Partial<Span> = {}): Span => ({
  traceId: "1".repeat(32),
  spanId: "2".repeat(16),
  parentSpanId: "3".repeat(16),
  name: "doing",
  startMs: 1000,
  endMs: 1250.4,
  attributes: attributes as Attributes,
  events: [],
  isError: false,
  statusMessage: "",
  ...more,
});
const stepOf = (attributes: Record<string, Value>, more: Partial<Span> = {}) => tell(span(attributes, more)).step;
const payload = (attributes: Record<string, Value>, events: Span["events"] = []) =>
  JSON.parse(payloadOf(span(attributes, { events })));

describe("which step a span is", () => {
  test.each<[string, Record<string, Value>, string, string]>([
    [
      "OpenTelemetry",
      { "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o", "gen_ai.response.model": "gpt-4o-2024" },
      "call",
      "chat gpt-4o",
    ],
    [
      "OpenTelemetry",
      { "gen_ai.operation.name": "embeddings", "gen_ai.request.model": "e-3" },
      "call",
      "embeddings e-3",
    ],
    [
      "OpenTelemetry",
      { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search" },
      "tool",
      "execute_tool search",
    ],
    [
      "OpenTelemetry",
      { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "Planner" },
      "parent",
      "invoke_agent Planner",
    ],
    [
      "OpenTelemetry",
      { "gen_ai.operation.name": "invoke_workflow", "gen_ai.workflow.name": "W" },
      "parent",
      "invoke_workflow W",
    ],
    ["another operation", { "gen_ai.operation.name": "dream" }, "other", "doing"],
    ["OpenInference", { "openinference.span.kind": "LLM", "llm.model_name": "claude" }, "call", "chat claude"],
    ["OpenInference", { "openinference.span.kind": "EMBEDDING", "embedding.model_name": "e" }, "call", "embeddings e"],
    ["OpenInference", { "openinference.span.kind": "TOOL", "tool.name": "t" }, "tool", "execute_tool t"],
    ["OpenInference", { "openinference.span.kind": "AGENT", "agent.name": "a" }, "parent", "invoke_agent a"],
    ["OpenInference", { "openinference.span.kind": "CHAIN" }, "parent", "doing"],
    ["Vercel", { "ai.operationId": "ai.generateText" }, "parent", "doing"],
    ["Vercel", { "ai.operationId": "ai.generateText.doGenerate", "ai.model.id": "m" }, "call", "chat m"],
    ["Vercel", { "ai.operationId": "ai.streamText.doStream", "ai.model.id": "m" }, "call", "chat m"],
    ["Vercel", { "ai.operationId": "ai.embed.doEmbed", "ai.model.id": "m" }, "call", "embeddings m"],
    ["Vercel", { "ai.operationId": "ai.toolCall", "ai.toolCall.name": "t" }, "tool", "execute_tool t"],
    ["OpenLLMetry", { "llm.request.type": "chat", "gen_ai.request.model": "m" }, "call", "chat m"],
    ["OpenLLMetry", { "traceloop.span.kind": "workflow", "traceloop.entity.name": "w" }, "parent", "invoke_workflow w"],
    ["Langfuse", { "langfuse.observation.type": "generation", "gen_ai.request.model": "m" }, "call", "chat m"],
    ["a tool by its name alone", { "tool.name": "t" }, "tool", "execute_tool t"],
    ["usage alone", { "gen_ai.usage.input_tokens": 1 }, "other", "doing"],
  ])("%s: %j", (_convention, attributes, role, name) => {
    expect(stepOf(attributes)).toMatchObject({ role, name });
  });

  test.each<Record<string, Value>>([
    {},
    { "http.request.method": "GET" },
    { "ai.cloud.role": "web" },
    { "gen_ai.conversation.id": "c" },
    { "llmx.a": 1 },
  ])("none: %j", (attributes) => {
    expect(stepOf(attributes)).toBeNull();
  });

  test("names are cut, and never empty", () => {
    expect(stepOf({ "gen_ai.prompt": "x" }, { name: "" })?.name).toBe("unnamed");
    expect(stepOf({ "gen_ai.prompt": "x" }, { name: "𠀀".repeat(300) })?.name).toBe("𠀀".repeat(200));
  });

  test("what it was, who acted, how long it took, and why it failed", () => {
    const attributes = {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "t",
      "gen_ai.tool.call.id": "c1",
    };
    const failed = { isError: true, events: [{ name: "exception", attributes: { "exception.message": "boom" } }] };
    expect(stepOf({ ...attributes, "gen_ai.agent.name": "a" }, failed)).toMatchObject({
      agent: "a",
      isFailed: true,
      statusText: "boom",
      responseTimeMs: 250,
      toolCalls: [{ tool_name: "t", latency_ms: 250, success: false, call_id: "c1" }],
    });
    expect(stepOf({ ...attributes, "error.type": "timeout" })).toMatchObject({ isFailed: true, statusText: "timeout" });
    expect(stepOf(attributes, { startMs: 5, endMs: 4 })).toMatchObject({ responseTimeMs: 0, isFailed: false });
    // Whoever does not tell both ends does not tell how long it took.
    for (const untold of [{ endMs: 0 }, { startMs: 0 }])
      expect(stepOf(attributes, untold)).toMatchObject({
        responseTimeMs: null,
        statusText: null,
        toolCalls: [{ tool_name: "t", success: true, call_id: "c1" }],
      });
    expect(stepOf(attributes, { startMs: 0 })?.toolCalls?.[0]).not.toHaveProperty("latency_ms");
    const model = { "gen_ai.request.model": "gpt-4o", "gen_ai.response.model": "gpt-4o-2024" };
    expect(stepOf({ "gen_ai.operation.name": "chat", ...model })?.modelId).toBe("gpt-4o-2024");
  });

  test("the root tells how the trace ended", () => {
    expect(tell(span({})).root).toBeNull();
    expect(tell(span({}, { parentSpanId: null })).root).toEqual({ isFailed: false, reason: null });
    const failed = span({}, { parentSpanId: null, isError: true, statusMessage: "no" });
    expect(tell(failed).root).toEqual({ isFailed: true, reason: "no" });
  });
});

describe("usage", () => {
  test.each<[Record<string, Value>, object]>([
    [
      { "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 2 },
      { inputTokens: 10, outputTokens: 2 },
    ],
    [
      { "gen_ai.usage.prompt_tokens": "10", "gen_ai.usage.completion_tokens": "2" },
      { inputTokens: 10, outputTokens: 2 },
    ],
    [
      { "llm.token_count.prompt": 10, "llm.token_count.completion": 2 },
      { inputTokens: 10, outputTokens: 2 },
    ],
    [
      { "ai.usage.promptTokens": 10, "ai.usage.completionTokens": 2 },
      { inputTokens: 10, outputTokens: 2 },
    ],
    [
      {
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.cache_read.input_tokens": 80,
        "gen_ai.usage.cache_creation.input_tokens": 5,
      },
      { inputTokens: 100, cacheReadTokens: 80, cacheWriteTokens: 5 },
    ],
    // As Anthropic counts, the cache apart.
    [
      {
        "gen_ai.usage.input_tokens": 3,
        "gen_ai.usage.cache_read.input_tokens": 80,
        "gen_ai.usage.cache_write.input_tokens": 7,
      },
      { inputTokens: 90, cacheReadTokens: 80, cacheWriteTokens: 7 },
    ],
    [{ "gen_ai.usage.reasoning.output_tokens": 5 }, { reasoningTokens: 5, inputTokens: null }],
    [{ "gen_ai.usage.cost": 0.0123 }, { costMicros: 12_300 }],
    [{ "llm.cost.total": "1.5" }, { costMicros: 1_500_000 }],
    [{ "langfuse.observation.cost_details": '{"total":2}' }, { costMicros: 2_000_000 }],
    [{ "gen_ai.usage.input_tokens": 1, "gen_ai.usage.cost": 2_000_000 }, { costMicros: null }],
  ])("%j", (attributes, usage) => {
    expect(usageOf(attributes)).toMatchObject(usage);
  });

  test.each<Record<string, Value>>([
    {},
    { "gen_ai.usage.input_tokens": -1 },
    { "gen_ai.usage.input_tokens": "many" },
    { "gen_ai.usage.cost": "NaN" },
    { "langfuse.observation.cost_details": "{" },
  ])("none: %j", (attributes) => {
    expect(usageOf(attributes)).toBeNull();
  });

  test("is stored in one shape, with what was told under its own names", () => {
    const attributes = {
      "gen_ai.system": "anthropic",
      "gen_ai.usage.prompt_tokens": 3,
      "gen_ai.usage.output_tokens": 4,
    };
    const usage = usageOf(attributes);
    const step = stepOf(attributes);
    if (usage === null || step === null) throw new Error("there is usage");
    expect(
      storedUsage(usage, step.reported, { isCounted: true, isCovered: false, isWhole: false, gapMicros: 0 }),
    ).toEqual({
      input_tokens: 3,
      output_tokens: 4,
      total_tokens: 7,
      provider: "anthropic",
      reported: { "gen_ai.usage.prompt_tokens": 3, "gen_ai.usage.output_tokens": 4 },
    });
    expect(
      storedUsage(usage, step.reported, { isCounted: false, isCovered: false, isWhole: false, gapMicros: 5 }),
    ).toMatchObject({
      counted: false,
      unattributed_cost_usd: 0.000005,
    });
  });
});

describe("content", () => {
  const messages = [{ role: "user", parts: [{ type: "text", content: "Hi" }] }];

  test.each<[string, Record<string, Value>, object]>([
    ["JSON in a text", { "gen_ai.input.messages": JSON.stringify(messages) }, { input: messages }],
    ["a structure", { "gen_ai.output.messages": messages }, { output: messages }],
    ["text", { "gen_ai.prompt": "Say [hi", "gen_ai.completion": "{hi" }, { input: "Say [hi", output: "{hi" }],
    [
      "one attribute for each field",
      { "gen_ai.prompt.1.role": "user", "gen_ai.prompt.0.role": "system", "gen_ai.prompt.0.content": "Be", other: 1 },
      { input: [{ role: "system", content: "Be" }, { role: "user" }], attributes: { other: 1 } },
    ],
    ["OpenInference", { "llm.output_messages.0.message.content": "Hi" }, { output: [{ content: "Hi" }] }],
    ["values", { "input.value": '{"a":1}', "output.value": "b" }, { input: { a: 1 }, output: "b" }],
    [
      "a tool",
      { "gen_ai.tool.call.arguments": '{"q":1}', "gen_ai.tool.call.result": [1] },
      { input: { q: 1 }, output: [1] },
    ],
  ])("%s", (_how, attributes, content) => {
    expect(payload(attributes)).toMatchObject(content);
  });

  test("events", () => {
    expect(
      payload({}, [
        { name: "gen_ai.user.message", attributes: { content: "Hi" } },
        { name: "gen_ai.choice", attributes: { index: 0, message: '{"content":"Ho"}' } },
        { name: "exception", attributes: {} },
      ]),
    ).toMatchObject({ input: [{ role: "user", content: "Hi" }], output: [{ index: 0, message: { content: "Ho" } }] });
    const details = { "gen_ai.input.messages": "Hi" };
    expect(payload({}, [{ name: "gen_ai.client.inference.operation.details", attributes: details }]).input).toBe("Hi");
  });

  test("nothing", () => {
    expect(payload({ "a.b": [1] })).toEqual({ input: null, output: null, attributes: { "a.b": [1] } });
  });

  test("is cut, and says so", () => {
    const long = payload({ "gen_ai.prompt": "x".repeat(90_000), "gen_ai.completion": "y".repeat(20_000), b: 1 });
    expect(long).toMatchObject({ output: "y".repeat(20_000), attributes: { b: 1 } });
    expect(long.input).toBe(`${"x".repeat(30_000)}…`);
    expect(long.cut).toMatch(/^1100\d\d characters were told, 100000 are kept$/);
  });

  test("of what PostgreSQL cannot store something stands in its place", () => {
    const text = payloadOf(span({ "gen_ai.prompt": "a\0b", c: "\ud800" }));
    expect(JSON.parse(text)).toMatchObject({ input: "a\uFFFDb", attributes: { c: "\uFFFD" } });
    expect(text).not.toMatch(/\\u/);
  });

  test("JSON that lies too deep stays text", () => {
    const deep = `${"[".repeat(5000)}${"]".repeat(5000)}`;
    expect(payload({ "gen_ai.prompt": deep }).input).toBe(deep);
  });
});

test.each([
  [{ "service.name": "my agent" }, "my-agent", "my agent"],
  [{ "service.name": "a", "pulsetrail.workflow": "B.c_d" }, "B.c_d", "B.c_d"],
  [
    { "service.name": "unknown_service:/usr/bin/node" },
    "unknown_service-usr-bin-node",
    "unknown_service:/usr/bin/node",
  ],
  [{ "service.name": "日本" }, "traces", "日本"],
  [{}, "traces", "traces"],
  [{ "service.name": `--${"x".repeat(300)}` }, "x".repeat(100), `--${"x".repeat(198)}`],
])("the workflow of %j", (resource, id, name) => {
  expect(workflowOf(resource)).toEqual({ id, name });
  expect(mayBeMade(id)).toBe(true);
});
