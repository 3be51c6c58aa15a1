const STEPS = [1, 2, 5, 10];
const MOST_STEPS = 4;
/** Nobody tells such a number from nothing. */
const SMALLEST = 1e-100;

/** Where an axis is marked that shows these numbers: in a few round steps, from at or below the least to at or above the largest. */
export function ticksFor(values: number[]): number[] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const size = Math.max(Math.abs(low), Math.abs(high));
  // Below this a number of the computer cannot tell the steps apart.
  const spread = Math.max(high - low, size * 1e-9);
  const span = spread < SMALLEST ? 1 : spread;
  const power = 10 ** Math.floor(Math.log10(span / MOST_STEPS));
  const step = power * (STEPS.find((factor) => factor * power >= span / MOST_STEPS) ?? 10);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}
