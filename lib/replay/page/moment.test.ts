import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TrackStep } from "@/lib/workflows/instance/columns";
import { stageTree } from "@/lib/workflows/instance/stages";
import { Track } from "@/lib/workflows/instance/track";
import { withAmounts } from "./amounts";
import { momentAt } from "./moment";
import { squeeze } from "./squeeze";
import { stageHistory, standingAt, stepOfStage } from "./stage-history";

const T0 = Date.UTC(2026, 0, 5, 12);
type Given = { path: string; agent?: string | null; isFailed?: boolean };

function trackOf(given: Given[]): Track {
  const track = new Track(T0);
  const steps = given.map(
    ({ path, agent = null, isFailed = false }, step): TrackStep => ({
      path,
      name: `Stage ${path}`,
      agent,
      at: T0 + step * 1000,
      isFailed,
      isFinal: false,
    }),
  );
  track.append(0, steps);
  return track;
}

const axisOf = (rows: readonly { at: number }[], copied: number) =>
  squeeze(
    rows.map(({ at }) => at),
    { startedAt: T0 - 500, copied },
  );

const GIVEN: Given[] = [
  { path: "1", agent: "planner" },
  { path: "2.1", isFailed: true },
  { path: "2.1", agent: "writer" },
  { path: "3" },
];

describe("stages as they stood", () => {
  const history = stageHistory(trackOf(GIVEN).rows);

  test("are pending, then what their newest step was", () => {
    const at = (path: string) => [0, 1, 2, 3].map((step) => standingAt(history, path, step));
    expect(at("2.1")).toEqual([
      { status: "pending", count: 0, step: null },
      { status: "failed", count: 1, step: 1 },
      { status: "healthy", count: 2, step: 2 },
      { status: "healthy", count: 2, step: 2 },
    ]);
    expect(standingAt(history, "9", 3)).toEqual({ status: "pending", count: 0, step: null });
  });

  test("lead to their newest step, else to the first still to come", () => {
    expect([0, 1, 3].map((step) => stepOfStage(history, "2.1", step))).toEqual([1, 1, 2]);
    expect(stepOfStage(history, "9", 3)).toBeNull();
  });

  test("are what an instance knows that has only come so far", () => {
    const step = fc.record({ path: fc.constantFrom("1", "2", "2.1", "2.2", "3"), isFailed: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), fc.nat(29), (given, cut) => {
        const last = Math.min(cut, given.length - 1);
        const [whole, part] = [trackOf(given), trackOf(given.slice(0, last + 1))];
        const then = stageHistory(whole.rows);
        const told = whole.stages.map(({ path }) => ({ path, ...standingAt(then, path, last) }));
        const expected = part.stages.map(({ path, status, count, step: newest }) => ({
          path,
          status,
          count,
          step: newest,
        }));
        expect(told.filter(({ count }) => count > 0)).toEqual(expected);
        expect(stageTree(part.stages, []).filter(({ count }) => count > 0)).toHaveLength(expected.length);
      }),
    );
  });
});

describe("a moment", () => {
  const { rows } = trackOf(GIVEN);
  const known = {
    rows,
    history: stageHistory(rows),
    sums: withAmounts([], { first: 0, cost: [5, 6, null], input: [1, 1, 1], output: [2, null, 3] }),
    pending: ["1", "2.1", "3", "4"].map((path) => ({ path, name: null })),
    axis: axisOf(rows, 0),
  };

  test("knows what had come by then, and no more", () => {
    expect(momentAt(known, 1)).toEqual({
      row: rows[1],
      sinceStartMs: 1500,
      sinceLastMs: 1000,
      reached: 2,
      failures: 1,
      agent: "planner",
      awaited: [
        { path: "3", name: null },
        { path: "4", name: null },
      ],
      sums: { costMicros: 11, inputTokens: 2, outputTokens: 2, priced: 2, unpriced: 0 },
      next: { row: rows[2], afterMs: 1000 },
    });
    expect(momentAt(known, 0)).toMatchObject({ sinceLastMs: null, reached: 1, failures: 0 });
    expect(momentAt(known, 3)).toMatchObject({ agent: "writer", reached: 3, next: null, sums: null });
  });

  test("is not there before its step, and counts a fork from its first copied step on", () => {
    expect(momentAt(known, 4)).toBeNull();
    expect(momentAt({ ...known, axis: axisOf(rows, 2) }, 1)).toMatchObject({ sinceStartMs: 1000 });
    expect(momentAt({ ...known, pending: [] }, 0)).toMatchObject({ awaited: [] });
    expect(momentAt({ ...known, rows: trackOf([{ path: "1" }]).rows }, 0)).toMatchObject({ agent: null });
  });
});
