import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Baseline } from "./anomaly";
import { type Decision, decide, type Trip } from "./breaker";
import { type BreakerState, lift, raise, readState } from "./breaker-state";
import { type Budget, changeBudget, NO_BUDGET } from "./budget";
import { BUDGET_ACTIONS, type UpdateBudget } from "./schema";

const USD = 1_000_000;
const NO_HISTORY: Baseline = { costs: [], steps: [], seconds: [] };

/** What can happen to an instance; costs in whole dollars, small enough that lines are met exactly. */
type Happening =
  | { is: "step"; usd: number; others: number; calls: string[]; nextDay: boolean }
  | { is: "edit"; change: UpdateBudget }
  | { is: "resume" }
  | { is: "approve" };

const usd = fc.option(fc.integer({ min: 1, max: 40 }));
const action = fc.constantFrom(...BUDGET_ACTIONS);
/** A threshold that no limit refuses. */
const lowThreshold = fc.constantFrom(null, 1);
const change = fc.record(
  {
    budget_enabled: fc.boolean(),
    budget_limit_usd: usd,
    budget_alert_threshold_usd: lowThreshold,
    budget_daily_limit_usd: usd,
    budget_action: action,
    cost_anomaly_detection: fc.boolean(),
  },
  { requiredKeys: ["budget_alert_threshold_usd"] },
);
const step = fc.record({
  is: fc.constant("step" as const),
  usd: fc.integer({ min: 0, max: 8 }),
  others: fc.integer({ min: 0, max: 4 }),
  calls: fc.array(fc.constantFrom("a", "b"), { maxLength: 3 }),
  nextDay: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
});
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 8, arbitrary: step },
  { weight: 2, arbitrary: change.map((one): Happening => ({ is: "edit", change: one })) },
  { weight: 1, arbitrary: fc.constant<Happening>({ is: "resume" }) },
  { weight: 2, arbitrary: fc.constant<Happening>({ is: "approve" }) },
);
const history = fc.array(happening, { maxLength: 40 });
const start = fc
  .record({
    budget_enabled: fc.boolean(),
    budget_limit_usd: usd,
    budget_alert_threshold_usd: usd,
    budget_daily_limit_usd: usd,
    budget_action: action,
    cost_anomaly_detection: fc.boolean(),
  })
  .filter(
    ({ budget_limit_usd: limit, budget_alert_threshold_usd: threshold }) => (threshold ?? 0) <= (limit ?? Infinity),
  )
  .map((all) => changeBudget(NO_BUDGET, all));
const baseline: fc.Arbitrary<Baseline> = fc
  .array(fc.tuple(fc.nat(10), fc.nat(10), fc.nat(600)), { maxLength: 8 })
  .map((rows) => ({
    costs: rows.map(([cost]) => cost * USD),
    steps: rows.map(([, steps]) => steps),
    seconds: rows.map(([, , seconds]) => seconds),
  }));

type Seen = Decision & {
  before: BreakerState | null;
  calls: string[];
  budget: Budget;
  cost: number;
  dayCost: number;
  day: string;
};
type Instance = {
  state: BreakerState | null;
  budget: Budget;
  cost: number;
  dayCost: number;
  days: number;
  nSteps: number;
};

function stepOn(at: Instance, one: Extract<Happening, { is: "step" }>, earlier: Baseline): Seen {
  if (one.nextDay) Object.assign(at, { days: at.days + 1, dayCost: 0 });
  at.cost += one.usd * USD;
  at.dayCost += (one.usd + one.others) * USD;
  at.nSteps += 1;
  const day = `2026-03-${String(at.days).padStart(2, "0")}`;
  const { state: before, budget, cost, dayCost } = at;
  const spent = { costMicros: cost, nSteps: at.nSteps, elapsedMs: at.nSteps * 30_000 };
  const facts = { ...spent, dayMicros: budget.dailyLimitMicros === null ? null : dayCost, day, calls: one.calls };
  const decision = decide({ budget, state: before, facts, baseline: earlier });
  at.state = decision.state;
  return { ...decision, before, calls: one.calls, budget, cost, dayCost, day };
}

/** What each step of a history gave. Steps also come to what is paused: spans of traces do. */
function play(budget: Budget, happenings: Happening[], earlier: Baseline): Seen[] {
  const at: Instance = { state: null, budget, cost: 0, dayCost: 0, days: 1, nSteps: 0 };
  return happenings.flatMap((one) => {
    if (one.is === "step") return [stepOn(at, one, earlier)];
    if (one.is === "resume") at.state = lift(at.state, at.budget.version);
    else if (one.is === "approve") at.state = raise(at.state);
    else at.budget = changeBudget(at.budget, one.change);
    return [];
  });
}

const typesOf = (trips: Trip[]): string[] => trips.map(({ type }) => type);
const isLimit = ({ type }: Trip): boolean => type === "budget_exceeded" || type === "daily_limit_exceeded";

/** Checks something of each step of any history. */
function always(check: (seen: Seen) => void): void {
  fc.assert(
    fc.property(start, history, baseline, (budget, happenings, earlier) => {
      for (const seen of play(budget, happenings, earlier)) check(seen);
    }),
    { numRuns: 500 },
  );
}

describe("laws over random histories of steps, changes of the budget, resumes and approvals", () => {
  test("something is done exactly when a limit trips that does more than tell, and it is what the budget says", () => {
    always(({ trips, action: done, budget }) => {
      expect(done).toBe(trips.some(isLimit) && budget.action !== "alert" ? budget.action : null);
      for (const trip of trips) expect(trip.action).toBe(isLimit(trip) ? budget.action : "alert");
    });
  });

  test("no alert is told twice: no type comes again on the same occasion, and notices come once at all", () => {
    fc.assert(
      fc.property(start, history, baseline, (budget, happenings, earlier) => {
        const trips = play(budget, happenings, earlier).flatMap((seen) => seen.trips);
        const keys = trips.map(({ type, occasion }) => `${type} ${occasion}`);
        expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
        for (const type of ["budget_threshold", "cost_anomaly"])
          expect(trips.filter((trip) => trip.type === type).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1000 },
    );
  });

  test("nothing trips below its line", () => {
    always(({ trips, cost, dayCost, budget, day }) => {
      const lines = {
        // Reached is enough: above the micro-dollar before it.
        budget_threshold: { current: cost, line: (budget.alertThresholdMicros ?? Infinity) - 1 },
        budget_exceeded: { current: cost, line: budget.limitMicros ?? Infinity },
        daily_limit_exceeded: { current: dayCost, line: budget.dailyLimitMicros ?? Infinity },
        cost_anomaly: { current: cost, line: -1 },
      };
      for (const trip of trips) {
        const { current, line } = lines[trip.type];
        expect(trip.currentMicros).toBe(current);
        expect(current).toBeGreaterThan(line);
        expect("day" in trip ? trip.day : day).toBe(day);
      }
    });
  });

  test("a budget that is off limits nothing, and what is not watched is not unusual", () => {
    always(({ trips, budget }) => {
      if (!budget.enabled) expect(typesOf(trips).filter((type) => type !== "cost_anomaly")).toEqual([]);
      if (!budget.anomalyDetection) expect(typesOf(trips)).not.toContain("cost_anomaly");
    });
  });

  test("nobody spends above a limit unstopped: a breaker has stopped it, has told of it, or was lifted by somebody", () => {
    always(({ state, budget, cost }) => {
      if (!budget.enabled || budget.limitMicros === null || cost <= budget.limitMicros) return;
      const last = state?.limits.budget_exceeded ?? null;
      const waits = (state?.pausedBy.length ?? 0) > 0;
      const isStopped = last !== null && last.action !== "alert" && last.liftedAt === null;
      const isTold = last?.action === "alert" && budget.action === "alert";
      const isLifted = last?.liftedAt === budget.version && cost <= (last.raisedTo ?? Infinity);
      expect(waits || isStopped || isTold || isLifted).toBe(true);
    });
  });

  test("what waits for somebody is stopped by nothing more", () => {
    always(({ before, trips }) => {
      if ((before?.pausedBy.length ?? 0) > 0) expect(trips.filter(isLimit)).toEqual([]);
    });
  });

  test("the state is the same object when nothing new is to be remembered, small, and can be read back", () => {
    always(({ before, state, trips, calls }) => {
      const isWatched = calls.length > 0 || (before?.calls ?? null) !== null;
      if (trips.length === 0 && !isWatched) expect(state).toBe(before);
      expect(readState(JSON.parse(JSON.stringify(state)))).toEqual(state);
      expect(JSON.stringify(state).length).toBeLessThan(600);
    });
  });
});

describe("laws over steps alone", () => {
  const costs = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 30 });
  const plain = (amounts: number[]): Happening[] =>
    amounts.map((one) => ({ is: "step", usd: one, others: 0, calls: [], nextDay: false }));
  const told = (budget: Budget, amounts: number[]): string[] =>
    play(budget, plain(amounts), NO_HISTORY).flatMap(({ trips }) => typesOf(trips));

  test("what has tripped in the end is the same in any order and split of the costs, each of it once", () => {
    const quiet = start.map((budget): Budget => ({ ...budget, action: "alert", anomalyDetection: false }));
    fc.assert(
      fc.property(quiet, costs, (budget, amounts) => {
        const sum = amounts.reduce((all, one) => all + one, 0);
        const whole = told(budget, [sum]).toSorted();
        expect(new Set(whole).size).toBe(whole.length);
        for (const split of [amounts, amounts.toReversed(), Array.from({ length: sum }, () => 1), [...amounts, 0, 0]])
          if (split.length > 0) expect(told(budget, split).toSorted()).toEqual(whole);
      }),
    );
  });

  test("one action for an instance, on the very step that crosses the line", () => {
    fc.assert(
      fc.property(start, costs, (from, amounts) => {
        const budget: Budget = {
          ...from,
          enabled: true,
          limitMicros: 20 * USD,
          dailyLimitMicros: null,
          action: "pause",
        };
        const seen = play(budget, plain(amounts), NO_HISTORY);
        expect(seen.findIndex((one) => one.action !== null)).toBe(seen.findIndex(({ cost }) => cost > 20 * USD));
        expect(seen.filter((one) => one.action !== null).length).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("who spends more trips at least as much", () => {
    const facts = fc.record({ costMicros: fc.nat(60 * USD), dayMicros: fc.nat(60 * USD), more: fc.nat(60 * USD) });
    fc.assert(
      fc.property(start, baseline, facts, (budget, earlier, { costMicros, dayMicros, more }) => {
        const of = (extra: number): string[] => {
          const spent = { costMicros: costMicros + extra, dayMicros: dayMicros + extra, nSteps: 3, elapsedMs: 90_000 };
          const { trips } = decide({
            budget,
            state: null,
            facts: { ...spent, day: "2026-03-01", calls: [] },
            baseline: earlier,
          });
          return typesOf(trips);
        };
        expect(of(more)).toEqual(expect.arrayContaining(of(0)));
      }),
    );
  });
});

describe("laws of resuming", () => {
  test("goes on whatever it spends while the budget stays, and stops again with the next step after a change", () => {
    const pausing = fc.constantFrom("pause", "ask");
    const costs = fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 10 });
    fc.assert(
      fc.property(pausing, costs, fc.integer({ min: 1, max: 20 }), (how, after, limit) => {
        const change: UpdateBudget = { budget_enabled: true, budget_limit_usd: 20, budget_action: how };
        const pay = (amount: number): Happening => ({ is: "step", usd: amount, others: 0, calls: [], nextDay: false });
        const edit: Happening = { is: "edit", change: { budget_limit_usd: limit, cost_anomaly_multiplier: 5 } };
        const happenings = [pay(21), { is: "resume" as const }, ...after.map(pay), edit, pay(0), pay(0)];
        const actions = play(changeBudget(NO_BUDGET, change), happenings, NO_HISTORY);
        expect(actions.map(({ action: done }) => done)).toEqual([how, ...after.map(() => null), how, null]);
      }),
    );
  });
});

describe("laws of raising", () => {
  test("asks on the very step that costs more than was approved, and is approved as much again each time", () => {
    const amounts = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 20 });
    const budget = changeBudget(NO_BUDGET, { budget_enabled: true, budget_limit_usd: 20, budget_action: "ask" });
    fc.assert(
      fc.property(amounts, (costs) => {
        const pay = (one: number): Happening[] => [
          { is: "step", usd: one, others: 0, calls: [], nextDay: false },
          { is: "approve" },
        ];
        let allowed = 20 * USD;
        for (const { cost, action: done, trips } of play(budget, costs.flatMap(pay), NO_HISTORY)) {
          expect(done).toBe(cost > allowed ? "ask" : null);
          if (done === null) continue;
          expect(trips).toMatchObject([{ thresholdMicros: allowed }]);
          allowed = cost + 20 * USD;
        }
      }),
    );
  });
});
