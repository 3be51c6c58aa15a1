import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { priceOf } from "./price";
import { type AudioUsage, readUsage } from "./usage";

const sound = (part: string, key: string, count: number) => [
  { modality: "TEXT", [key]: 5 },
  { modality: part, [key]: count },
];

type Row = [name: string, usage: object, audio: Partial<AudioUsage>];
const ROWS: Row[] = [
  [
    "OpenAI's chat",
    {
      prompt_tokens: 100,
      completion_tokens: 50,
      prompt_tokens_details: { audio_tokens: 40, cached_tokens: 0 },
      completion_tokens_details: { audio_tokens: 30, reasoning_tokens: 0 },
    },
    { inputTokens: 40, outputTokens: 30 },
  ],
  [
    "OpenAI's realtime",
    {
      input_tokens: 100,
      output_tokens: 50,
      input_token_details: {
        text_tokens: 60,
        audio_tokens: 40,
        cached_tokens: 20,
        cached_tokens_details: { text_tokens: 5, audio_tokens: 15 },
      },
      output_token_details: { text_tokens: 20, audio_tokens: 30 },
    },
    { inputTokens: 40, cacheReadTokens: 15, outputTokens: 30 },
  ],
  [
    "LangChain",
    { input_tokens: 100, output_tokens: 50, input_token_details: { audio: 40 }, output_token_details: { audio: 30 } },
    { inputTokens: 40, outputTokens: 30 },
  ],
  [
    "Gemini",
    {
      promptTokenCount: 100,
      cachedContentTokenCount: 20,
      candidatesTokenCount: 50,
      promptTokensDetails: sound("AUDIO", "tokenCount", 40),
      cacheTokensDetails: sound("AUDIO", "tokenCount", 15),
      candidatesTokensDetails: sound("AUDIO", "tokenCount", 30),
    },
    { inputTokens: 40, cacheReadTokens: 15, outputTokens: 30 },
  ],
  [
    "Gemini by its client for Python",
    {
      prompt_token_count: 100,
      candidates_token_count: 50,
      prompt_tokens_details: sound("AUDIO", "token_count", 40),
      candidates_tokens_details: sound("AUDIO", "token_count", 30),
    },
    { inputTokens: 40, outputTokens: 30 },
  ],
];

describe("what was heard and spoken is told apart", () => {
  test.each(ROWS)("by %s", (_, usage, audio) => {
    expect(readUsage(usage).told).toMatchObject({
      inputTokens: 100,
      outputTokens: 50,
      audio: { inputTokens: 0, cacheReadTokens: 0, outputTokens: 0, ...audio },
    });
    expect(readUsage(usage).wrong).toBeNull();
  });

  test("and nothing is where there was no sound", () => {
    const usage = { promptTokenCount: 9, promptTokensDetails: sound("IMAGE", "tokenCount", 4) };
    expect(readUsage(usage).told).not.toHaveProperty("audio");
  });
});

describe("what cannot be is refused by the field", () => {
  test.each([
    [{ prompt_tokens: 9, prompt_tokens_details: { audio_tokens: 1.5 } }, "prompt_tokens_details.audio_tokens"],
    [{ input_tokens: 9, input_token_details: { audio_tokens: -1 } }, "input_token_details.audio_tokens"],
    [{ promptTokenCount: 9, promptTokensDetails: sound("AUDIO", "tokenCount", 0.5) }, "promptTokensDetails.tokenCount"],
  ])("%j", (usage, name) => {
    expect(readUsage(usage).wrong).toEqual({ name, reason: "must be a whole number from 0" });
    expect(readUsage(usage).told).toBeNull();
  });

  test.each([
    [
      { prompt_tokens: 9, prompt_tokens_details: { audio_tokens: 10 } },
      "prompt_tokens_details.audio_tokens",
      "prompt_tokens",
    ],
    [
      { completion_tokens: 9, completion_tokens_details: { audio_tokens: 10 } },
      "completion_tokens_details.audio_tokens",
      "completion_tokens",
    ],
    [
      {
        input_tokens: 9,
        input_token_details: { audio_tokens: 9, cached_tokens: 3, cached_tokens_details: { audio_tokens: 4 } },
      },
      "input_token_details.cached_tokens_details.audio_tokens",
      "input_token_details.cached_tokens",
    ],
  ])("%j has more sound than it is a part of", (usage, name, whole) => {
    expect(readUsage(usage).wrong).toEqual({ name, reason: `must not be more than ${whole}, of which it is a part` });
    expect(readUsage(usage).told).toBeNull();
  });
});

const AT = Date.UTC(2026, 5, 1, 12);
const cost = (model: string, told: object) => {
  const usage = readUsage(told).told;
  return usage && priceOf({ model, provider: null, usage, at: AT });
};

describe("sound costs what sound costs", () => {
  test.each([
    // 60,000 at $2.50, 40,000 at $32; 20,000 at $10, 30,000 at $64 (gpt-audio, openai.com/api/pricing).
    ["gpt-audio", 150_000 + 1_280_000 + 200_000 + 1_920_000],
    // 60,000 at $0.30 and 40,000 at $1; all that comes out at $2.50 (Gemini 2.5 Flash, ai.google.dev/pricing).
    ["gemini-2.5-flash", 18_000 + 40_000 + 125_000],
    // Without a price of its own it is text: $2.50 and $10.
    ["gpt-4o", 250_000 + 500_000],
  ])("%s", (model, micros) => {
    const audio = {
      prompt_tokens_details: { audio_tokens: 40_000 },
      completion_tokens_details: { audio_tokens: 30_000 },
    };
    expect(cost(model, { prompt_tokens: 100_000, completion_tokens: 50_000, ...audio })).toBe(micros);
  });

  test("out of a cache what it costs there, also where only some must have been", () => {
    const told = (cached: object) => ({
      input_tokens: 100_000,
      input_token_details: { audio_tokens: 90_000, cached_tokens: 50_000, ...cached },
    });
    // gpt-realtime: $4 and $0.40 in a cache, sound $32 and $0.40.
    const [all, least] = [{ cached_tokens_details: { audio_tokens: 50_000 } }, {}];
    expect(cost("gpt-realtime", told(all))).toBe(40_000 + 40_000 * 32 + 20_000);
    expect(cost("gpt-realtime", told(least))).toBe(50_000 * 32 + 20_000);
  });

  test("whatever is told that is not refused has a price between that of text and that of sound", () => {
    const count = fc.nat(100);
    const details = fc.record({ audio_tokens: count, cached_tokens: count, cache_write_tokens: count });
    fc.assert(
      fc.property(
        count,
        count,
        details,
        details,
        (input, output, into, { audio_tokens: spoken, cached_tokens: thought }) => {
          const told = {
            prompt_tokens: input,
            completion_tokens: output,
            prompt_tokens_details: into,
            completion_tokens_details: { audio_tokens: spoken, reasoning_tokens: thought },
          };
          if (readUsage(told).wrong !== null) return;
          const micros = cost("gpt-audio", told);
          expect(micros).not.toBeNull();
          expect(micros).toBeGreaterThanOrEqual(Math.floor(input * 2.5 + output * 10));
          expect(micros).toBeLessThanOrEqual(Math.ceil(input * 32 + (output + thought) * 64));
        },
      ),
    );
  });
});
