/** Pure: what a number is, and what is asked of it. */

/** A number that came with a signal. */
export type Metric = { name: string; value: number };

/** A number that is looked for in signals, with what it must lie within. */
export type MetricSetting = { name: string; min?: number; max?: number };

/** A number that lies outside of what is asked. */
export type OutOfBounds = Metric & { min?: number; max?: number };

const NAME_LENGTH = 100;
/** So many numbers a check may look for. */
export const MAX_SETTINGS = 20;
/** More numbers than this in one signal are a mistake: the first ones count. */
export const MAX_METRICS = 50;
/** Larger ones count nothing, and their sums would exceed what the database can hold. */
export const LARGEST = 1e100;

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** A number that can be kept, from a value of any type; null from all others, `NaN` and `1e400` among them. */
export function numberOf(value: unknown): number | null {
  const number = typeof value === "string" && NUMBER.test(value.trim()) ? Number(value) : value;
  return typeof number === "number" && Math.abs(number) <= LARGEST ? number : null;
}

/** Whether something can be the name of a number. */
export function isMetricName(name: string): boolean {
  return name.trim() !== "" && name.length <= NAME_LENGTH;
}

/** What a number must lie within; null and nothing ask nothing. */
export type Bounds = { min?: number | null; max?: number | null };

export function isWithin(value: number, { min, max }: Bounds): boolean {
  return value >= (min ?? Number.NEGATIVE_INFINITY) && value <= (max ?? Number.POSITIVE_INFINITY);
}

/** The numbers that lie outside of what is asked of them. One that did not come is not outside. */
export function outOfBounds(metrics: readonly Metric[], settings: readonly MetricSetting[] | null): OutOfBounds[] {
  if (settings === null) return [];
  return metrics.flatMap(({ name, value }) => {
    const asked = settings.find((setting) => setting.name === name);
    return asked === undefined || isWithin(value, asked) ? [] : [{ ...asked, value }];
  });
}
