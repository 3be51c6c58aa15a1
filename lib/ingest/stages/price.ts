import type { OwnRates } from "@/lib/costs/own-prices";
import { priceOf } from "@/lib/costs/price";
import type { Report } from "@/lib/workflows/work";
import type { StageSignal } from "./stage-signal";

/** By which prices, and when, in epoch milliseconds. */
type Pricing = { own: OwnRates; now: number };

/** What a signal reports with the price of its tokens, which is its cost where none was told (public contract §8). */
export function withPrice({ report, used }: Pick<StageSignal, "report" | "used">, { own, now }: Pricing): Report {
  const { detail } = report;
  if (detail === null || detail.modelId === null || used === null) return report;
  const computedMicros = priceOf({ model: detail.modelId, provider: null, usage: used, at: now, own });
  return { ...report, detail: { ...detail, computedMicros, costMicros: detail.costMicros ?? computedMicros } };
}
