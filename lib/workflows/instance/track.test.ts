import fc from "fast-check";
import { expect, test } from "vitest";
import type { TrackStep } from "./columns";
import { Track, tookMs } from "./track";

const steps: TrackStep[] = ["1", "2.1", "2.2", "2.1", "3"].map((path, index) => ({
  path,
  name: null,
  agent: null,
  at: 100 + index * 10,
  isFailed: false,
  isFinal: false,
}));

test("rows are numbered, and begin where their branch was", () => {
  const track = new Track(90);
  expect(track.append(0, steps)).toBe(true);
  expect(track.rows.map(({ step, path, start, at }) => [step, path, start, at])).toEqual([
    [0, "1", 90, 100],
    [1, "2.1", 100, 110],
    [2, "2.2", 100, 120],
    [3, "2.1", 110, 130],
    [4, "3", 130, 140],
  ]);
  expect(track.stages.map(({ path, count }) => [path, count])).toEqual([
    ["1", 1],
    ["2.1", 2],
    ["2.2", 1],
    ["3", 1],
  ]);
});

test("a step took from the begin of its bar on, but no longer than a fork has run", () => {
  const row = { ...(steps[0] as TrackStep), step: 3, start: 100, at: 180 };
  expect(tookMs(row, { startedAt: 90, copied: 0 })).toBe(80);
  expect(tookMs(row, { startedAt: 150, copied: 3 })).toBe(30);
  expect(tookMs(row, { startedAt: 90, copied: 3 })).toBe(80);
  expect(tookMs(row, { startedAt: 200, copied: 3 })).toBe(0);
  // Of what was copied it is what it took there.
  expect(tookMs(row, { startedAt: 150, copied: 4 })).toBe(80);
});

test("a repeat is no progress", () => {
  const track = new Track(90);
  expect(track.progressAt).toBe(90);
  track.append(0, steps.slice(0, 4));
  expect(track.progressAt).toBe(120);
});

test("nothing is taken after a gap", () => {
  const track = new Track(90);
  track.append(0, steps.slice(0, 2));
  expect(track.append(3, steps.slice(3))).toBe(false);
  expect(track.rows).toHaveLength(2);
});

test("in whatever pieces steps come, and however often, they are the same", () => {
  const whole = new Track(90);
  whole.append(0, steps);
  const piece = fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 5 }));
  const holds = (pieces: [number, number][]): void => {
    const track = new Track(90);
    for (const [first, length] of pieces) track.append(first, steps.slice(first, first + length));
    expect(track.rows).toEqual(whole.rows.slice(0, track.rows.length));
    track.append(0, steps);
    expect([track.rows, track.stages, track.progressAt]).toEqual([whole.rows, whole.stages, whole.progressAt]);
  };
  fc.assert(fc.property(fc.array(piece), holds));
});
