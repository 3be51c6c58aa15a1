import { dollars } from "@/lib/core/money";
import type { Sums } from "./amounts";
import type { Axis } from "./squeeze";
import { thin } from "./thin";

/** More would be drawn over each other. */
const MAX_POINTS = 500;

/** What an instance had cost in dollars at a step, which is at `at` in shown time. */
export type CostPoint = { step: number; at: number; usd: number };

/** The line of what an instance had cost, as far as that is here, with at most 500 points. Empty when no cost is known. */
export function costPoints({ shown }: Axis, sums: readonly Sums[]): CostPoint[] {
  if ((sums.at(-1)?.priced ?? 0) === 0) return [];
  const micros = sums.slice(0, shown.length).map(({ costMicros }) => costMicros);
  return thin(micros, MAX_POINTS).map((step) => ({
    step,
    at: shown[step] ?? 0,
    usd: dollars(micros[step] ?? 0),
  }));
}
