import { describe, expect, test } from "vitest";
import { HOUR, MINUTE } from "@/lib/core/time";
import { end, FRESH, GRACE, ping, play, type Step, T0 } from "@/lib/testing/history";
import { DEFAULT_RULES } from "./rules";
import { alertFor, type CheckEvent, downAt, health, transition } from "./state";

describe("example histories", () => {
  test("a first success brings it up and sets the deadline one period and grace ahead", () => {
    const { next, flip } = end([[0, ping("success")]]);
    expect(next).toMatchObject({ status: "up", lastPingAt: T0, dueAt: T0 + HOUR + GRACE });
    expect(flip).toEqual({ from: "new", to: "up", at: T0, reason: "success" });
    expect(alertFor(flip)).toBeNull();
  });

  test("silence: late from the period on, down at the deadline exactly, dated at the deadline", () => {
    const { next: up } = end([[0, ping("success")]]);
    expect(health(up, T0 + HOUR - 1)).toBe("up");
    expect(health(up, T0 + HOUR)).toBe("late");
    expect(health(up, T0 + HOUR + GRACE - 1)).toBe("late");
    expect(health(up, T0 + HOUR + GRACE)).toBe("down");
    expect(transition(up, { type: "tick" }, T0 + HOUR + GRACE - 1).flip).toBeNull();
    const { next: down, flip } = transition(up, { type: "tick" }, T0 + 3 * HOUR);
    expect(flip).toEqual({ from: "up", to: "down", at: T0 + HOUR + GRACE, reason: "timeout" });
    expect(alertFor(flip)).toBe("check.down");
    expect(down.dueAt).toBeNull();
    expect(transition(down, { type: "tick" }, T0 + 9 * HOUR).flip).toBeNull();
  });

  test("at the very deadline it is down, also when the deadline is that of a run", () => {
    const { next: up } = end([[0, ping("success")]]);
    expect(transition(up, { type: "tick" }, T0 + HOUR + GRACE).flip).toMatchObject({ at: T0 + HOUR + GRACE });
    const { next: running } = end([[0, ping("start")]]);
    expect(transition(running, { type: "tick" }, T0 + GRACE)).toMatchObject({
      flip: { at: T0 + GRACE },
      timedOutRuns: [{ rid: null }],
    });
  });

  test("resume does nothing to a check that is not paused", () => {
    const { next: up } = end([
      [0, ping("success")],
      [1, ping("start")],
    ]);
    expect(transition(up, { type: "resume" }, T0 + 2 * MINUTE)).toMatchObject({ next: up, flip: null, endedRuns: [] });
  });

  test("a failure goes down at once, from any state, and alerts once", () => {
    for (const before of [[], [[0, ping("success")]], [[0, { type: "pause" }]]] as Step[][]) {
      const { flip, next } = end([...before, [1, ping("fail")]]);
      expect(alertFor(flip)).toBe("check.down");
      expect(next).toMatchObject({ status: "down", lastPingAt: T0 + MINUTE, dueAt: null });
      expect(transition(next, ping("fail"), T0 + 2 * MINUTE).flip).toBeNull();
    }
  });

  test("recovery alerts only from down", () => {
    expect(
      alertFor(
        end([
          [0, ping("fail")],
          [1, ping("success")],
        ]).flip,
      ),
    ).toBe("check.up");
    expect(
      alertFor(
        end([
          [0, { type: "pause" }],
          [1, ping("success")],
        ]).flip,
      ),
    ).toBeNull();
  });

  test("log and ignored signals change nothing", () => {
    const { next: up } = end([[0, ping("success")]]);
    for (const kind of ["log", "ign"] as const) {
      expect(transition(up, ping(kind), T0 + MINUTE)).toMatchObject({ next: up, flip: null, startedRun: null });
    }
  });

  test("start keeps the status and bounds the run by grace", () => {
    const { next, startedRun, flip } = end([
      [0, ping("success")],
      [10, ping("start")],
    ]);
    expect(flip).toBeNull();
    expect(startedRun).toMatchObject({ rid: null, startedAt: T0 + 10 * MINUTE, dueAt: T0 + 15 * MINUTE });
    expect(next).toMatchObject({ status: "up", dueAt: T0 + HOUR + GRACE });
    expect(downAt(next)).toBe(T0 + 15 * MINUTE);
  });

  test("a run that does not end takes the check down, dated when it should have ended", () => {
    const { next: running } = end([
      [0, ping("success")],
      [10, ping("start", "a")],
    ]);
    expect(health(running, T0 + 15 * MINUTE)).toBe("down");
    const { flip, next, timedOutRuns } = transition(running, { type: "tick" }, T0 + 40 * MINUTE);
    expect(flip).toEqual({ from: "up", to: "down", at: T0 + 15 * MINUTE, reason: "run_timeout" });
    expect(timedOutRuns.map((run) => run.rid)).toEqual(["a"]);
    const late = transition(next, ping("success", "a"), T0 + 50 * MINUTE);
    expect(late.durationMs).toBe(40 * MINUTE);
    expect(late.endedRuns).toMatchObject([{ status: "success", durationMs: 40 * MINUTE }]);
  });

  test("a paused check that is started and never finishes goes down", () => {
    const { flip } = end([
      [0, { type: "pause" }],
      [1, ping("start")],
      [30, { type: "tick" }],
    ]);
    expect(flip).toMatchObject({ from: "paused", to: "down", at: T0 + 6 * MINUTE, reason: "run_timeout" });
  });

  test("a down check that is started stays down without a deadline", () => {
    const { next } = end([
      [0, ping("fail")],
      [1, ping("start")],
      [30, { type: "tick" }],
    ]);
    expect(next).toMatchObject({ status: "down", dueAt: null });
    expect(downAt(next)).toBeNull();
  });

  test("pause forgets runs and deadline; resume waits for a first signal", () => {
    const { next, endedRuns } = end([
      [0, ping("success")],
      [1, ping("start", "a")],
      [2, { type: "pause" }],
    ]);
    expect(next).toMatchObject({ status: "paused", dueAt: null, openRuns: [] });
    expect(endedRuns).toMatchObject([{ status: "abandoned", durationMs: null }]);
    expect(transition(next, { type: "resume" }, T0 + HOUR).next).toMatchObject({
      status: "new",
      lastPingAt: null,
      dueAt: null,
    });
  });

  test("an edit moves the deadline of the next signal and of running runs", () => {
    const edit: CheckEvent = {
      type: "edit",
      schedule: { kind: "period", timeoutSeconds: 600 },
      graceMs: MINUTE,
      rules: DEFAULT_RULES,
    };
    const { next, flip } = end([
      [0, ping("success")],
      [1, ping("start", "a")],
      [2, edit],
    ]);
    expect(flip).toBeNull();
    expect(next.dueAt).toBe(T0 + 11 * MINUTE);
    expect(next.openRuns).toMatchObject([{ dueAt: T0 + 2 * MINUTE }]);
  });

  test("a credited deadline is kept by starts and ticks, and replaced by the next success", () => {
    const { next } = end([[0, ping("success")]]);
    const credited = { ...next, dueAt: (next.dueAt ?? 0) + HOUR };
    expect(transition(credited, { type: "tick" }, T0 + HOUR + GRACE).flip).toBeNull();
    expect(transition(credited, ping("start"), T0 + HOUR).next.dueAt).toBe(credited.dueAt);
    expect(transition(credited, ping("success"), T0 + HOUR).next.dueAt).toBe(T0 + 2 * HOUR + GRACE);
  });

  test("a schedule without a further occurrence never goes down", () => {
    const once = {
      ...FRESH,
      schedule: { kind: "calendar", expression: "2026-01-05 12:30:00", timeZone: "UTC" },
    } as const;
    expect(end([[0, ping("success")]], once).next.dueAt).toBe(T0 + 30 * MINUTE + GRACE);
    expect(end([[31, ping("success")]], once).next.dueAt).toBeNull();
  });
});

describe("without a schedule", () => {
  const free = { ...FRESH, schedule: { kind: "none" } } as const;

  test("it is never late, however long it is silent", () => {
    const { next } = end([[0, ping("success")]], free);
    expect([next.status, next.dueAt, next.lateAt]).toEqual(["up", null, null]);
    expect(health(next, T0 + 1000 * HOUR)).toBe("up");
    expect(transition(next, { type: "tick" }, T0 + 1000 * HOUR)).toMatchObject({ flip: null, missed: [], notices: [] });
  });

  test("a run that does not end and a failure take it down, and a success brings it back with nothing missed", () => {
    const running = end([[0, ping("start", "a")]], free);
    const overdue = transition(running.next, { type: "tick" }, T0 + GRACE);
    expect(overdue.flip).toMatchObject({ to: "down", reason: "run_timeout" });
    const back = transition(overdue.next, ping("success"), T0 + 100 * HOUR);
    expect([back.flip?.to, back.missed]).toEqual(["up", []]);
    expect(transition(back.next, ping("fail"), T0 + 101 * HOUR).flip).toMatchObject({ to: "down", reason: "fail" });
  });

  test("taking the schedule away from a check that is late ends its lateness, and giving one back makes it due", () => {
    const { next } = end([[0, ping("success")]]);
    const { graceMs, rules } = next;
    const freed = transition(next, { type: "edit", schedule: free.schedule, graceMs, rules }, T0 + HOUR + MINUTE).next;
    expect([freed.dueAt, health(freed, T0 + HOUR + MINUTE)]).toEqual([null, "up"]);
    const bound = transition(freed, { type: "edit", schedule: next.schedule, graceMs, rules }, T0 + 2 * MINUTE).next;
    expect(bound.dueAt).toBe(T0 + HOUR + GRACE);
  });
});

test("an outage that is paused, or whose schedule changes, has missed what it missed", () => {
  const down: Step[] = [
    [0, ping("success")],
    [70, { type: "tick" }],
  ];
  const hours = (...counts: number[]) => counts.map((count) => T0 + count * HOUR);
  expect(end([...down, [250, { type: "pause" }]]).missed).toEqual(hours(2, 3, 4));
  const daily = { type: "edit", ...FRESH, schedule: { kind: "period", timeoutSeconds: 86_400 } } as const;
  const seen = play([...down, [250, daily], [300, ping("success")]]);
  expect(seen.map(({ missed }) => missed)).toEqual([[], hours(1), hours(2, 3, 4), []]);
  expect(seen.at(-1)?.missedInAll).toBe(4);
  const often = { ...daily, schedule: { kind: "period", timeoutSeconds: 600 } } as const;
  expect(end([...down, [250, often], [281, ping("success")]]).missed).toEqual(
    [250, 260, 270].map((at) => T0 + at * MINUTE),
  );
});
