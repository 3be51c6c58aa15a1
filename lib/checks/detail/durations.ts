import { DAY, HOUR, MINUTE, SECOND } from "@/lib/core/time";

/** How long a run took. `started_at` is ISO 8601. */
export type RunDuration = { id: string; started_at: string; duration_ms: number; failed: boolean };

const ascending = (a: number, b: number): number => a - b;

/** The middle of some numbers; of an even count the mean of the two. Null of none. */
export function median(values: number[]): number | null {
  const sorted = values.toSorted(ascending);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}

/** The smallest number that at least 95 of 100 do not exceed (nearest rank). Null of none. */
export function p95(values: number[]): number | null {
  return values.toSorted(ascending)[Math.ceil(values.length * 0.95) - 1] ?? null;
}

const trimmed = (value: number): string => String(Number(value.toFixed(value < 10 ? 2 : 1)));

const LARGE = [
  ["d", 86_400_000, "h", 3_600_000],
  ["h", 3_600_000, "min", 60_000],
  ["min", 60_000, "s", 1000],
] as const;

/** A measured duration, short enough for a table: `250 ms`, `12.5 s`, `3 min 5 s`, `2 h 10 min`. */
export function durationWords(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  // Just below a minute it must not read 60 s.
  if (ms < 59_950) return `${trimmed(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000) * 1000;
  const [unit, size, smaller, smallerSize] = LARGE.find(([, length]) => seconds >= length) ?? LARGE[2];
  const rest = Math.floor((seconds % size) / smallerSize);
  return `${Math.floor(seconds / size)} ${unit}${rest === 0 ? "" : ` ${rest} ${smaller}`}`;
}

const ROUND = [1, 2, 5, 10, 20, 50, 100, 200, 500]
  .concat([1, 2, 5, 10, 15, 30].map((count) => count * SECOND))
  .concat([1, 2, 5, 10, 15, 30].map((count) => count * MINUTE))
  .concat([1, 2, 3, 6, 12].map((count) => count * HOUR));
const MAX_TICKS = 5;

/** Where an axis up to `maxMs` is marked: from 0 in at most five round steps, the last at or above it. */
export function durationTicks(maxMs: number): number[] {
  const step = ROUND.find((size) => size * MAX_TICKS >= maxMs) ?? Math.ceil(maxMs / MAX_TICKS / DAY) * DAY;
  const steps = Math.max(1, Math.ceil(maxMs / step));
  return Array.from({ length: steps + 1 }, (_, index) => index * step);
}
