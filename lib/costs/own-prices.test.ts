import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isOf, NO_OWN_PRICES, ownRates } from "./own-prices";
import { isPriced, priceOf } from "./price";
import type { OwnPrice } from "./price-schema";

const price = (model: string, input: number, more: Partial<OwnPrice> = {}): OwnPrice => ({
  model,
  input_usd_per_mtok: input,
  output_usd_per_mtok: 2 * input,
  cache_read_usd_per_mtok: null,
  cache_write_usd_per_mtok: null,
  ...more,
});

const NOTHING = {
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  webSearches: 0,
};
const AT = Date.parse("2026-11-20T00:00:00Z");
const cost = (model: string, usage: Partial<typeof NOTHING>, prices: OwnPrice[]) =>
  priceOf({ model, provider: null, usage: { ...NOTHING, ...usage }, at: AT, own: ownRates(prices) });

describe("an own price", () => {
  const million = { inputTokens: 1_000_000 };

  test("of the very name wins over beginnings, of which the longest wins, and both over the list", () => {
    const prices = [price("gpt-4o", 1), price("gpt-*", 3), price("gpt-4*", 2), price("a/b:c", 7)];
    const models = ["gpt-4o", "gpt-4o-mini", "gpt-5", "gpt-", "a/b:c", "GPT-4o-x"];
    expect(models.map((model) => cost(model, million, prices))).toEqual([
      1_000_000,
      2_000_000,
      3_000_000,
      3_000_000,
      7_000_000,
      null,
    ]);
    // $2.50 a million (GPT-4o, openai.com/api/pricing).
    expect(cost("gpt-4o", million, [price("gpt-4", 1)])).toBe(2_500_000);
  });

  test("counts caches as input where it does not tell their price", () => {
    const usage = { ...million, cacheReadTokens: 400_000, cacheWriteTokens: 100_000, cacheWrite1hTokens: 50_000 };
    const told = price("m", 10, { cache_read_usd_per_mtok: 1, cache_write_usd_per_mtok: 20 });
    expect(cost("m", usage, [price("m", 10)])).toBe(10_000_000);
    expect(cost("m", usage, [told])).toBe(5_000_000 + 400_000 + 2_000_000);
  });

  test("may be nothing, and what nobody sees costs what is seen", () => {
    expect(cost("m", { inputTokens: 5, outputTokens: 5 }, [price("m", 0)])).toBe(0);
    expect(cost("m", { outputTokens: 100, reasoningTokens: 60 }, [price("m", 1)])).toBe(200);
  });

  test("makes a model one that has a price", () => {
    expect(isPriced("house-1", AT, NO_OWN_PRICES)).toBe(false);
    expect(isPriced("house-1", AT, ownRates([price("house-*", 0)]))).toBe(true);
    expect(isPriced("gpt-4o", AT, NO_OWN_PRICES)).toBe(true);
  });

  test("is found for every model that its name is of, however often it is asked for", () => {
    const name = fc.stringMatching(/^[ab]{1,3}\*?$/);
    const model = fc.stringMatching(/^[ab]{1,4}$/);
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 6 }), fc.array(model, { maxLength: 20 }), (names, models) => {
        const rates = ownRates(names.map((each) => price(each, 1)));
        for (const each of [...models, ...models])
          expect(rates(each) !== null).toBe(names.some((one) => isOf(one, each)));
      }),
    );
  });
});
