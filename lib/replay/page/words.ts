import { dollars, usdWords } from "@/lib/core/money";
import type { Sums } from "./amounts";

const count = (value: number): string => value.toLocaleString("en");

/** What an instance had cost: what is not known is no 0. Null while it is on its way. */
export function costWords(sums: Sums | null): string {
  if (sums === null) return "…";
  const { costMicros, priced, unpriced } = sums;
  if (priced === 0) return "not known";
  const known = usdWords(dollars(costMicros));
  return unpriced === 0 ? known : `${known}, ${count(unpriced)} without a price`;
}

/** The tokens it had used. Null while they are on their way. */
export const tokenWords = (sums: Sums | null): string =>
  sums === null ? "…" : `${count(sums.inputTokens)} in, ${count(sums.outputTokens)} out`;
