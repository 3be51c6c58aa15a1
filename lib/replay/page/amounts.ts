/** What steps cost and used, from step `first` on; null where it is not known. Costs are millionths of a dollar. */
export type AmountColumns = {
  first: number;
  cost: (number | null)[];
  input: (number | null)[];
  output: (number | null)[];
};

/** What an instance had cost and used up to and with a step. `unpriced`: how many steps used tokens of unknown cost. */
export type Sums = { costMicros: number; inputTokens: number; outputTokens: number; unpriced: number };

const NOTHING: Sums = { costMicros: 0, inputTokens: 0, outputTokens: 0, unpriced: 0 };

/** The sums of each step, with those of further ones; what is known already is left out, and all of it after a gap. */
export function withAmounts(known: readonly Sums[], { first, cost, input, output }: AmountColumns): readonly Sums[] {
  const skip = known.length - first;
  if (skip < 0 || cost.length <= skip) return known;
  let sums = known.at(-1) ?? NOTHING;
  const added = cost.slice(skip).map((micros, index): Sums => {
    const [tokensIn, tokensOut] = [input[skip + index] ?? null, output[skip + index] ?? null];
    const isUnpriced = micros === null && (tokensIn !== null || tokensOut !== null);
    sums = {
      costMicros: sums.costMicros + (micros ?? 0),
      inputTokens: sums.inputTokens + (tokensIn ?? 0),
      outputTokens: sums.outputTokens + (tokensOut ?? 0),
      unpriced: sums.unpriced + (isUnpriced ? 1 : 0),
    };
    return sums;
  });
  return [...known, ...added];
}
