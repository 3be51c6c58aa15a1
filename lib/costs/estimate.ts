import { invalid } from "@/lib/core/errors";
import { priceOf } from "./price";
import type { Estimate } from "./reservation-schema";

/**
 * What a call is going to cost that is made at `now` (epoch milliseconds), in micro-dollars: as it was told, else by the price
 * list. Throws `invalid_input` for a model whose price is not known.
 */
export function estimateMicros(estimate: Estimate, now: number): number {
  if ("micros" in estimate) return estimate.micros;
  const micros = priceOf({ ...estimate, provider: null, at: now });
  if (micros !== null) return micros;
  throw invalid("model_id", "has no price that is known for this usage; send estimated_cost_usd instead");
}
