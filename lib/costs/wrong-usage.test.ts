import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readUsage } from "./usage";

const COUNT = "must be a whole number from 0";

describe("a usage that cannot be is refused by the field", () => {
  test.each([
    [{ input_tokens: -1, output_tokens: 5 }, "input_tokens"],
    [{ input_tokens: 1.5, output_tokens: 5 }, "input_tokens"],
    [{ input_tokens: "12", output_tokens: 5 }, "input_tokens"],
    [{ input_tokens: Number.NaN, output_tokens: 5 }, "input_tokens"],
    [{ input_tokens: 1e300, output_tokens: 5 }, "input_tokens"],
    [{ input_tokens: true }, "input_tokens"],
    [{ input_tokens: 0, output_tokens: -5, prompt_tokens: 3 }, "output_tokens"],
    [{ input_tokens: 5, output_tokens: Number.POSITIVE_INFINITY }, "output_tokens"],
    [{ total_tokens: 0.5 }, "total_tokens"],
    [{ input_tokens: 5, total_tokens: -1 }, "total_tokens"],
    [{ input_tokens: 5, cache_read_input_tokens: -1 }, "cache_read_input_tokens"],
    [{ cache_creation_input_tokens: 0.1 }, "cache_creation_input_tokens"],
    [
      { input_tokens: 5, cache_creation: { ephemeral_1h_input_tokens: "7" } },
      "cache_creation.ephemeral_1h_input_tokens",
    ],
    [
      { input_tokens: 5, server_tool_use: { web_search_requests: 1.5 }, cache_read_input_tokens: 1 },
      "server_tool_use.web_search_requests",
    ],
    [{ prompt_tokens: "many", completion_tokens: 5 }, "prompt_tokens"],
    [
      { prompt_tokens: 9, completion_tokens_details: { reasoning_tokens: -3 } },
      "completion_tokens_details.reasoning_tokens",
    ],
    [{ promptTokenCount: 9, candidatesTokenCount: 1.25 }, "candidatesTokenCount"],
    [{ inputTokens: 9, cacheReadInputTokens: {} }, "cacheReadInputTokens"],
  ])("%j", (usage, name) => {
    expect(readUsage(usage).wrong).toEqual({ name, reason: COUNT });
    expect(readUsage(usage).told).toBeNull();
  });

  test.each([
    [
      { prompt_tokens: 10, prompt_tokens_details: { cached_tokens: 11 } },
      "prompt_tokens_details.cached_tokens",
      "prompt_tokens",
    ],
    [
      { input_tokens: 10, input_tokens_details: { cached_tokens: 6, cache_write_tokens: 5 } },
      "input_tokens_details.cached_tokens",
      "input_tokens",
    ],
    [{ input_tokens: 0, output_tokens: 2, cache_write_tokens: 5 }, "cache_write_tokens", "input_tokens"],
    [{ promptTokenCount: 10, cachedContentTokenCount: 99 }, "cachedContentTokenCount", "promptTokenCount"],
    [{ inputTokens: 10, outputTokens: 5, cachedInputTokens: 11 }, "cachedInputTokens", "inputTokens"],
  ])("%j has more from a cache than went in", (usage, name, whole) => {
    expect(readUsage(usage).wrong).toEqual({ name, reason: `must not be more than ${whole}, of which it is a part` });
    expect(readUsage(usage).told).toBeNull();
  });

  test.each([
    [{ input_tokens: 5, output_tokens: 1, cache_read_input_tokens: 5000 }],
    [{ inputTokens: 5, outputTokens: 1, cacheReadInputTokens: 5000 }],
    [{ input_tokens: 5, price: -1, latency_ms: 0.5, tokens_per_second: 80.5, service_tier: "x", inference_geo: null }],
    [{ input_tokens: 5, prompt_tokens_details: "none", cache_creation: 7, server_tool_use: [] }],
    [{ input_tokens: 5, reported: { input_tokens: -1 }, unattributed_cost_usd: 0.01 }],
    [{ output_tokens: 1, cache_read_tokens: 70 }],
    [{}],
    [[-1]],
  ])("%j is not", (usage) => expect(readUsage(usage).wrong).toBeNull());
});

test("whatever is sent, it is either refused or read in whole numbers that agree with each other", () => {
  const value = fc.oneof(fc.nat(50), fc.constantFrom(-1, 0.5, "1", null, Number.NaN, 2 ** 53));
  const names = ["input_tokens", "output_tokens", "total_tokens", "prompt_tokens", "completion_tokens", "inputTokens"];
  const more = ["outputTokens", "cache_read_input_tokens", "cache_creation_input_tokens", "cache_read_tokens"];
  const part = fc.record({ cached_tokens: value, reasoning_tokens: value, audio_tokens: value }, { requiredKeys: [] });
  const inner = fc.oneof(value, part);
  const field = fc.constantFrom(...names, ...more, "reasoning_tokens", "cacheReadInputTokens", "promptTokenCount");
  const details = fc.constantFrom(
    "prompt_tokens_details",
    "output_tokens_details",
    "input_token_details",
    "cache_creation",
  );
  fc.assert(
    fc.property(fc.dictionary(field, value), fc.dictionary(details, inner), (fields, parts) => {
      const usage = { ...fields, ...parts };
      const canonical = readUsage(usage).told;
      if (readUsage(usage).wrong !== null) {
        expect(canonical).toBeNull();
        return;
      }
      if (canonical === null) return;
      const { audio = { inputTokens: 0, cacheReadTokens: 0, outputTokens: 0 }, ...counts } = canonical;
      for (const amount of [...Object.values(counts), ...Object.values(audio)])
        expect(Number.isSafeInteger(amount) && amount >= 0).toBe(true);
      expect(canonical.cacheReadTokens + canonical.cacheWriteTokens).toBeLessThanOrEqual(canonical.inputTokens);
      expect(canonical.cacheWrite1hTokens).toBeLessThanOrEqual(canonical.cacheWriteTokens);
      expect(audio.inputTokens).toBeLessThanOrEqual(canonical.inputTokens);
      expect(audio.outputTokens).toBeLessThanOrEqual(canonical.outputTokens);
      expect(canonical.reasoningTokens).toBeLessThanOrEqual(canonical.outputTokens);
    }),
    { numRuns: 2000 },
  );
});
