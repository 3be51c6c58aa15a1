import { priceOf } from "@/lib/costs/price";
import { canonicalUsage } from "@/lib/costs/usage";
import type { StepDetail } from "@/lib/workflows/step";
import type { Report } from "@/lib/workflows/work";

/** What the tokens of a step cost by the price list, in micro-dollars; null where the model or its price is not known. */
function computed({ modelId, usage }: StepDetail, now: number): number | null {
  const told = modelId === null ? null : canonicalUsage(usage);
  return modelId === null || told === null ? null : priceOf({ model: modelId, provider: null, usage: told, at: now });
}

/** A report with the price of its tokens, which is its cost where none was told (public contract §8). */
export function withPrice(report: Report, now: number): Report {
  const { detail } = report;
  if (detail === null || detail.usage === null) return report;
  const computedMicros = computed(detail, now);
  return { ...report, detail: { ...detail, computedMicros, costMicros: detail.costMicros ?? computedMicros } };
}
