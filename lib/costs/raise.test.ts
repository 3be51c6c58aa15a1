import { describe, expect, test } from "vitest";
import { type Decision, decide } from "./breaker";
import { type BreakerState, lift, raise, readState } from "./breaker-state";
import { type Budget, changeBudget, NO_BUDGET } from "./budget";
import { type AskedLimit, askedLimits, questionArgs, questionWords } from "./limit-question";

const USD = 1_000_000;
const DAY = "2026-03-21";
const ASKING = changeBudget(NO_BUDGET, {
  budget_enabled: true,
  budget_limit_usd: 2,
  budget_daily_limit_usd: 50,
  budget_action: "ask",
});

type Spent = { usd?: number; dayUsd?: number; day?: string; budget?: Budget };

function spend(state: BreakerState | null, { usd = 0, dayUsd = 0, day = DAY, budget = ASKING }: Spent): Decision {
  const facts = { costMicros: usd * USD, dayMicros: dayUsd * USD, day, nSteps: 1, elapsedMs: 1000, calls: [] };
  return decide({ budget, state, facts, baseline: { costs: [], steps: [], seconds: [] } });
}
const occasions = ({ trips }: Decision): string[] => trips.map(({ type, occasion }) => `${type} ${occasion}`);

describe("a limit that asks", () => {
  test("pauses, and offers as much again as the limit, on top of what was spent", () => {
    const { state, action } = spend(null, { usd: 2.01 });
    expect(action).toBe("ask");
    expect(state).toMatchObject({
      pausedBy: ["budget_exceeded"],
      limits: { budget_exceeded: { micros: 2.01 * USD, raisedTo: 4.01 * USD, liftedAt: null } },
    });
  });

  test("holds again above what was approved, at an occasion of its own", () => {
    const first = spend(null, { usd: 2.01 });
    const raised = raise(first.state);
    expect(spend(raised, { usd: 4.01 })).toEqual({ state: raised, trips: [], action: null });
    const second = spend(raised, { usd: 4.02 });
    expect(second).toMatchObject({ action: "ask", trips: [{ thresholdMicros: 4.01 * USD }] });
    expect(second.state?.limits.budget_exceeded).toMatchObject({ limitMicros: 4.01 * USD, raisedTo: 6.02 * USD });
    expect([...occasions(first), ...occasions(second)]).toEqual(["budget_exceeded v1", "budget_exceeded v1:4010000"]);
  });

  test("that of a day is raised for that day alone", () => {
    const raised = raise(spend(null, { dayUsd: 51 }).state);
    expect(spend(raised, { dayUsd: 101 }).action).toBeNull();
    expect(occasions(spend(raised, { dayUsd: 102 }))).toEqual([`daily_limit_exceeded ${DAY}:v1:101000000`]);
    const next = { day: "2026-03-22", dayUsd: 51 };
    expect(occasions(spend(raised, next))).toEqual(["daily_limit_exceeded 2026-03-22"]);
  });

  test("one answer raises all that tripped together", () => {
    const { state, trips } = spend(null, { usd: 3, dayUsd: 51 });
    expect(askedLimits(trips, state).map(({ type }) => type)).toEqual(["budget_exceeded", "daily_limit_exceeded"]);
    const raised = raise(state);
    expect(raised?.pausedBy).toEqual([]);
    expect(spend(raised, { usd: 5, dayUsd: 101 }).action).toBeNull();
  });

  test("counts no more once the budget was changed, also when that was while it waited", () => {
    const paused = spend(null, { usd: 2.01 }).state;
    const budget = changeBudget(ASKING, { budget_limit_usd: 3 });
    expect(occasions(spend(raise(paused), { usd: 3.5, budget }))).toEqual(["budget_exceeded v2"]);
    expect(spend(raise(paused), { usd: 3, budget }).action).toBeNull();
  });

  test("is lifted without bound when somebody lets it go on by hand", () => {
    const paused = spend(null, { usd: 2.01 }).state;
    expect(spend(lift(paused, ASKING.version), { usd: 1000 }).action).toBeNull();
  });

  test("nothing is raised of what waits for nobody", () => {
    expect(raise(null)).toBeNull();
    const raised = raise(spend(null, { usd: 2.01 }).state);
    expect(raise(raised)).toBe(raised);
  });

  test("what was stored before limits could be raised, or were remembered, is read", () => {
    const old = { version: 1, micros: 5, day: null, action: "pause", liftedAt: 1 };
    const limits = { budget_exceeded: old, daily_limit_exceeded: null };
    const read = readState({ told: [], limits, pausedBy: [], calls: null });
    expect(read?.limits.budget_exceeded).toEqual({ ...old, raisedTo: null, limitMicros: null });
  });
});

describe("what is asked", () => {
  const workflow = { projectId: "p", id: "research", name: "Research", approvers: [] };
  const asked = (limits: AskedLimit[]) => ({ workflow, instance: { id: "d1", seq: 7 }, limits, at: 0 });
  const sums = (spent: number, limit: number, raised: number) => ({
    spentMicros: spent * USD,
    limitMicros: limit * USD,
    raiseToMicros: raised * USD,
  });
  const ofInstance: AskedLimit = { type: "budget_exceeded", ...sums(2.01, 2, 4.01), day: null };
  const ofDay: AskedLimit = { type: "daily_limit_exceeded", ...sums(50.5, 50, 100.5), day: DAY };

  test("of the limit of an instance", () => {
    expect(questionWords(asked([ofInstance]))).toBe(
      'Instance #7 of "Research" has cost $2.01; its limit is $2.00.\nApprove to let instance #7 go on until it has cost $4.01; deny to end it.',
    );
    const args = { instance_id: "d1", limit: "budget_exceeded", spent_usd: 2.01, limit_usd: 2, raise_to_usd: 4.01 };
    expect(questionArgs(asked([ofInstance]))).toEqual(args);
  });

  test("of that of a day", () => {
    expect(questionWords(asked([ofDay]))).toBe(
      '"Research" has cost $50.50 on 2026-03-21; its limit for a day is $50.00.\nApprove to let instance #7 go on until "Research" has cost $100.50 on 2026-03-21; deny to end it.',
    );
    expect(questionArgs(asked([ofDay]))).toMatchObject({ limit: "daily_limit_exceeded", day: DAY });
  });

  test("of both", () => {
    const both = asked([ofInstance, ofDay]);
    expect(questionWords(both)).toContain('until it has cost $4.01 or "Research" has cost $100.50 on 2026-03-21;');
    expect(questionArgs(both)).toMatchObject({ raise_to_usd: 4.01, also: [{ raise_to_usd: 100.5, day: DAY }] });
  });
});
