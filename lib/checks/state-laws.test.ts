import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "@/lib/core/time";
import { end, FRESH, GRACE, ping, play, type Step, T0 } from "@/lib/testing/history";
import {
  alertFor,
  type CheckEvent,
  type CheckState,
  downAt,
  health,
  nextExpected,
  type PingKind,
  type Transition,
  transition,
} from "./state";

const rid = fc.constantFrom(null, "a", "b", "c");
const signal = fc
  .tuple(fc.constantFrom<PingKind>("success", "start", "fail", "log", "ign"), rid)
  .map(([type, id]) => ping(type, id));
const anyEvent = fc.oneof(
  { weight: 6, arbitrary: signal },
  { weight: 3, arbitrary: fc.constant<CheckEvent>({ type: "tick" }) },
  { weight: 1, arbitrary: fc.constantFrom<CheckEvent>({ type: "pause" }, { type: "resume" }) },
);
const history = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 90 }), anyEvent), { minLength: 1, maxLength: 40 })
  .map((gaps) => {
    let at = 0;
    return gaps.map(([gap, event]): Step => {
      at += gap;
      return [at, event];
    });
  });

describe("laws over random histories", () => {
  const before = (steps: Transition[], index: number): CheckState => steps[index - 1]?.next ?? FRESH;

  test("a flip is reported exactly when the status changes, from the old to the new", () => {
    fc.assert(
      fc.property(history, (steps) => {
        const seen = play(steps);
        for (const [index, { flip, next }] of seen.entries()) {
          const { status } = before(seen, index);
          expect(flip === null).toBe(status === next.status);
          if (flip !== null) expect([flip.from, flip.to]).toEqual([status, next.status]);
        }
      }),
    );
  });

  test("a deadline exists only while it is up, and a success always leaves it up with one ahead", () => {
    fc.assert(
      fc.property(history, (steps) => {
        for (const [index, { next }] of play(steps).entries()) {
          const [minutes, event] = steps[index] as Step; // same length
          if (next.status !== "up") expect(next.dueAt).toBeNull();
          if (event.type === "success") expect(next.dueAt).toBe(T0 + minutes * MINUTE + HOUR + GRACE);
        }
      }),
    );
  });

  test("tick acts at the deadline and not a millisecond before, once, dated at the deadline", () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 0, max: 10 * HOUR }), (steps, later) => {
        const state = end(steps).next;
        const due = downAt(state);
        if (due === null) return;
        expect(transition(state, { type: "tick" }, due - 1).flip).toBeNull();
        const { flip, next } = transition(state, { type: "tick" }, due + later);
        expect(flip).toMatchObject({ to: "down", at: due });
        expect(transition(next, { type: "tick" }, due + later + DAY).flip).toBeNull();
      }),
    );
  });

  test("what people are shown as down is what the next tick makes down", () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 0, max: 10 * HOUR }), (steps, wait) => {
        const state = end(steps).next;
        const now = T0 + (steps.at(-1)?.[0] ?? 0) * MINUTE + wait;
        expect(health(state, now) === "down").toBe(transition(state, { type: "tick" }, now).next.status === "down");
      }),
    );
  });

  test("alerts alternate: never two downs without a recovery or a rest between, never an up without a down", () => {
    fc.assert(
      fc.property(history, (steps) => {
        let isDown = false;
        for (const { flip } of play(steps)) {
          const alert = alertFor(flip);
          if (alert === "check.down") expect(isDown).toBe(false);
          if (alert === "check.up") expect(isDown).toBe(true);
          if (flip !== null) isDown = flip.to === "down";
        }
      }),
    );
  });

  test("every start opens one run, every run ends at most once, and at most one is open for each id", () => {
    fc.assert(
      fc.property(history, (steps) => {
        const started = new Set<string>();
        const ended = new Set<string>();
        for (const { startedRun, endedRuns, next } of play(steps)) {
          if (startedRun !== null) started.add(startedRun.id);
          for (const { run } of endedRuns) {
            expect(started.has(run.id) && !ended.has(run.id)).toBe(true);
            ended.add(run.id);
          }
          expect(new Set(next.openRuns.map((run) => run.rid)).size).toBe(next.openRuns.length);
          expect(next.openRuns.every((run) => started.has(run.id) && !ended.has(run.id))).toBe(true);
          expect(started.size - ended.size).toBe(next.openRuns.length);
        }
      }),
    );
  });

  test("any interleaving of k overlapping runs gives each its own duration", () => {
    const runs = fc.array(fc.tuple(fc.nat(500), fc.integer({ min: 1, max: 500 })), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(runs, (spans) => {
        const steps = spans
          .flatMap(([from, length], index): Step[] => [
            [from, ping("start", `r${index}`)],
            [from + length, ping("success", `r${index}`)],
          ])
          .sort((a, b) => a[0] - b[0]);
        const ended = play(steps).flatMap((step) => step.endedRuns);
        const durations = new Map(ended.map(({ run, durationMs }) => [run.rid, durationMs]));
        expect(durations).toEqual(new Map(spans.map(([, length], index) => [`r${index}`, length * MINUTE])));
      }),
    );
  });

  test("any interleaving of k named runs gives each its own duration and outcome, and repeats of an end change nothing", () => {
    const run = fc.record({
      from: fc.nat(500),
      length: fc.integer({ min: 1, max: 500 }),
      outcome: fc.constantFrom<"success" | "fail">("success", "fail"),
      repeats: fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 3 }),
    });
    const steps = (runs: { from: number; length: number; outcome: "success" | "fail"; repeats: number[] }[]) =>
      runs
        .flatMap(({ from, length, outcome, repeats }, index): Step[] => [
          [from, ping("start", `r${index}`)],
          [from + length, ping(outcome, `r${index}`)],
          ...repeats.map((after): Step => [from + length + after, ping(outcome, `r${index}`)]),
          ...repeats.map((after): Step => [from + length + after, ping("log", `r${index}`)]),
        ])
        .sort((a, b) => a[0] - b[0]);
    const bounded = { ...FRESH, rules: { ...FRESH.rules, maxRunMs: 250 * MINUTE, minRunMs: 100 * MINUTE } };
    fc.assert(
      fc.property(fc.array(run, { minLength: 1, maxLength: 8 }), fc.boolean(), (runs, isBounded) => {
        const seen = play(steps(runs), isBounded ? bounded : FRESH);
        const ended = seen.flatMap((step) => step.endedRuns);
        expect(new Map(ended.map(({ run: one, durationMs, status }) => [one.rid, [durationMs, status]]))).toEqual(
          new Map(
            runs.map(({ length, outcome }, index) => [
              `r${index}`,
              [length * MINUTE, outcome === "fail" ? "failed" : "success"],
            ]),
          ),
        );
        expect(ended).toHaveLength(runs.length);
        const told = seen.flatMap((step) => step.notices.map(({ type }) => type));
        const count = (type: string) => told.filter((one) => one === type).length;
        expect(count("run_overdue")).toBe(isBounded ? runs.filter(({ length }) => length >= 250).length : 0);
        const short = runs.filter(({ length, outcome }) => outcome === "success" && length < 100);
        expect(count("run_too_short")).toBe(isBounded ? short.length : 0);
      }),
    );
  });

  test("any interleaving of k named runs whose starts come again ends each of them once, as it ended", () => {
    const run = fc.record({
      from: fc.nat(500),
      length: fc.integer({ min: 1, max: 500 }),
      again: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { maxLength: 2 }),
      outcome: fc.constantFrom<"success" | "fail">("success", "fail"),
    });
    fc.assert(
      fc.property(fc.array(run, { minLength: 1, maxLength: 8 }), (runs) => {
        const steps = runs
          .flatMap(({ from, length, again, outcome }, index): Step[] => [
            ...[0, ...again].map((share): Step => [from + share * length, ping("start", `r${index}`)]),
            [from + length, ping(outcome, `r${index}`)],
          ])
          .sort((a, b) => a[0] - b[0]);
        const asked = { ...FRESH, rules: { ...FRESH.rules, maxRunMs: DAY, singleRun: true } };
        const seen = play(steps, asked);
        const ended = seen.flatMap((step) => step.endedRuns);
        const outcomes = ended
          .filter(({ status }) => status !== "abandoned")
          .map(({ run: { rid }, status }) => [rid, status]);
        expect(outcomes.toSorted()).toEqual(
          runs.map(({ outcome }, index) => [`r${index}`, outcome === "fail" ? "failed" : "success"]),
        );
        // Only the starts that were given again are given up.
        expect(ended).toHaveLength(runs.reduce((sum, { again }) => sum + 1 + again.length, 0));
        expect(end(steps, asked).next.openRuns).toEqual([]);
        // What was told of overlaps is over at the end at the latest.
        const told = seen.findLastIndex(({ notices }) => notices.some(({ type }) => type === "run_overlap"));
        const over = seen.findLastIndex(({ settled }) => settled.some(({ type }) => type === "run_overlap"));
        expect(over).toBeGreaterThanOrEqual(told);
      }),
    );
  });

  test("a silence is never told shorter than it was, and every miss once", () => {
    const rules = fc.integer({ min: 1, max: 10 }).map((maxMisses) => ({ ...FRESH.rules, maxMisses }));
    fc.assert(
      fc.property(rules, fc.integer({ min: 0, max: 40 * 60 }), fc.boolean(), (asked, silence, isSwept) => {
        const { next: up } = transition({ ...FRESH, rules: asked }, ping("success"), T0);
        const at = T0 + silence * MINUTE;
        const swept = isSwept ? transition(up, { type: "tick" }, at) : null;
        const { missed, missedInAll, next } = transition(swept?.next ?? up, ping("success"), at);
        const expected = Math.max(0, Math.floor((silence * MINUTE - GRACE) / HOUR));
        const found = [...(swept?.missed ?? []), ...missed];
        expect(found).toEqual(Array.from({ length: expected }, (_, index) => T0 + (index + 1) * HOUR));
        expect([missedInAll, next.missed]).toEqual([expected, null]);
        expect(swept?.next.status ?? "up").toBe(isSwept && expected >= asked.maxMisses ? "down" : "up");
      }),
    );
  });

  test("signals that arrive before the deadline keep it up for ever", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 50 }), (gaps) => {
        let at = 0;
        const steps = gaps.flatMap((gap): Step[] => {
          at += gap;
          return [
            [at, { type: "tick" }],
            [at, ping("success")],
          ];
        });
        const downs = play([[0, ping("success")], ...steps]).filter(({ flip }) => flip?.to === "down");
        expect(downs).toEqual([]);
        expect(nextExpected(end([[0, ping("success")], ...steps]).next)).toBe(T0 + at * MINUTE + HOUR);
      }),
    );
  });
});
