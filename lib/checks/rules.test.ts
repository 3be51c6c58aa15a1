import { describe, expect, test } from "vitest";
import { HOUR, MINUTE } from "@/lib/core/time";
import { end, FRESH, GRACE, ping, play, type Step, T0 } from "@/lib/testing/history";
import { DEFAULT_RULES, type Rules } from "./rules";
import { type CheckState, downAt, health, lateAt, transition } from "./state";

const ruled = (rules: Partial<Rules>, more: Partial<CheckState> = {}): CheckState => ({
  ...FRESH,
  rules: { ...DEFAULT_RULES, ...rules },
  ...more,
});
const told = (steps: Step[], start: CheckState) =>
  play(steps, start).map(({ notices }) => notices.map(({ type }) => type));

describe("several misses", () => {
  test("are late from the first on and down after the last", () => {
    const { next: up } = end([[0, ping("success")]], ruled({ maxMisses: 3 }));
    expect(up.dueAt).toBe(T0 + 3 * HOUR + GRACE);
    expect(lateAt(up)).toBe(T0 + HOUR);
    expect(health(up, T0 + HOUR - 1)).toBe("up");
    expect(health(up, T0 + HOUR)).toBe("late");
    expect(health(up, T0 + 3 * HOUR + GRACE - 1)).toBe("late");
    const { flip, missed } = transition(up, { type: "tick" }, T0 + 3 * HOUR + GRACE);
    expect(flip).toMatchObject({ to: "down", at: T0 + 3 * HOUR + GRACE });
    expect(missed).toEqual([T0 + HOUR, T0 + 2 * HOUR, T0 + 3 * HOUR]);
  });

  test("of a calendar are its occurrences", () => {
    const schedule = { kind: "calendar", expression: "0 9,17 * * *", timeZone: "UTC" } as const;
    const { next } = end([[0, ping("success")]], ruled({ maxMisses: 2 }, { schedule }));
    expect(lateAt(next)).toBe(T0 + 5 * HOUR);
    expect(next.dueAt).toBe(T0 + 21 * HOUR + GRACE);
  });

  test("a signal before the last of them ends the silence, and says what was missed", () => {
    const { missed, flip } = end(
      [
        [0, ping("success")],
        [130, ping("success")],
      ],
      ruled({ maxMisses: 3 }),
    );
    expect({ missed, flip }).toEqual({ missed: [T0 + HOUR, T0 + 2 * HOUR], flip: null });
  });

  test("while paused or before the first signal nothing is missed, and an outage of ours counts for nobody", () => {
    expect(
      end([
        [0, { type: "pause" }],
        [300, ping("success")],
      ]).missed,
    ).toEqual([]);
    expect(end([[300, ping("success")]]).missed).toEqual([]);
    const { next } = end([[0, ping("success")]]);
    const credited = { ...next, dueAt: (next.dueAt ?? 0) + HOUR };
    expect(transition(credited, ping("success"), T0 + 2 * HOUR).missed).toEqual([]);
    expect(transition(credited, { type: "tick" }, T0 + 2 * HOUR + GRACE).missed).toEqual([T0 + HOUR]);
  });

  test("a failure in the midst of an outage is a signal, but the outage goes on, and its end tells of all of it", () => {
    const seen = play([
      [0, ping("success")],
      [66, { type: "tick" }],
      [190, ping("fail")],
      [191, { type: "tick" }],
      [320, ping("success")],
      [330, ping("fail")],
      [331, ping("success")],
    ]);
    expect(seen.map(({ missed }) => missed.length)).toEqual([0, 1, 2, 0, 2, 0, 0]);
    expect(seen.map(({ missedInAll }) => missedInAll)).toEqual([0, 1, 3, 3, 5, 0, 0]);
    expect(seen.at(-1)?.next.missed).toBeNull();
  });

  test("what was missed while we were away is not told of at the end either", () => {
    const { next } = end([[0, ping("success")]], ruled({ maxMisses: 2 }));
    const credited = { ...next, dueAt: (next.dueAt ?? 0) + 2 * HOUR, lateAt: (next.lateAt ?? 0) + 2 * HOUR };
    const down = transition(credited, { type: "tick" }, T0 + 4 * HOUR + GRACE);
    expect([down.flip?.to, down.missedInAll]).toEqual(["down", 2]);
    expect(transition(down.next, ping("success"), T0 + 5 * HOUR + GRACE)).toMatchObject({ missedInAll: 3 });
  });

  test("an edit moves when it is late", () => {
    const { next } = end([[0, ping("success")]]);
    const edit = { type: "edit", schedule: next.schedule, graceMs: next.graceMs } as const;
    const moved = transition(next, { ...edit, rules: { ...DEFAULT_RULES, maxMisses: 2 } }, T0).next;
    expect([moved.lateAt, moved.dueAt]).toEqual([T0 + HOUR, T0 + 2 * HOUR + GRACE]);
  });
});

describe("runs with bounds of their own", () => {
  test("one that takes too long is told of once and leaves the check alone", () => {
    const start = ruled({ maxRunMs: 30 * MINUTE });
    const seen = play(
      [
        [0, ping("start", "a")],
        [29, { type: "tick" }],
        [30, { type: "tick" }],
        [31, { type: "tick" }],
        [40, ping("success", "a")],
      ],
      start,
    );
    expect(seen.map(({ notices }) => notices.length)).toEqual([0, 0, 1, 0, 0]);
    expect(seen[2]).toMatchObject({
      flip: null,
      timedOutRuns: [{ rid: "a" }],
      notices: [{ type: "run_overdue", dueAt: T0 + 30 * MINUTE, endedAt: null }],
    });
    expect(seen[4]?.endedRuns).toMatchObject([{ status: "success", durationMs: 40 * MINUTE }]);
    expect(seen.every(({ next }) => downAt(next) === next.dueAt)).toBe(true);
  });

  test("one that ended too late before anybody looked is told of too", () => {
    const seen = end(
      [
        [0, ping("start", "a")],
        [31, ping("fail", "a")],
      ],
      ruled({ maxRunMs: 30 * MINUTE }),
    );
    expect(seen.notices).toMatchObject([{ type: "run_overdue", endedAt: T0 + 31 * MINUTE }]);
  });

  test("one that succeeds too soon is told of, one that fails is not", () => {
    const start = ruled({ minRunMs: 10 * MINUTE });
    expect(
      told(
        [
          [0, ping("start")],
          [9, ping("success")],
        ],
        start,
      )[1],
    ).toEqual(["run_too_short"]);
    expect(
      told(
        [
          [0, ping("start")],
          [10, ping("success")],
        ],
        start,
      )[1],
    ).toEqual([]);
    expect(
      told(
        [
          [0, ping("start")],
          [9, ping("fail")],
        ],
        start,
      )[1],
    ).toEqual([]);
    expect(told([[9, ping("success")]], start)[0]).toEqual([]);
  });

  test("a second start is told of where only one may run, but not the same start again", () => {
    const start = ruled({ singleRun: true });
    expect(
      told(
        [
          [0, ping("start", "a")],
          [1, ping("start", "b")],
        ],
        start,
      ),
    ).toEqual([[], ["run_overlap"]]);
    expect(
      told(
        [
          [0, ping("start")],
          [1, ping("start")],
        ],
        start,
      ),
    ).toEqual([[], ["run_overlap"]]);
    expect(
      told(
        [
          [0, ping("start", "a")],
          [1, ping("start", "a")],
        ],
        start,
      ),
    ).toEqual([[], []]);
    expect(
      told(
        [
          [0, ping("start", "a")],
          [1, ping("success", "a")],
          [2, ping("start", "b")],
        ],
        start,
      )[2],
    ).toEqual([]);
    expect(
      told(
        [
          [0, ping("start", "a")],
          [1, ping("start", "b")],
        ],
        FRESH,
      )[1],
    ).toEqual([]);
  });

  test("an edit of the bound moves the runs under way", () => {
    const { next } = end([[0, ping("start", "a")]]);
    const rules = { ...DEFAULT_RULES, maxRunMs: HOUR };
    const moved = transition(next, { type: "edit", schedule: next.schedule, graceMs: GRACE, rules }, T0).next;
    expect(moved.openRuns).toMatchObject([{ dueAt: T0 + HOUR }]);
    expect(downAt(moved)).toBeNull();
  });
});

describe("what was told of is over", () => {
  const over = (steps: Step[], start: CheckState) =>
    play(steps, start).map(({ settled }) => settled.map(({ type }) => type));

  test("when a run is alone again", () => {
    const start = ruled({ singleRun: true });
    const seen = over(
      [
        [0, ping("start", "a")],
        [1, ping("start", "b")],
        [2, ping("start", "c")],
        [3, ping("start", "c")],
        [4, ping("success", "b")],
        [5, ping("fail", "a")],
        [6, ping("success", "c")],
      ],
      start,
    );
    expect(seen).toEqual([[], [], [], [], [], ["run_overlap"], ["run_overlap"]]);
    expect(
      told(
        [
          [0, ping("start", "a")],
          [1, ping("start", "b")],
          [2, ping("start", "b")],
        ],
        start,
      )[2],
    ).toEqual([]);
  });

  test("when a run took as long as it should", () => {
    const start = ruled({ minRunMs: 10 * MINUTE });
    const run = (at: number, length: number, outcome: "success" | "fail" = "success"): Step[] => [
      [at, ping("start", "a")],
      [at + length, ping(outcome, "a")],
    ];
    const seen = over([...run(0, 9), ...run(20, 11, "fail"), ...run(40, 10), [60, ping("success")]], start);
    expect(seen.flatMap((types, index) => (types.length === 0 ? [] : [[index, ...types]]))).toEqual([
      [5, "run_too_short"],
    ]);
  });

  test("when the progress moves, and not before", () => {
    const at = (minutes: number, progress: string): Step => [minutes, { ...ping("log"), progress } as Step[1]];
    const seen = over(
      ["1", "1", "1", "2", "3"].map((progress, index) => at(index, progress)),
      ruled({ stuckAfter: 2 }),
    );
    expect(seen).toEqual([[], [], [], ["stuck"], []]);
  });

  test("when nobody asks for it any more, or the check is paused", () => {
    const start = ruled({ stuckAfter: 2, singleRun: true, minRunMs: 10 * MINUTE });
    const stuck = { ...ping("log"), progress: "1" } as Step[1];
    const steps: Step[] = [
      [0, stuck],
      [1, stuck],
      [2, ping("start", "a")],
      [3, ping("start", "b")],
    ];
    const { schedule, graceMs } = start;
    const edit = { type: "edit", schedule, graceMs, rules: DEFAULT_RULES } as const;
    expect(over([...steps, [4, edit]], start).at(-1)).toEqual(["stuck", "run_overlap", "run_too_short"]);
    expect(over([...steps, [4, { type: "pause" }]], start).at(-1)).toEqual(["stuck", "run_overlap"]);
  });
});

test("the same progress in a row is told of once, until it changes", () => {
  const at = (minutes: number, progress: string | null): Step => [minutes, { ...ping("log"), progress } as Step[1]];
  const steps = ["1", "1", "2", "2", null, "2", "2", "3", "3", "3"].map((progress, index) => at(index, progress));
  const seen = told(steps, ruled({ stuckAfter: 3 }));
  expect(seen.map((types) => types.length)).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
  expect(told(steps, FRESH).flat()).toEqual([]);
});

test("being late is told of at the expected moment, and not when it is down", () => {
  const { next } = end([[0, ping("success")]]);
  const notices = (at: number) => transition(next, { type: "tick" }, at).notices;
  expect(notices(T0 + HOUR - 1)).toEqual([]);
  expect(notices(T0 + HOUR)).toEqual([{ type: "late", expectedAt: T0 + HOUR }]);
  expect(notices(T0 + HOUR + GRACE)).toEqual([]);
});
