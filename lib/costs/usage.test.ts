import { extractUsage, findProvider } from "@pydantic/genai-prices";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { storedUsage, usageOf } from "@/lib/traces/usage";
import { type CanonicalUsage, readUsage } from "./usage";

const used = (told: Partial<CanonicalUsage>): CanonicalUsage => ({
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  webSearches: 0,
  ...told,
});

type Row = [name: string, usage: object, canonical: Partial<CanonicalUsage>];

const ROWS: Row[] = [
  [
    "PingPulse",
    { input_tokens: 1500, output_tokens: 500, total_tokens: 2000 },
    { inputTokens: 1500, outputTokens: 500 },
  ],
  [
    "PingPulse with the keys of Anthropic",
    { input_tokens: 100, output_tokens: 5, total_tokens: 1105, cache_read_input_tokens: 1000 },
    { inputTokens: 1100, cacheReadTokens: 1000, outputTokens: 5 },
  ],
  [
    "Anthropic, with both kinds of caches, thoughts and searches",
    {
      input_tokens: 50,
      cache_creation_input_tokens: 700,
      cache_read_input_tokens: 2000,
      cache_creation: { ephemeral_5m_input_tokens: 500, ephemeral_1h_input_tokens: 200 },
      output_tokens: 90,
      output_tokens_details: { thinking_tokens: 40 },
      server_tool_use: { web_search_requests: 3, web_fetch_requests: 1 },
      service_tier: "standard",
    },
    {
      inputTokens: 2750,
      cacheReadTokens: 2000,
      cacheWriteTokens: 700,
      cacheWrite1hTokens: 200,
      outputTokens: 90,
      reasoningTokens: 40,
      webSearches: 3,
    },
  ],
  [
    "Anthropic, with what was written told in parts alone",
    {
      input_tokens: 1,
      output_tokens: 2,
      cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
    },
    { inputTokens: 31, cacheWriteTokens: 30, cacheWrite1hTokens: 20, outputTokens: 2 },
  ],
  [
    "Anthropic without a cache",
    {
      input_tokens: 10,
      output_tokens: 2,
      cache_read_input_tokens: null,
      cache_creation_input_tokens: 0,
      cache_creation: null,
    },
    { inputTokens: 10, outputTokens: 2 },
  ],
  [
    "OpenAI's chat",
    {
      prompt_tokens: 2006,
      completion_tokens: 300,
      total_tokens: 2306,
      prompt_tokens_details: { cached_tokens: 1920, cache_write_tokens: 20, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 128, accepted_prediction_tokens: 0 },
    },
    { inputTokens: 2006, cacheReadTokens: 1920, cacheWriteTokens: 20, outputTokens: 300, reasoningTokens: 128 },
  ],
  [
    "OpenAI's responses",
    {
      input_tokens: 328,
      input_tokens_details: { cached_tokens: 100, cache_write_tokens: 28 },
      output_tokens: 52,
      output_tokens_details: { reasoning_tokens: 32 },
      total_tokens: 380,
    },
    { inputTokens: 328, cacheReadTokens: 100, cacheWriteTokens: 28, outputTokens: 52, reasoningTokens: 32 },
  ],
  [
    "xAI, whose output leaves out the thoughts",
    {
      prompt_tokens: 32,
      completion_tokens: 109,
      total_tokens: 235,
      completion_tokens_details: { reasoning_tokens: 94 },
    },
    { inputTokens: 32, outputTokens: 203, reasoningTokens: 94 },
  ],
  [
    "thoughts beyond the output, without a total",
    { prompt_tokens: 32, completion_tokens: 9, completion_tokens_details: { reasoning_tokens: 94 } },
    { inputTokens: 32, outputTokens: 103, reasoningTokens: 94 },
  ],
  [
    "DeepSeek",
    { prompt_tokens: 100, completion_tokens: 7, prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 36 },
    { inputTokens: 100, cacheReadTokens: 64, outputTokens: 7 },
  ],
  [
    "LiteLLM, whose prompt includes the cache",
    { prompt_tokens: 3000, completion_tokens: 7, cache_read_input_tokens: 2000, cache_creation_input_tokens: 500 },
    { inputTokens: 3000, cacheReadTokens: 2000, cacheWriteTokens: 500, outputTokens: 7 },
  ],
  [
    "a gateway that answers in two shapes",
    { prompt_tokens: 686, completion_tokens: 123, total_tokens: 809, input_tokens: 0, output_tokens: 0 },
    { inputTokens: 686, outputTokens: 123 },
  ],
  [
    "Gemini",
    {
      promptTokenCount: 11_500,
      candidatesTokenCount: 1000,
      totalTokenCount: 22_600,
      cachedContentTokenCount: 10_000,
      thoughtsTokenCount: 10_000,
      toolUsePromptTokenCount: 100,
      promptTokensDetails: [{ modality: "TEXT", tokenCount: 11_500 }],
    },
    { inputTokens: 11_600, cacheReadTokens: 10_000, outputTokens: 11_000, reasoningTokens: 10_000 },
  ],
  [
    "Gemini's client for Python",
    {
      prompt_token_count: 8,
      candidates_token_count: 4,
      thoughts_token_count: 2,
      cached_content_token_count: null,
    },
    { inputTokens: 8, outputTokens: 6, reasoningTokens: 2 },
  ],
  [
    "Bedrock",
    {
      inputTokens: 30,
      outputTokens: 628,
      totalTokens: 1668,
      cacheReadInputTokens: 1000,
      cacheWriteInputTokens: 10,
    },
    { inputTokens: 1040, cacheReadTokens: 1000, cacheWriteTokens: 10, outputTokens: 628 },
  ],
  [
    "Cohere, which bills less than it counts",
    { billed_units: { input_tokens: 12, output_tokens: 30 }, tokens: { input_tokens: 85, output_tokens: 33 } },
    { inputTokens: 12, outputTokens: 30 },
  ],
  ["Ollama", { prompt_eval_count: 26, eval_count: 259, eval_duration: 4 }, { inputTokens: 26, outputTokens: 259 }],
  ["Bedrock without a cache", { inputTokens: 30, outputTokens: 628 }, { inputTokens: 30, outputTokens: 628 }],
  [
    "the AI SDK",
    { inputTokens: 500, outputTokens: 40, reasoningTokens: 30, cachedInputTokens: 400, totalTokens: 540 },
    { inputTokens: 500, cacheReadTokens: 400, outputTokens: 40, reasoningTokens: 30 },
  ],
  [
    "LangChain",
    {
      input_tokens: 350,
      output_tokens: 240,
      input_token_details: { audio: 10, cache_creation: 200, cache_read: 100 },
      output_token_details: { reasoning: 200 },
    },
    {
      inputTokens: 350,
      cacheReadTokens: 100,
      cacheWriteTokens: 200,
      outputTokens: 240,
      reasoningTokens: 200,
      audio: { inputTokens: 10, cacheReadTokens: 0, outputTokens: 0 },
    },
  ],
  ["an embedding", { prompt_tokens: 8, total_tokens: 8 }, { inputTokens: 8 }],
  ["a call that used nothing", { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }, {}],
  ["the end of a stream", { output_tokens: 15 }, { outputTokens: 15 }],
];

describe("every shape of a usage is read as one", () => {
  test.each(ROWS)("%s", (_, usage, canonical) => {
    expect(readUsage(usage).told).toEqual(used(canonical));
    expect(readUsage(usage).wrong).toBeNull();
  });

  test("as spans are stored, whatever they told", () => {
    fc.assert(
      fc.property(fc.nat(9999), fc.nat(9999), fc.nat(9999), (inputTokens, cacheReadTokens, cacheWriteTokens) => {
        const attributes = {
          "gen_ai.usage.input_tokens": inputTokens,
          "gen_ai.usage.output_tokens": 70,
          "gen_ai.usage.cache_read.input_tokens": cacheReadTokens,
          "gen_ai.usage.cache_write.input_tokens": cacheWriteTokens,
          "gen_ai.usage.reasoning_tokens": 30,
        };
        const span = usageOf(attributes);
        if (span === null) throw new Error("it told something");
        const stored = storedUsage(span, attributes, {
          isCounted: true,
          isCovered: false,
          isWhole: false,
          gapMicros: 0,
        });
        const cached = { cacheReadTokens, cacheWriteTokens };
        const whole = { inputTokens: span.inputTokens ?? 0, outputTokens: 70, reasoningTokens: 30 };
        expect(readUsage(stored).told).toEqual(used({ ...cached, ...whole }));
        expect(readUsage(stored).wrong).toBeNull();
      }),
    );
  });

  test("and says the same as the price list reads out of the answers of its providers", () => {
    const count = fc.nat(100_000);
    const flavours = [
      ["anthropic", "default", "usage"],
      ["openai", "chat", "usage"],
      ["openai", "responses", "usage"],
      ["aws", "default", "usage"],
      ["google", "default", "usageMetadata"],
    ] as const;
    fc.assert(
      fc.property(fc.record({ input: count, cached: count, written: count, output: count, thought: count }), (told) => {
        for (const [id, flavour, root] of flavours) {
          const usage = answerOf(`${id} ${flavour}`, told);
          const provider = findProvider({ providerId: id });
          if (provider === undefined) throw new Error(`${id} is no provider`);
          const model = { model: "m", modelVersion: "m", modelId: "m" };
          const theirs = extractUsage(provider, { ...model, [root]: usage }, flavour).usage;
          const ours = readUsage(usage).told;
          expect([ours?.inputTokens, ours?.outputTokens]).toEqual([theirs["input_tokens"], theirs["output_tokens"]]);
          expect(ours?.cacheReadTokens).toBe(theirs["cache_read_tokens"]);
          expect(ours?.cacheWriteTokens).toBe(theirs["cache_write_tokens"] ?? 0);
          expect(ours?.reasoningTokens).toBe(theirs["output_reasoning_tokens"] ?? 0);
        }
      }),
      { numRuns: 50 },
    );
  });
});

type Told = { input: number; cached: number; written: number; output: number; thought: number };

/** What a provider would answer. */
function answerOf(flavour: string, { input, cached, written, output, thought }: Told): object {
  const details = { cached_tokens: cached, cache_write_tokens: written };
  const whole = input + cached + written;
  if (flavour === "anthropic default") {
    const cache = { cache_creation_input_tokens: written, cache_read_input_tokens: cached };
    return { input_tokens: input, ...cache, output_tokens: output };
  }
  if (flavour === "aws default") {
    const cache = { cacheReadInputTokens: cached, cacheWriteInputTokens: written };
    return { inputTokens: input, ...cache, outputTokens: output };
  }
  if (flavour === "google default") {
    const cache = { cachedContentTokenCount: cached };
    return { promptTokenCount: whole, ...cache, candidatesTokenCount: output, thoughtsTokenCount: thought };
  }
  const reasoning = { reasoning_tokens: thought };
  return flavour === "openai chat"
    ? {
        prompt_tokens: whole,
        prompt_tokens_details: details,
        completion_tokens: output + thought,
        completion_tokens_details: reasoning,
      }
    : {
        input_tokens: whole,
        input_tokens_details: details,
        output_tokens: output + thought,
        output_tokens_details: reasoning,
      };
}

test.each([null, undefined, 5, "tokens", [], {}, { cost: 5 }, { total_tokens: 5 }, { input_tokens: null }])(
  "%j says nothing of tokens",
  (usage) => expect(readUsage(usage).told).toBeNull(),
);
