import type { Axis } from "./squeeze";

/** How much faster than shown time it may be played. */
export const SPEEDS = [1, 2, 4, 16] as const;
export type Speed = (typeof SPEEDS)[number];

/** Where playing has come to after some more milliseconds, in shown time; never beyond the last step. */
export const advance = (
  { span }: Axis,
  place: number,
  { elapsedMs, speed }: { elapsedMs: number; speed: Speed },
): number => Math.min(span, place + Math.max(0, elapsedMs) * speed);

/** Where playing begins: at the chosen step, or anew when that is the last one. */
export function playFrom({ shown }: Axis, step: number): number {
  return step >= shown.length - 1 ? 0 : (shown[step] ?? 0);
}

/** The step to show when there are `count` of them: the one that was asked for, at most the last. */
export function stepToShow(asked: number | undefined, count: number, isRunning: boolean): number {
  const last = Math.max(0, count - 1);
  if (asked !== undefined) return Math.min(asked, last);
  return isRunning ? last : 0;
}

/** The step to show after further ones came: whoever is at the end stays there. */
export const stepAfterNews = (step: number, before: number, count: number): number =>
  step >= before - 1 && count > before ? count - 1 : step;
