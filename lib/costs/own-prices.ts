/** Pure: what a project pays for models, which wins over the price list. */
import type { ModelPrice } from "@pydantic/genai-prices";
import { Memory } from "@/lib/core/memory";
import type { OwnPrice } from "./price-schema";

/** Tells the own price of a model, in dollars for a million tokens by the names of the price list; null where there is none. */
export type OwnRates = (model: string) => ModelPrice | null;

/** Of a project that pays what everybody does. */
export const NO_OWN_PRICES: OwnRates = () => null;

/** What is not named here costs what the tokens it is a part of cost. */
const rateOf = (price: OwnPrice): ModelPrice => ({
  input_mtok: price.input_usd_per_mtok,
  output_mtok: price.output_usd_per_mtok,
  ...(price.cache_read_usd_per_mtok !== null && { cache_read_mtok: price.cache_read_usd_per_mtok }),
  ...(price.cache_write_usd_per_mtok !== null && { cache_write_mtok: price.cache_write_usd_per_mtok }),
});

/** Names that were asked for; clients choose them. */
const MAX_REMEMBERED = 500;

/** Makes own prices ready to be asked for: the one of the very name counts, else that of the longest beginning. */
export function ownRates(prices: readonly OwnPrice[]): OwnRates {
  if (prices.length === 0) return NO_OWN_PRICES;
  const exact = new Map<string, ModelPrice>();
  const beginnings: [beginning: string, rate: ModelPrice][] = [];
  for (const price of prices) {
    if (price.model.endsWith("*")) beginnings.push([price.model.slice(0, -1), rateOf(price)]);
    else exact.set(price.model, rateOf(price));
  }
  beginnings.sort(([a], [b]) => b.length - a.length);
  const memory = new Memory<ModelPrice | null>(MAX_REMEMBERED);
  return (model) => {
    const known = memory.get(model);
    if (known !== undefined) return known;
    const found = exact.get(model) ?? beginnings.find(([beginning]) => model.startsWith(beginning))?.[1] ?? null;
    memory.set(model, found);
    return found;
  };
}

/** Whether an own price of this name is one of the model. */
export const isOf = (name: string, model: string): boolean =>
  name.endsWith("*") ? model.startsWith(name.slice(0, -1)) : model === name;
