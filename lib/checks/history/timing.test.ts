import { expect, test } from "vitest";
import type { PingKind } from "@/lib/checks/state";
import { MINUTE } from "@/lib/core/time";
import { MAX_POINTS, sampledTiming, type TimedSignal, timingOf } from "./timing";

const T0 = Date.UTC(2026, 0, 1);
const at = (minute: number): string => new Date(T0 + minute * MINUTE).toISOString();
const heard = (minute: number, kind: PingKind = "success", durationMs: number | null = null): TimedSignal => ({
  n: minute + 1,
  at: T0 + minute * MINUTE,
  kind,
  durationMs,
});

test("a few signals are points of their own; only ends keep time", () => {
  const signals = [heard(0), heard(4, "start"), heard(5, "fail", 60_000), heard(6, "log"), heard(15)];
  expect(timingOf(signals)).toEqual([
    { n: 6, at: at(5), gap_ms: 5 * MINUTE, took_ms: 60_000 },
    { n: 16, at: at(15), gap_ms: 10 * MINUTE, took_ms: null },
  ]);
  expect(timingOf([])).toEqual([]);
});

test("many signals become as many means", () => {
  const points = timingOf(Array.from({ length: 1000 }, (_, minute) => heard(minute, "success", minute % 5)));
  expect(points).toHaveLength(MAX_POINTS);
  expect(points.at(-1)).toEqual({ n: 1000, at: at(999), gap_ms: MINUTE, took_ms: 2 });
});

test("each sample is a point, and what lies between samples is no gap", () => {
  expect(sampledTiming([[heard(0), heard(2)], [heard(1000, "success", 5)], [heard(5000, "log")], []])).toEqual([
    { n: 3, at: at(2), gap_ms: 2 * MINUTE, took_ms: null },
    { n: 1001, at: at(1000), gap_ms: null, took_ms: 5 },
  ]);
});
