import fc from "fast-check";
import { expect, test } from "vitest";
import { advance, playFrom, SPEEDS, stepAfterNews, stepToShow } from "./play";
import { squeeze, stepAt } from "./squeeze";

const axis = squeeze([0, 1000, 4000, 500_000], { startedAt: 0, copied: 0 });

test("playing ends at the last step, by whatever frames it comes", () => {
  const frame = fc.tuple(fc.nat(40), fc.constantFrom(...SPEEDS));
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 200 }), (frames) => {
      let place = 0;
      for (const [elapsedMs, speed] of frames) {
        const next = advance(axis, place, { elapsedMs, speed });
        expect(next).toBeGreaterThanOrEqual(place);
        expect(next).toBeLessThanOrEqual(axis.span);
        place = next;
      }
      const whole = frames.reduce((sum, [elapsedMs, speed]) => sum + elapsedMs * speed, 0);
      expect(place).toBeCloseTo(Math.min(axis.span, whole));
    }),
  );
  expect(advance(axis, 0, { elapsedMs: 250, speed: 16 })).toBe(4000);
  expect(stepAt(axis, advance(axis, 0, { elapsedMs: 1e9, speed: 1 }))).toBe(3);
  // A clock that was set back plays nothing.
  expect(advance(axis, 700, { elapsedMs: -50, speed: 4 })).toBe(700);
});

test("playing begins at the chosen step, and anew at the end", () => {
  expect([0, 1, 2, 3].map((step) => playFrom(axis, step))).toEqual([0, 1000, 4000, 0]);
});

test("the step that was asked for is shown, else the end of what runs and the begin of what does not", () => {
  expect([0, 4, 9, 99].map((asked) => stepToShow(asked, 10, false))).toEqual([0, 4, 9, 9]);
  expect([stepToShow(undefined, 10, true), stepToShow(undefined, 10, false)]).toEqual([9, 0]);
  expect([stepToShow(undefined, 0, true), stepToShow(5, 0, false)]).toEqual([0, 0]);
});

test("news moves those at the end alone", () => {
  expect(stepAfterNews(9, 10, 12)).toBe(11);
  expect(stepAfterNews(8, 10, 12)).toBe(8);
  expect(stepAfterNews(9, 10, 10)).toBe(9);
  expect(stepAfterNews(0, 0, 1)).toBe(0);
});
