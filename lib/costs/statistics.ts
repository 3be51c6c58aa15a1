/** Pure. Of no values everything is 0, so that nobody has to ask whether there are any. */
const ascending = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

export function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const middle = sorted.length / 2;
  return average(sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1));
}

/** The least value that so many percent of the values do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  return ascending(values)[Math.ceil((percent / 100) * values.length) - 1] ?? 0;
}

/** The average without the share of values at either end, e.g. 0.1 for a tenth of them each. */
export function trimmedMean(values: readonly number[], share: number): number {
  const cut = Math.floor(values.length * share);
  return average(ascending(values).slice(cut, values.length - cut));
}
