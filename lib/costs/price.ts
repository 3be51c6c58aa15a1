import {
  type ConditionalPrice,
  calcPrice,
  type ModelInfo,
  type ModelPrice,
  type Provider,
} from "@pydantic/genai-prices";
import { Memory } from "@/lib/core/memory";
import type { OwnRates } from "./own-prices";
import type { CanonicalUsage } from "./usage";

/** A call whose price is asked for. */
export type Call = {
  model: string;
  /** Who provided it, by whichever name; null when that is not known. */
  provider: string | null;
  usage: CanonicalUsage;
  /** Epoch milliseconds. */
  at: number;
  /** What the project itself pays, whatever the list says. */
  own?: OwnRates;
};

/** Names of providers that the price list does not know, or takes for another one. */
const PROVIDERS: readonly (readonly [names: RegExp, id: string])[] = [
  [/^az(?:ure)?(?:\W|_|$)/, "azure"],
  [/^x[\W_]?ai(?:\W|_|$)/, "x-ai"],
  [/^gcp\W/, "google"],
];

/** Whom to ask for a model, in this order. `litellm` is nobody: what stands before a slash, or the model alone, tells who it is. */
function providersFor(provider: string | null): string[] {
  const told = provider?.trim().toLowerCase() ?? "";
  const known = PROVIDERS.find(([names]) => names.test(told))?.[1];
  // Vercel's AI SDK names the API too, as in `groq.chat`. Names of Bedrock's models are found at AWS alone.
  return [...new Set([known ?? told, told.split(".")[0] ?? "", "litellm", "aws"])].filter((id) => id !== "");
}

/** Where it is kept may stand before the name, as in `models/gemini-2.5-pro`. */
const namesOf = (model: string): string[] => [...new Set([model, model.slice(model.lastIndexOf("/") + 1)])];

/** The model of this name at a provider; null when there is none. A price list that the package itself refuses is none. */
function modelAt(providerId: string, name: string): ModelInfo | null {
  try {
    return calcPrice({}, name, { providerId })?.model ?? null;
  } catch {
    return null;
  }
}

function findModel(model: string, provider: string | null): ModelInfo | null {
  for (const name of namesOf(model)) {
    for (const providerId of providersFor(provider)) {
      const found = modelAt(providerId, name);
      if (found !== null) return found;
    }
  }
  return null;
}

type PricesAt = (at: number) => ModelPrice;

/** Tells which of several prices holds. The package is asked about empty stand-ins, or it would add up whole price lists. */
function timetable(prices: readonly ConditionalPrice[]): PricesAt {
  const meant = new Map<ModelPrice, ModelPrice>();
  const standIns = prices.map((each) => {
    const standIn: ModelPrice = {};
    meant.set(standIn, each.prices);
    return { ...each, prices: standIn };
  });
  const models = [{ id: "model", match: { equals: "model" }, prices: standIns }];
  const provider: Provider = { id: "provider", name: "provider", api_pattern: "", models };
  return (at) => {
    const chosen = calcPrice({}, "model", { provider, timestamp: new Date(at) });
    return (chosen && meant.get(chosen.model_price)) ?? {};
  };
}

type Known = { pricesAt: PricesAt; isFree: boolean };

/** Pairs of a model and a provider that were asked for, known or not: clients choose the names. */
const MAX_REMEMBERED = 2000;
const MAX_NAME_LENGTH = 300;

const memory = new Memory<Known | null>(MAX_REMEMBERED);

function learn(model: string, provider: string | null): Known | null {
  const prices = findModel(model, provider)?.prices;
  if (prices === undefined) return null;
  // Other models without prices are included in a subscription, or their prices are not known.
  return { pricesAt: Array.isArray(prices) ? timetable(prices) : () => prices, isFree: /:free\s*$/i.test(model) };
}

function remembered(model: string, provider: string | null): Known | null {
  const key = `${provider ?? ""}\n${model}`;
  const known = memory.get(key);
  if (known !== undefined) return known;
  const learned = learn(model, provider);
  memory.set(key, learned);
  return learned;
}

/** How much of something was used, and how its price is called: the first that the model has. */
type Part = readonly [amount: number, ...prices: string[]];

/** What was heard and spoken, bounded by what it is a part of: clients do not tell of all of it where it was kept. */
function audioOf({ audio, ...usage }: CanonicalUsage) {
  if (audio === undefined) return { fresh: 0, cached: 0, spoken: 0 };
  const fresh = usage.inputTokens - usage.cacheReadTokens - usage.cacheWriteTokens;
  // What is more than what was no cache's has come out of one, or gone into it.
  const leastCached = Math.max(audio.cacheReadTokens, audio.inputTokens - fresh);
  const cached = Math.min(leastCached, audio.inputTokens, usage.cacheReadTokens);
  return {
    fresh: Math.max(0, Math.min(audio.inputTokens - cached, fresh)),
    cached,
    spoken: Math.max(0, Math.min(audio.outputTokens, usage.outputTokens - usage.reasoningTokens)),
  };
}

/** A usage taken apart, so that nothing is in two parts. Prices are for a million tokens or a thousand searches. */
function partsOf(usage: CanonicalUsage): Part[] {
  const audio = audioOf(usage);
  return [
    [usage.inputTokens - usage.cacheReadTokens - usage.cacheWriteTokens - audio.fresh, "input_mtok"],
    [audio.fresh, "input_audio_mtok", "input_mtok"],
    [usage.cacheReadTokens - audio.cached, "cache_read_mtok", "input_mtok"],
    [audio.cached, "cache_audio_read_mtok", "cache_read_mtok", "input_audio_mtok", "input_mtok"],
    [usage.cacheWriteTokens - usage.cacheWrite1hTokens, "cache_write_mtok", "input_mtok"],
    [usage.cacheWrite1hTokens, "cache_write_1h_mtok", "cache_write_mtok", "input_mtok"],
    [usage.outputTokens - usage.reasoningTokens - audio.spoken, "output_mtok"],
    [usage.reasoningTokens, "output_reasoning_mtok", "output_mtok"],
    [audio.spoken, "output_audio_mtok", "output_mtok"],
    [usage.webSearches * 1000, "web_searches_kcount"],
  ];
}

/** The price of one, in millionths of what the list says. All that went in decides about the tier, and for everything. */
function rateOf(price: ModelPrice[string], inputTokens: number): number | undefined {
  if (typeof price !== "object") return price;
  let rate = { start: -1, price: price.base };
  for (const tier of price.tiers) if (inputTokens > tier.start && tier.start > rate.start) rate = tier;
  return rate.price;
}

/** What every call costs by itself, in micro-dollars. */
const perCall = ({ requests_kcount: price }: ModelPrice, { inputTokens }: CanonicalUsage): number =>
  (rateOf(price, inputTokens) ?? 0) * 1000;

/** In micro-dollars and parts of them. Null when nothing of what was used has a price, or less than nothing was used. */
function costOf(usage: CanonicalUsage, price: ModelPrice, isFree: boolean): number | null {
  let micros = perCall(price, usage);
  let isPriced = isFree;
  const used = partsOf(usage).filter(([amount]) => amount !== 0);
  for (const [amount, ...names] of used) {
    if (amount < 0) return null;
    const name = names.find((each) => price[each] !== undefined);
    if (name === undefined) continue;
    isPriced = true;
    micros += amount * (rateOf(price[name], usage.inputTokens) ?? 0);
  }
  return isPriced || used.length === 0 ? micros : null;
}

/** Micro-dollars beyond which a number is a mistake, as with costs that are sent. */
const MAX_MICROS = 1e12;

/** By the published prices of the time of the call, in micro-dollars and parts of them. */
function listed({ model, provider, usage, at }: Call): number | null {
  if (model.length + (provider?.length ?? 0) > MAX_NAME_LENGTH) return null;
  const known = remembered(model, provider);
  if (known === null || !Number.isFinite(new Date(at).getTime())) return null;
  return costOf(usage, known.pricesAt(at), known.isFree);
}

/**
 * What a call costs by the project's own price, else by the published ones of its time, in whole micro-dollars. Null when that
 * is not known: the model is not, nothing that was used has a price, the usage contradicts itself, or it would be more than a
 * million dollars.
 */
export function priceOf(call: Call): number | null {
  const own = call.own?.(call.model) ?? null;
  const micros = own === null ? listed(call) : costOf(call.usage, own, true);
  return micros !== null && micros <= MAX_MICROS ? Math.round(micros) : null;
}

/** Whether calls of a model have a price at a moment, in epoch milliseconds. */
export function isPriced(model: string, at: number, own: OwnRates): boolean {
  const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, cacheWrite1hTokens: 0 };
  return priceOf({ model, provider: null, usage: { ...usage, reasoningTokens: 0, webSearches: 0 }, at, own }) !== null;
}

/** Both amounts are rounded, so that they may differ by this much and mean the same. */
const ROUNDING_MICROS = 1;

/**
 * Whether a cost that was reported and the one that was computed, in micro-dollars, differ by more than a fifth of the larger
 * one. It does not matter which is which. Something against nothing is far off; what rounding explains is not.
 */
export function isFarOff(reportedMicros: number, computedMicros: number): boolean {
  const difference = Math.abs(reportedMicros - computedMicros);
  return difference > ROUNDING_MICROS && difference * 5 > Math.max(reportedMicros, computedMicros);
}
