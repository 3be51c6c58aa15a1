import { invalid } from "@/lib/core/errors";
import type { OwnRates } from "./own-prices";
import { priceOf } from "./price";
import type { Estimate } from "./reservation-schema";

/** What the project itself pays, and when the call is made, in epoch milliseconds. */
type Pricing = { own: OwnRates; now: number };

/**
 * What a call is going to cost, in micro-dollars: as it was told, else by the prices of the project and the list. Throws
 * `invalid_input` for a model whose price is not known.
 */
export function estimateMicros(estimate: Estimate, { own, now }: Pricing): number {
  if ("micros" in estimate) return estimate.micros;
  const micros = priceOf({ ...estimate, provider: null, at: now, own });
  if (micros !== null) return micros;
  throw invalid("model_id", "has no price that is known for this usage; send estimated_cost_usd instead");
}
