import { HOUR } from "@/lib/core/time";
import { repriceAll } from "@/lib/costs/price-commands";
import { log } from "@/lib/log";

/** When this process last found nothing left, by its own clock. */
let doneAt = Number.NEGATIVE_INFINITY;

/**
 * Prices steps whose price has become known since they came: by an own price, of which the first are priced at once, or by a
 * newer price list. Looks once an hour, and goes on the next time until none is left. `deadline` is a `performance.now()` value.
 */
export async function sweepPrices(deadline: number): Promise<void> {
  if (performance.now() - doneAt < HOUR) return;
  const { nPriced, isDone } = await repriceAll(deadline);
  if (nPriced > 0) log.info({ steps: nPriced }, "steps got a price that had none");
  if (isDone) doneAt = performance.now();
}
