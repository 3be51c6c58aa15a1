import { calcPrice, type ModelInfo, type Provider, waitForUpdate } from "@pydantic/genai-prices";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { priceOf } from "./price";
import type { CanonicalUsage } from "./usage";

const NOON = Date.UTC(2026, 5, 1, 12);
const MILLION: CanonicalUsage = {
  inputTokens: 1_000_000,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  webSearches: 0,
};
const priceAt = (provider: string | null, model: string, usage = MILLION, at = NOON) =>
  priceOf({ provider, model, usage, at });

let providers: Provider[] = [];
beforeAll(async () => {
  providers = (await waitForUpdate()) ?? [];
});

const modelsOf = () => providers.flatMap((provider) => provider.models.map((model) => [provider, model] as const));

/** What the package says by itself, in micro-dollars; null when it does not know the model. */
function theirs(providerId: string, model: string, { usage, at }: { usage: CanonicalUsage; at: number }) {
  const all = {
    input_tokens: usage.inputTokens,
    cache_read_tokens: usage.cacheReadTokens,
    cache_write_tokens: usage.cacheWriteTokens,
    cache_write_1h_tokens: usage.cacheWrite1hTokens,
    output_tokens: usage.outputTokens,
    output_reasoning_tokens: usage.reasoningTokens,
    web_searches: usage.webSearches,
    input_audio_tokens: usage.audio?.inputTokens ?? 0,
    cache_audio_read_tokens: usage.audio?.cacheReadTokens ?? 0,
    output_audio_tokens: usage.audio?.outputTokens ?? 0,
  };
  const price = calcPrice(all, model, { providerId, timestamp: new Date(at) });
  return price && { micros: price.total_price * 1e6, perCall: price.model_price["requests_kcount"] };
}

const amount = fc.oneof(fc.constant(0), fc.nat(3000), fc.nat(300_000));
const usages = fc
  .record({
    rest: amount,
    read: amount,
    write: amount,
    hour: amount,
    seen: amount,
    thought: amount,
    searches: fc.nat(9),
    heard: amount,
    kept: amount,
    spoken: amount,
  })
  .map(({ rest, read, write, hour, seen, thought, searches, heard, kept, spoken }) => ({
    inputTokens: rest + read + write + hour + heard + kept,
    cacheReadTokens: read + kept,
    cacheWriteTokens: write + hour,
    cacheWrite1hTokens: hour,
    outputTokens: seen + thought + spoken,
    reasoningTokens: thought,
    webSearches: searches,
    audio: { inputTokens: heard + kept, cacheReadTokens: kept, outputTokens: spoken },
  }));

/** Compares every model, and says how many were told a price. */
function compareAll(usage: CanonicalUsage, at: number): number {
  let priced = 0;
  for (const [{ id: provider }, { id: model }] of modelsOf()) {
    const full = theirs(provider, model, { usage, at });
    if (full === null) continue;
    const ours = priceOf({ provider, model, usage, at });
    if (ours === null) {
      // What was used has no price, and they add up nothing.
      expect([model, full.micros]).toEqual([model, Number(full.perCall ?? 0) * 1000]);
      continue;
    }
    priced += 1;
    if (Math.abs(ours - full.micros) > 0.5 + 1e-6)
      expect([provider, model, ours]).toEqual([provider, model, full.micros]);
  }
  return priced;
}

describe("every model of the list", () => {
  test("costs exactly what the package itself adds up, whatever was used and when", () => {
    const times = fc.date({ min: new Date("2024-01-01"), max: new Date("2027-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(usages, times, (usage, time) => {
        compareAll(usage, time.getTime());
      }),
      { numRuns: 30 },
    );
  });

  test("has some price for what goes in and out, or most would be told to be unpriced", () => {
    expect(compareAll({ ...MILLION, outputTokens: 100 }, NOON)).toBeGreaterThan(1400);
  });

  test("changes its price in the moment the package does", () => {
    const usage = { ...MILLION, outputTokens: 1000 };
    const checked = modelsOf().flatMap(([{ id: provider }, model]) =>
      momentsOf(model).map((at) => {
        const full = theirs(provider, model.id, { usage, at });
        const said = full && full.micros > 0 ? Math.round(full.micros) : null;
        expect([model.id, at, priceAt(provider, model.id, usage, at)]).toEqual([model.id, at, said]);
        return said;
      }),
    );
    expect(checked.filter((said) => said !== null).length).toBeGreaterThan(50);
  });
});

/** The milliseconds around each moment from which a price of a model holds, or up to which it does. */
function momentsOf({ prices }: ModelInfo): number[] {
  const constraints = Array.isArray(prices) ? prices.flatMap(({ constraint }) => constraint ?? []) : [];
  const times = constraints.flatMap((each) =>
    each.type === "start_date" ? [each.start_date] : [`2026-09-09T${each.start_time}`, `2026-09-09T${each.end_time}`],
  );
  return times.map(Date.parse).flatMap((at) => [at - 1, at, at + 1]);
}

describe("providers are known by the names that instrumentations give them", () => {
  test.each([
    ["x_ai", "grok-4", 3],
    ["xai.chat", "grok-4", 3],
    ["azure.ai.inference", "gpt-4o", 2.5],
    ["azure.ai.openai", "gpt-4o", 2.5],
    ["az.ai.openai", "gpt-4o", 2.5],
    ["azure-openai.chat", "gpt-4o", 2.5],
    ["gcp.gen_ai", "gemini-2.5-flash", 0.3],
    ["gcp.vertex_ai", "gemini-2.5-flash", 0.3],
    ["gcp.vertex_ai", "claude-haiku-4-5@20251001", 1],
    ["gcp.gemini", "gemini-2.5-flash", 0.3],
    ["google.generative-ai", "models/gemini-2.5-flash", 0.3],
    ["ibm.watsonx.ai", "mistral-large-2411", 2],
    ["aws.bedrock", "amazon.nova-pro-v1:0", 0.8],
    ["amazon-bedrock", "amazon.nova-pro-v1:0", 0.8],
    ["litellm", "gpt-4o", 2.5],
    ["litellm", "anthropic/claude-haiku-4-5", 1],
    ["mistral_ai", "mistral-medium-2505", 0.4],
    ["groq.chat", "llama-3.3-70b-versatile", 0.59],
    ["OpenAI", "GPT-4o", 2.5],
    ["nobody", "gpt-4o", 2.5],
    // OpenAI's client speaks to others as well.
    ["openai", "claude-haiku-4-5", 1],
    ["", "gpt-4o", 2.5],
    [null, "gpt-4o", 2.5],
    [null, "openai/gpt-4o", 2.5],
    [null, "bedrock/amazon.nova-pro-v1:0", 0.8],
    [null, "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0", 1.1],
  ])("%s with %s: $%d for a million tokens", (provider, model, dollars) => {
    expect(priceAt(provider, model)).toBe(Math.round(dollars * 1_000_000));
  });

  test("azure is not taken for OpenAI, whose models may cost something else there", () => {
    const own = modelsOf()
      .filter(([{ id }]) => id === "azure")
      .map(([, { id }]) => id);
    const differ = own.filter((model) => priceAt("azure", model) !== priceAt("openai", model));
    expect(differ.length).toBeGreaterThan(0);
    for (const model of own) expect(priceAt("azure.ai.openai", model)).toBe(priceAt("azure", model));
  });
});

describe("there is no price, and not one of nothing", () => {
  test.each([
    ["a model that nobody knows", "openai", "gpt-99-ultra"],
    ["a model without a name", null, ""],
    ["a name that is nothing but a slash", null, "/"],
    ["the name of an object's own", "constructor", "__proto__"],
    ["a name that is too long", "openai", `gpt-4o${" ".repeat(300)}`],
    ["a model that is priced by the hour", "openai", "whisper-1"],
    ["a model that a subscription includes", "github-copilot", "gpt-4o"],
  ])("for %s", (_, provider, model) => expect(priceAt(provider, model)).toBeNull());

  test.each([
    ["more from a cache than went in", { cacheReadTokens: 1_000_001 }],
    ["more for an hour than was kept at all", { cacheWriteTokens: 5, cacheWrite1hTokens: 6 }],
    ["more thoughts than came out", { reasoningTokens: 1 }],
    ["more than a million dollars", { inputTokens: Number.MAX_SAFE_INTEGER }],
  ])("for %s", (_, wrong) => expect(priceAt("anthropic", "claude-haiku-4-5", { ...MILLION, ...wrong })).toBeNull());

  test("for a time that is none", () => {
    expect([priceAt("openai", "o3", MILLION, Number.NaN), priceAt("openai", "gpt-4o", MILLION, Number.NaN)]).toEqual([
      null,
      null,
    ]);
  });
});

test("what is free costs nothing, and so does what was not used", () => {
  expect(priceAt("openrouter", "deepseek/deepseek-r1:free")).toBe(0);
  expect(priceAt("openai", "gpt-4o", { ...MILLION, inputTokens: 0 })).toBe(0);
});

test("a price for each call is added once", () => {
  expect(priceAt("perplexity", "sonar")).toBe(1_000_000 + 12_000);
});

test("names that clients made up by the thousand change nothing for the others", () => {
  for (let i = 0; i < 5000; i += 1) expect(priceAt("x", `made-up-${i}`)).toBeNull();
  expect(priceAt("openai", "gpt-4o")).toBe(2_500_000);
});

test("a step is rounded to a micro-dollar, half of one upwards", () => {
  const tokens = (inputTokens: number) => priceAt("openai", "gpt-4o", { ...MILLION, inputTokens });
  expect([tokens(1), tokens(2), tokens(3)]).toEqual([3, 5, 8]);
});
