import type { OwnRates } from "@/lib/costs/own-prices";
import { priceOf } from "@/lib/costs/price";
import type { Usage } from "./usage";

type Call = { model: string | null; usage: Usage | null; endMs: number };

/**
 * What the tokens of a call cost by the project's own price, or the price list of its time, in micro-dollars; null where its
 * model, its price or its tokens are not known.
 */
export function computedMicros({ model, usage, endMs: at }: Call, own: OwnRates): number | null {
  if (model === null || usage === null || (usage.inputTokens === null && usage.outputTokens === null)) return null;
  const [outputTokens, reasoningTokens] = [usage.outputTokens ?? 0, usage.reasoningTokens ?? 0];
  const told = {
    inputTokens: usage.inputTokens ?? 0,
    cacheReadTokens: usage.cacheReadTokens ?? 0,
    cacheWriteTokens: usage.cacheWriteTokens ?? 0,
    cacheWrite1hTokens: 0,
    // Some tell what was thought beside what was said.
    outputTokens: reasoningTokens > outputTokens ? outputTokens + reasoningTokens : outputTokens,
    reasoningTokens,
    webSearches: 0,
  };
  return priceOf({ model, provider: usage.provider, usage: told, at, own });
}
