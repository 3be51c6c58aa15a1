import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HOUR, SECOND } from "@/lib/core/time";
import { LONGEST_SHOWN_MS, nearestStep, passedMs, squeeze, squeezedTicks, stepAt, toReal, toShown } from "./squeeze";

const T0 = Date.UTC(2026, 0, 5, 12);

/** Steps after gaps of every size, also none. */
const gaps = fc.array(fc.oneof(fc.nat(10), fc.nat(20 * SECOND), fc.nat(HOUR)), { minLength: 1, maxLength: 40 });
const timesOf = (steps: number[]): number[] => {
  let at = T0;
  return steps.map((gap) => (at += gap));
};
const axisOf = (steps: number[], copied = 0) => squeeze(timesOf(steps), { startedAt: T0, copied });

describe("squeezed time", () => {
  test("is as it was but for long pauses, which are marked", () => {
    const axis = axisOf([0, 2000, 60_000, 3000, 5000]);
    expect(axis.shown).toEqual([0, 2000, 7000, 10_000, 15_000]);
    expect(axis.span).toBe(15_000);
    expect(axis.pauses).toEqual([{ from: 2000, to: 7000, ms: 60_000 }]);
    expect(axis.seam).toBeNull();
    expect(squeezedTicks(axis, 5)).toEqual([
      { at: 0, passedMs: 0 },
      { at: 3000, passedMs: 14_000 },
      { at: 6000, passedMs: 50_000 },
      { at: 9000, passedMs: 64_000 },
      { at: 12_000, passedMs: 67_000 },
    ]);
  });

  test("begins with the instance, also when its first step comes late", () => {
    expect(axisOf([3000, 1000]).shown).toEqual([3000, 4000]);
    expect(axisOf([HOUR]).pauses).toEqual([{ from: 0, to: LONGEST_SHOWN_MS, ms: HOUR }]);
    expect(squeeze([], { startedAt: T0, copied: 0 })).toMatchObject({ shown: [], span: 1, pauses: [] });
  });

  test("of a fork goes on right behind what was copied, whenever that was", () => {
    const origin = [T0 - 10 * HOUR, T0 - 10 * HOUR + 2000];
    const fork = squeeze([...origin, T0 + 500, T0 + 1500], { startedAt: T0, copied: 2 });
    expect(fork.shown).toEqual([0, 2000, 3000, 4000]);
    expect([fork.seam, fork.pauses]).toEqual([2500, []]);
    // It was at work for as long as its steps took, and not for the hours between.
    expect(fork.shown.map((place) => passedMs(fork, place))).toEqual([0, 2000, 3000, 4000]);
    // Also when its clock was behind.
    const behind = squeeze([T0 + 9000, T0], { startedAt: T0, copied: 1 });
    expect([behind.shown, behind.real]).toEqual([
      [0, 1000],
      [T0 + 9000, T0 + 9000],
    ]);
  });

  test("never runs back, and no gap is wider than it was or than the longest", () => {
    fc.assert(
      fc.property(gaps, (steps) => {
        const { shown } = axisOf(steps);
        steps.forEach((gap, step) => {
          const width = (shown[step] ?? 0) - (shown[step - 1] ?? 0);
          expect(width).toBe(Math.min(gap, LONGEST_SHOWN_MS));
        });
      }),
    );
  });

  test("takes real moments there and back", () => {
    fc.assert(
      fc.property(gaps, fc.double({ min: 0, max: 1, noNaN: true }), (steps, share) => {
        const axis = axisOf(steps);
        const end = axis.real.at(-1) ?? T0;
        const at = T0 + share * (end - T0);
        const place = toShown(axis, at);
        expect(place).toBeGreaterThanOrEqual(0);
        expect(place).toBeLessThanOrEqual(axis.span);
        expect(Math.abs(toReal(axis, place) - at)).toBeLessThan(1);
      }),
    );
  });

  test("finds the step that was the newest, and the nearest", () => {
    fc.assert(
      fc.property(gaps, fc.double({ min: -0.1, max: 1.1, noNaN: true }), (steps, share) => {
        const axis = axisOf(steps);
        const place = share * axis.span;
        const { shown } = axis;
        const newest = stepAt(axis, place);
        const expected = shown.findLastIndex((at) => at <= place);
        expect(newest).toBe(Math.max(0, expected));
        const distance = (step: number) => Math.abs((shown[step] ?? 0) - place);
        expect(distance(nearestStep(axis, place))).toBe(Math.min(...shown.map((_, step) => distance(step))));
      }),
    );
    const axis = axisOf([0, 1000, 0, 1000]);
    expect([0, 999, 1000, 1500, 9999].map((place) => stepAt(axis, place))).toEqual([0, 0, 2, 2, 3]);
    expect([0, 400, 600, 1400, 9999].map((place) => nearestStep(axis, place))).toEqual([0, 0, 1, 2, 3]);
  });
});
