import { DAY, HOUR, MINUTE, SECOND } from "@/lib/core/time";

/** What a stretch of a series adds up to. `at` is when the stretch begins, in ISO 8601. */
export type MetricBucket = { at: string; min: number; avg: number; max: number; count: number };

/** A series holds no more than these, however many numbers there are. */
export const MAX_BUCKETS = 200;

const WIDTHS = [1, 2, 5, 15, 30]
  .map((count) => count * SECOND)
  .concat([1, 2, 5, 10, 15, 30].map((count) => count * MINUTE))
  .concat([1, 2, 3, 6, 12].map((count) => count * HOUR));

/** How long each stretch of a series is that goes on for `spanMs`: round, so that it begins where clocks are read. */
export function bucketWidth(spanMs: number): number {
  // One more than the span has is touched when it does not begin with one.
  const least = spanMs / (MAX_BUCKETS - 1);
  return WIDTHS.find((width) => width >= least) ?? Math.ceil(least / DAY) * DAY;
}
