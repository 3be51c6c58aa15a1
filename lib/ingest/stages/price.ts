import type { OwnRates } from "@/lib/costs/own-prices";
import { priceOf } from "@/lib/costs/price";
import { canonicalUsage } from "@/lib/costs/usage";
import type { StepDetail } from "@/lib/workflows/step";
import type { Report } from "@/lib/workflows/work";

/** By which prices, and when, in epoch milliseconds. */
type Pricing = { own: OwnRates; now: number };

/** What the tokens of a step cost, in micro-dollars; null where the model or its price is not known. */
export function priceOfUsage({ modelId, usage }: Pick<StepDetail, "modelId" | "usage">, { own, now }: Pricing) {
  const told = modelId === null ? null : canonicalUsage(usage);
  if (modelId === null || told === null) return null;
  return priceOf({ model: modelId, provider: null, usage: told, at: now, own });
}

/** A report with the price of its tokens, which is its cost where none was told (public contract §8). */
export function withPrice(report: Report, pricing: Pricing): Report {
  const { detail } = report;
  if (detail === null || detail.usage === null) return report;
  const computedMicros = priceOfUsage(detail, pricing);
  return { ...report, detail: { ...detail, computedMicros, costMicros: detail.costMicros ?? computedMicros } };
}
