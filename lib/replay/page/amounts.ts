/** What steps cost and used, from step `first` on; null where it is not known. Costs are millionths of a dollar. */
export type AmountColumns = {
  first: number;
  cost: (number | null)[];
  input: (number | null)[];
  output: (number | null)[];
};

/** What an instance had cost and used up to and with a step, as far as that is known. */
export type Sums = {
  costMicros: number;
  inputTokens: number;
  outputTokens: number;
  /** How many steps have a cost, and how many used tokens but have none. */
  priced: number;
  unpriced: number;
};

const NOTHING: Sums = { costMicros: 0, inputTokens: 0, outputTokens: 0, priced: 0, unpriced: 0 };

type Amount = { cost: number | null; input: number | null; output: number | null };

function plus(sums: Sums, { cost, input, output }: Amount): Sums {
  const isUnpriced = cost === null && (input !== null || output !== null);
  return {
    costMicros: sums.costMicros + (cost ?? 0),
    inputTokens: sums.inputTokens + (input ?? 0),
    outputTokens: sums.outputTokens + (output ?? 0),
    priced: sums.priced + (cost === null ? 0 : 1),
    unpriced: sums.unpriced + (isUnpriced ? 1 : 0),
  };
}

/** The sums of each step, with those of further ones; what is known already is left out, and all of it after a gap. */
export function withAmounts(known: readonly Sums[], { first, cost, input, output }: AmountColumns): readonly Sums[] {
  const skip = known.length - first;
  if (skip < 0 || cost.length <= skip) return known;
  const all = [...known];
  for (let at = skip; at < cost.length; at += 1) {
    const amount = { cost: cost[at] ?? null, input: input[at] ?? null, output: output[at] ?? null };
    all.push(plus(all.at(-1) ?? NOTHING, amount));
  }
  return all;
}
