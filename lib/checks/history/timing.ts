import type { PingKind } from "@/lib/checks/state";

/** What the timing of a signal needs. `at` is epoch milliseconds. */
export type TimedSignal = { n: number; at: number; kind: PingKind; durationMs: number | null };
/** The time since the signal before and the duration, of signal `n` or the mean of some up to it. `at` is ISO 8601. */
export type TimingPoint = { n: number; at: string; gap_ms: number | null; took_ms: number | null };

export const MAX_POINTS = 200;

type Measured = { n: number; at: number; gap: number | null; took: number | null };

/** Signals that end a job, each with the time since the one before. Starts and log lines keep no rhythm. */
function measure(signals: TimedSignal[]): Measured[] {
  const ends = signals.filter(({ kind }) => kind === "success" || kind === "fail");
  return ends.map(({ n, at, durationMs }, index) => {
    const before = ends[index - 1];
    return { n, at, gap: before === undefined ? null : at - before.at, took: durationMs };
  });
}

function mean(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function toPoint(group: Measured[]): TimingPoint[] {
  const last = group.at(-1);
  if (last === undefined) return [];
  const point = { gap_ms: mean(group.map(({ gap }) => gap)), took_ms: mean(group.map(({ took }) => took)) };
  return point.gap_ms === null && point.took_ms === null
    ? []
    : [{ n: last.n, at: new Date(last.at).toISOString(), ...point }];
}

function inGroups<T>(items: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}

/** The timing of signals that follow each other, oldest first: at most 200 points, each the mean of as many. */
export function timingOf(signals: TimedSignal[]): TimingPoint[] {
  const measured = measure(signals);
  return inGroups(measured, Math.max(1, Math.ceil(measured.length / MAX_POINTS))).flatMap(toPoint);
}

/** The timing of samples from a long history, each some signals that follow each other: one point for each. */
export function sampledTiming(samples: TimedSignal[][]): TimingPoint[] {
  return samples.flatMap((sample) => toPoint(measure(sample)));
}
