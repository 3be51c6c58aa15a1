import { SECOND } from "@/lib/core/time";

/** What takes longer is shown as if it took this long, in milliseconds. */
export const LONGEST_SHOWN_MS = 5 * SECOND;
/** Between what was copied and what came after it, however much time lies between. */
const SEAM_MS = SECOND;

/** A long pause: where it is in shown time, and how long it really took. All in milliseconds. */
export type Pause = { from: number; to: number; ms: number };

/** The steps of an instance on a line of time without its long pauses. */
export type Axis = {
  /** When each step came, in epoch milliseconds; none before the one ahead of it. */
  real: readonly number[];
  /** Where each step is, in milliseconds of shown time. */
  shown: readonly number[];
  /** The epoch millisecond at which shown time is 0. */
  origin: number;
  /** The shown time of the last step, at least 1. */
  span: number;
  pauses: readonly Pause[];
  /** Where what was copied ends, and how much real time between that and what came after it does not count. */
  seam: number | null;
  skippedMs: number;
};

type Begin = { startedAt: number; copied: number };

/**
 * Lays steps on shown time: as it was, but what is longer than `LONGEST_SHOWN_MS` takes that long, and a fork goes on right
 * behind what was copied. `times` and `startedAt` are epoch milliseconds; the first `copied` steps came from elsewhere.
 */
export function squeeze(times: readonly number[], { startedAt, copied }: Begin): Axis {
  const first = times[0] ?? startedAt;
  const origin = copied > 0 ? first : Math.min(startedAt, first);
  const [real, shown, pauses]: [number[], number[], Pause[]] = [[], [], []];
  let [before, at] = [origin, 0];
  let seam: number | null = null;
  let skippedMs = 0;
  times.forEach((time, step) => {
    const moment = Math.max(before, time);
    const isSeam = step === copied && step > 0;
    const gap = moment - before;
    const width = isSeam ? SEAM_MS : Math.min(gap, LONGEST_SHOWN_MS);
    if (isSeam) [seam, skippedMs] = [at + width / 2, gap - width];
    else if (gap > width) pauses.push({ from: at, to: at + width, ms: gap });
    [before, at] = [moment, at + width];
    real.push(moment);
    shown.push(at);
  });
  return { real, shown, origin, span: Math.max(1, at), pauses, seam, skippedMs };
}

/** How many of these rising numbers are at or below a limit. */
export function countUpTo(rising: readonly number[], limit: number): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rising[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

type Line = { from: readonly number[]; to: readonly number[]; start: [from: number, to: number] };

/** Where a place on one line is on the other: straight between two steps. */
function carry({ from, to, start }: Line, place: number): number {
  const next = countUpTo(from, place);
  const [fromA, toA] = next === 0 ? start : [from[next - 1] ?? 0, to[next - 1] ?? 0];
  const [fromB, toB] = [from[next], to[next]];
  if (fromB === undefined || toB === undefined || place <= fromA) return toA;
  return toA + ((place - fromA) / (fromB - fromA)) * (toB - toA);
}

/** Where a moment is in shown time. Takes epoch milliseconds; what lies beyond the steps is at their edge. */
export const toShown = ({ real, shown, origin }: Axis, at: number): number =>
  carry({ from: real, to: shown, start: [origin, 0] }, at);

/** When a place in shown time was, in epoch milliseconds. */
export const toReal = ({ real, shown, origin }: Axis, place: number): number =>
  carry({ from: shown, to: real, start: [0, origin] }, place);

/** The step that was the newest at a place in shown time; the first one before it came. */
export const stepAt = ({ shown }: Axis, place: number): number => Math.max(0, countUpTo(shown, place) - 1);

/** The step that is nearest to a place in shown time. */
export function nearestStep({ shown }: Axis, place: number): number {
  const before = Math.max(0, countUpTo(shown, place) - 1);
  const after = Math.min(shown.length - 1, before + 1);
  const isNearer = (shown[after] ?? 0) - place < place - (shown[before] ?? 0);
  return isNearer && after > before ? after : before;
}

/** How long an instance had really been at work at a place in shown time, in milliseconds. */
export function passedMs(axis: Axis, place: number): number {
  const isBehind = axis.seam !== null && place > axis.seam;
  return Math.max(0, toReal(axis, place) - axis.origin - (isBehind ? axis.skippedMs : 0));
}

/** So many places along the axis, from its begin on, and how much time had really passed there, in milliseconds. */
export function squeezedTicks(axis: Axis, count: number): { at: number; passedMs: number }[] {
  const places = Array.from({ length: count }, (_, tick) => (tick / count) * axis.span);
  return places.map((at) => ({ at, passedMs: passedMs(axis, at) }));
}
