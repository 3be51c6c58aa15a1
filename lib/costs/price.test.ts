import { describe, expect, test } from "vitest";
import { isFarOff, priceOf } from "./price";
import { readUsage } from "./usage";

type Known = {
  provider: string | null;
  model: string;
  at: string;
  /** As the provider answers it. */
  usage: object;
  /** Added up by hand from dollars for a million tokens, which are micro-dollars for one. */
  micros: number;
  source: string;
};

const ANTHROPIC = "https://platform.claude.com/docs/en/about-claude/pricing";
const OPENAI = "https://platform.openai.com/docs/pricing";
const GOOGLE = "https://ai.google.dev/gemini-api/docs/pricing";
// As the page listed them until September 2025; nights were cheaper.
const DEEPSEEK = "https://api-docs.deepseek.com/quick_start/pricing";
const BEDROCK = "https://aws.amazon.com/bedrock/pricing/";

const CALLS: Known[] = [
  {
    provider: "anthropic",
    model: "claude-3-opus",
    at: "2024-06-15T10:00:00Z",
    usage: { input_tokens: 1500, output_tokens: 500, total_tokens: 2000 },
    micros: 1500 * 15 + 500 * 75,
    source: "https://www.anthropic.com/news/claude-3-family",
  },
  {
    provider: "anthropic",
    model: "claude-haiku-4-5-20251001",
    at: "2025-11-01T10:00:00Z",
    usage: {
      input_tokens: 100,
      cache_read_input_tokens: 20_000,
      cache_creation_input_tokens: 1000,
      output_tokens: 500,
    },
    micros: 100 * 1 + 20_000 * 0.1 + 1000 * 1.25 + 500 * 5,
    source: ANTHROPIC,
  },
  {
    provider: "anthropic",
    model: "claude-opus-4-1",
    at: "2025-11-01T10:00:00Z",
    usage: {
      input_tokens: 50,
      cache_creation_input_tokens: 12_000,
      cache_creation: { ephemeral_5m_input_tokens: 2000, ephemeral_1h_input_tokens: 10_000 },
      output_tokens: 200,
    },
    micros: 50 * 15 + 2000 * 18.75 + 10_000 * 30 + 200 * 75,
    source: ANTHROPIC,
  },
  {
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    at: "2025-11-01T10:00:00Z",
    usage: { input_tokens: 6039, output_tokens: 931, server_tool_use: { web_search_requests: 3 } },
    micros: 6039 * 3 + 931 * 15 + 3 * 10_000,
    source: "https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-search-tool",
  },
  {
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    at: "2025-11-01T10:00:00Z",
    usage: { input_tokens: 200_000, output_tokens: 1000 },
    micros: 200_000 * 3 + 1000 * 15,
    source: `${ANTHROPIC}#long-context-pricing`,
  },
  {
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    at: "2025-11-01T10:00:00Z",
    usage: { input_tokens: 100_000, cache_read_input_tokens: 150_000, output_tokens: 2000 },
    micros: 100_000 * 6 + 150_000 * 0.6 + 2000 * 22.5,
    source: `${ANTHROPIC}#long-context-pricing`,
  },
  {
    provider: "anthropic",
    model: "claude-opus-4-6",
    at: "2026-02-20T10:00:00Z",
    usage: { input_tokens: 300_000, output_tokens: 1000 },
    micros: 300_000 * 10 + 1000 * 37.5,
    source: "https://www.anthropic.com/news/claude-opus-4-6",
  },
  {
    provider: "anthropic",
    model: "claude-opus-4-6",
    at: "2026-04-20T10:00:00Z",
    usage: { input_tokens: 300_000, output_tokens: 1000 },
    micros: 300_000 * 5 + 1000 * 25,
    source: `${ANTHROPIC}#long-context-pricing`,
  },
  {
    provider: "openai",
    model: "o3",
    at: "2025-05-20T10:00:00Z",
    usage: { prompt_tokens: 1000, completion_tokens: 1000, completion_tokens_details: { reasoning_tokens: 800 } },
    micros: 1000 * 10 + 1000 * 40,
    source: "https://openai.com/index/introducing-o3-and-o4-mini/",
  },
  {
    provider: "openai",
    model: "o3",
    at: "2025-06-20T10:00:00Z",
    usage: { prompt_tokens: 1000, completion_tokens: 1000, completion_tokens_details: { reasoning_tokens: 800 } },
    micros: 1000 * 2 + 1000 * 8,
    source: "https://platform.openai.com/docs/models/o3",
  },
  {
    provider: "openai",
    model: "gpt-4o-mini",
    at: "2025-09-01T10:00:00Z",
    usage: { prompt_tokens: 2048, completion_tokens: 300, prompt_tokens_details: { cached_tokens: 1024 } },
    micros: 410, // 1024 × 0.15 + 1024 × 0.075 + 300 × 0.6 = 410.4
    source: OPENAI,
  },
  {
    provider: "openai",
    model: "gpt-4.1",
    at: "2025-09-01T10:00:00Z",
    usage: { input_tokens: 100_000, input_tokens_details: { cached_tokens: 40_000 }, output_tokens: 5000 },
    micros: 60_000 * 2 + 40_000 * 0.5 + 5000 * 8,
    source: OPENAI,
  },
  {
    provider: "openai",
    model: "gpt-5",
    at: "2025-09-01T10:00:00Z",
    usage: { input_tokens: 1200, output_tokens: 3000, output_tokens_details: { reasoning_tokens: 2500 } },
    micros: 1200 * 1.25 + 3000 * 10,
    source: OPENAI,
  },
  {
    provider: "openai",
    model: "text-embedding-3-small",
    at: "2025-09-01T10:00:00Z",
    usage: { prompt_tokens: 8000, total_tokens: 8000 },
    micros: 8000 * 0.02,
    source: OPENAI,
  },
  {
    provider: "gcp.gemini",
    model: "gemini-2.5-pro",
    at: "2025-10-17T10:00:00Z",
    usage: {
      promptTokenCount: 11_500,
      candidatesTokenCount: 1000,
      cachedContentTokenCount: 10_000,
      thoughtsTokenCount: 10_000,
    },
    micros: 1500 * 1.25 + 10_000 * 0.125 + 11_000 * 10,
    source: `${GOOGLE}#gemini-2.5-pro`,
  },
  {
    provider: "gcp.vertex_ai",
    model: "gemini-2.5-pro",
    at: "2025-10-17T10:00:00Z",
    usage: { promptTokenCount: 250_000, candidatesTokenCount: 4000 },
    micros: 250_000 * 2.5 + 4000 * 15,
    source: `${GOOGLE}#gemini-2.5-pro`,
  },
  {
    provider: "gcp.gen_ai",
    model: "gemini-2.5-flash",
    at: "2025-10-17T10:00:00Z",
    usage: { promptTokenCount: 10_000, candidatesTokenCount: 500, thoughtsTokenCount: 700 },
    micros: 10_000 * 0.3 + 1200 * 2.5,
    source: `${GOOGLE}#gemini-2.5-flash`,
  },
  {
    provider: "mistral_ai",
    model: "mistral-medium-2505",
    at: "2025-06-01T10:00:00Z",
    usage: { prompt_tokens: 20_000, completion_tokens: 1000, total_tokens: 21_000 },
    micros: 20_000 * 0.4 + 1000 * 2,
    source: "https://mistral.ai/news/mistral-medium-3",
  },
  {
    provider: "deepseek",
    model: "deepseek-chat",
    at: "2025-07-01T12:00:00Z",
    usage: {
      prompt_tokens: 10_000,
      completion_tokens: 1000,
      prompt_cache_hit_tokens: 8000,
      prompt_cache_miss_tokens: 2000,
    },
    micros: 8000 * 0.07 + 2000 * 0.27 + 1000 * 1.1,
    source: DEEPSEEK,
  },
  {
    provider: "deepseek",
    model: "deepseek-chat",
    at: "2025-07-01T20:00:00Z",
    usage: {
      prompt_tokens: 10_000,
      completion_tokens: 1000,
      prompt_cache_hit_tokens: 8000,
      prompt_cache_miss_tokens: 2000,
    },
    micros: 8000 * 0.035 + 2000 * 0.135 + 1000 * 0.55,
    source: DEEPSEEK,
  },
  {
    provider: "x_ai",
    model: "grok-4",
    at: "2025-08-01T10:00:00Z",
    usage: {
      prompt_tokens: 32,
      completion_tokens: 9,
      total_tokens: 135,
      prompt_tokens_details: { cached_tokens: 8 },
      completion_tokens_details: { reasoning_tokens: 94 },
    },
    micros: 24 * 3 + 8 * 0.75 + 103 * 15,
    source: "https://docs.x.ai/docs/models",
  },
  {
    provider: "aws.bedrock",
    model: "amazon.nova-pro-v1:0",
    at: "2025-08-01T10:00:00Z",
    usage: { inputTokens: 1000, outputTokens: 500, totalTokens: 1500 },
    micros: 1000 * 0.8 + 500 * 3.2,
    source: BEDROCK,
  },
  {
    provider: "aws.bedrock",
    model: "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
    at: "2025-11-01T10:00:00Z",
    usage: { inputTokens: 100, outputTokens: 500, cacheReadInputTokens: 10_000, cacheWriteInputTokens: 1000 },
    micros: 100 * 3.3 + 10_000 * 0.33 + 1000 * 4.125 + 500 * 16.5,
    source: BEDROCK,
  },
  {
    provider: null,
    model: "global.anthropic.claude-sonnet-4-5-20250929-v1:0",
    at: "2025-11-01T10:00:00Z",
    usage: { inputTokens: 100, outputTokens: 500, cacheReadInputTokens: 10_000, cacheWriteInputTokens: 1000 },
    micros: 100 * 3 + 10_000 * 0.3 + 1000 * 3.75 + 500 * 15,
    source: BEDROCK,
  },
  {
    provider: "azure.ai.openai",
    model: "gpt-4o-2024-08-06",
    at: "2025-09-01T10:00:00Z",
    usage: { prompt_tokens: 1000, completion_tokens: 1000 },
    micros: 1000 * 2.5 + 1000 * 10,
    source: "https://azure.microsoft.com/en-us/pricing/details/cognitive-services/openai-service/",
  },
];

describe("calls cost what was published", () => {
  test.each(CALLS)("$model at $provider on $at: $micros", ({ provider, model, at, usage, micros }) => {
    const canonical = readUsage(usage).told;
    if (canonical === null) throw new Error("it is a usage");
    expect(priceOf({ provider, model, usage: canonical, at: Date.parse(at) })).toBe(Math.round(micros));
  });
});

describe("a reported and a computed cost are far off each other", () => {
  test.each([
    [100, 80, false],
    [80, 100, false],
    [100, 79, true],
    [79, 100, true],
    [0, 100, true],
    [100, 0, true],
    [0, 0, false],
    [1, 0, false],
    [0, 1, false],
    [3, 1, true],
    [45_000, 60_000, true],
  ])("%i and %i: %s", (reported, computed, isFar) => expect(isFarOff(reported, computed)).toBe(isFar));
});
