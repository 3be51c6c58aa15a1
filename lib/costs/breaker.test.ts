import { describe, expect, test } from "vitest";
import { MINUTE } from "@/lib/core/time";
import type { Baseline } from "./anomaly";
import { decide, type Facts } from "./breaker";
import { type BreakerState, lift, readState } from "./breaker-state";
import { type Budget, changeBudget, NO_BUDGET } from "./budget";
import type { UpdateBudget } from "./schema";

const USD = 1_000_000;
const NO_HISTORY: Baseline = { costs: [], steps: [], seconds: [] };
const FLAT: Baseline = { costs: [USD, USD, USD, USD, USD], steps: [9, 9, 9, 9, 9], seconds: [60, 60, 60, 60, 60] };
const DAY = "2026-03-21";

const budgetOf = (change: UpdateBudget, before: Budget = NO_BUDGET): Budget =>
  changeBudget(before, { budget_enabled: true, ...change });
const LIMITED = budgetOf({ budget_limit_usd: 100, budget_alert_threshold_usd: 50, budget_action: "pause" });
const DAILY = budgetOf({ budget_daily_limit_usd: 500, budget_action: "pause" });

type Asked = Partial<Facts> & { budget?: Budget; state?: BreakerState | null; baseline?: Baseline };

function ask({ budget = LIMITED, state = null, baseline = NO_HISTORY, ...facts }: Asked) {
  const usual: Facts = { costMicros: 0, nSteps: 1, elapsedMs: MINUTE, dayMicros: null, day: DAY, calls: [] };
  return decide({ budget, state, facts: { ...usual, ...facts }, baseline });
}
const typesOf = ({ trips }: ReturnType<typeof ask>): string[] => trips.map(({ type }) => type);

describe("where the lines are", () => {
  test.each([
    [49.999999, [], null],
    [50, ["budget_threshold"], null],
    [100, ["budget_threshold"], null],
    [100.000001, ["budget_threshold", "budget_exceeded"], "pause"],
  ])("an instance that cost $%d trips %j", (usd, types, action) => {
    const decision = ask({ costMicros: Math.round(usd * USD) });
    expect([typesOf(decision), decision.action]).toEqual([types, action]);
  });

  test("the day is over its limit above it", () => {
    expect(ask({ budget: DAILY, dayMicros: 500 * USD })).toEqual({ state: null, trips: [], action: null });
    const decision = ask({ budget: DAILY, dayMicros: 500 * USD + 1 });
    expect(decision.trips).toEqual([
      {
        type: "daily_limit_exceeded",
        currentMicros: 500_000_001,
        thresholdMicros: 500_000_000,
        action: "pause",
        occasion: DAY,
        day: DAY,
      },
    ]);
    expect(decision).toMatchObject({ action: "pause", state: { pausedBy: ["daily_limit_exceeded"] } });
  });

  test("nothing is remembered before anything happened", () => {
    expect(ask({ costMicros: USD })).toEqual({ state: null, trips: [], action: null });
  });

  test.each(["pause", "terminate"] as const)("%s is what the limits do, and only they", (action) => {
    const budget = budgetOf({ budget_action: action }, LIMITED);
    const decision = ask({ budget, costMicros: 101 * USD });
    expect(decision.action).toBe(action);
    expect(decision.trips.map((trip) => [trip.type, trip.action])).toEqual([
      ["budget_threshold", "alert"],
      ["budget_exceeded", action],
    ]);
    expect(decision.state?.pausedBy).toEqual(action === "terminate" ? [] : ["budget_exceeded"]);
  });

  test("a limit that was lowered below what was spent trips with the next step, though it costs nothing", () => {
    const lowered = budgetOf({ budget_limit_usd: 10, budget_alert_threshold_usd: null }, LIMITED);
    expect(ask({ costMicros: 20 * USD, budget: lowered }).action).toBe("pause");
  });
});

describe("once", () => {
  test("what was told is not told again", () => {
    const first = ask({ costMicros: 60 * USD });
    expect(ask({ state: first.state, costMicros: 70 * USD })).toEqual({ state: first.state, trips: [], action: null });
    const alerting = budgetOf({ budget_action: "alert" }, LIMITED);
    const over = ask({ budget: alerting, state: first.state, costMicros: 101 * USD });
    expect([typesOf(over), over.action]).toEqual([["budget_exceeded"], null]);
    const edited = budgetOf({ budget_limit_usd: 90 }, alerting);
    expect(ask({ budget: edited, state: over.state, costMicros: 200 * USD }).trips).toEqual([]);
  });

  test("what was only told stops the instance as soon as the budget asks for it, and that is told", () => {
    const alerting = budgetOf({ budget_action: "alert" }, LIMITED);
    const { state } = ask({ budget: alerting, costMicros: 101 * USD });
    const decision = ask({ budget: budgetOf({ budget_action: "terminate" }, alerting), state, costMicros: 102 * USD });
    expect(decision).toMatchObject({ action: "terminate", trips: [{ type: "budget_exceeded", occasion: "v3" }] });
  });

  test("an instance that waits for somebody is not stopped again, neither by the other limit nor on another day", () => {
    const both = budgetOf({ budget_daily_limit_usd: 500 }, LIMITED);
    const { state } = ask({ budget: both, costMicros: 101 * USD, dayMicros: 0 });
    const late = { budget: both, costMicros: 102 * USD, dayMicros: 501 * USD };
    expect(ask({ ...late, state }).trips).toEqual([]);
    expect(ask({ ...late, state, day: "2026-03-22" }).action).toBeNull();
    expect(typesOf(ask({ ...late, state: lift(state, both.version) }))).toEqual(["daily_limit_exceeded"]);
  });

  test("the daily limit of another day is another one", () => {
    const alerting = budgetOf({ budget_action: "alert" }, DAILY);
    const over = { budget: alerting, dayMicros: 501 * USD };
    const { state } = ask(over);
    expect(ask({ ...over, state }).trips).toEqual([]);
    expect(ask({ ...over, state, day: "2026-03-22" }).trips).toMatchObject([{ occasion: "2026-03-22" }]);
  });
});

describe("going on", () => {
  const paused = ask({ costMicros: 101 * USD }).state;
  const goesOn = lift(paused, LIMITED.version);

  test("lifts what paused it until the budget is changed, whatever is changed of it", () => {
    expect(goesOn?.pausedBy).toEqual([]);
    const over = { state: goesOn, costMicros: 500 * USD };
    expect(ask(over)).toEqual({ state: goesOn, trips: [], action: null });
    const again = ask({ ...over, budget: budgetOf({ cost_anomaly_multiplier: 4 }, LIMITED) });
    expect(again).toMatchObject({ action: "pause", trips: [{ type: "budget_exceeded", occasion: "v2" }] });
    expect(again.state?.pausedBy).toEqual(["budget_exceeded"]);
  });

  test("under a limit that was raised meanwhile stops again above that", () => {
    const raised = budgetOf({ budget_limit_usd: 200 }, LIMITED);
    const state = lift(paused, raised.version);
    expect(ask({ budget: raised, state, costMicros: 200 * USD }).action).toBeNull();
    const again = ask({ budget: raised, state, costMicros: 201 * USD });
    expect(again).toMatchObject({ action: "pause", trips: [{ type: "budget_exceeded", occasion: "v2" }] });
    const oncemore = lift(again.state, raised.version);
    expect(ask({ budget: raised, state: oncemore, costMicros: 900 * USD }).action).toBeNull();
  });

  test("under a limit that was changed meanwhile, but is crossed already, does not stop at once", () => {
    const lowered = budgetOf({ budget_limit_usd: 90 }, LIMITED);
    const state = lift(paused, lowered.version);
    expect(ask({ budget: lowered, state, costMicros: 110 * USD }).action).toBeNull();
  });

  test("leaves the other limit as it is", () => {
    const both = budgetOf({ budget_daily_limit_usd: 500 }, LIMITED);
    const { state } = ask({ budget: both, costMicros: 101 * USD, dayMicros: 499 * USD });
    const over = { budget: both, state: lift(state, both.version), costMicros: 102 * USD, dayMicros: 501 * USD };
    expect(typesOf(ask(over))).toEqual(["daily_limit_exceeded"]);
  });

  test("lifts both limits when both had tripped, a daily one for days to come as well", () => {
    const both = budgetOf({ budget_daily_limit_usd: 500 }, LIMITED);
    const over = { budget: both, costMicros: 101 * USD, dayMicros: 501 * USD };
    const { state } = ask(over);
    expect(state?.pausedBy).toEqual(["budget_exceeded", "daily_limit_exceeded"]);
    const freed = lift(state, both.version);
    expect(ask({ ...over, state: freed }).action).toBeNull();
    expect(ask({ ...over, state: freed, day: "2026-03-22" }).action).toBeNull();
  });

  test("on the same day under another budget makes another alert of the daily limit", () => {
    const state = lift(ask({ budget: DAILY, dayMicros: 501 * USD }).state, DAILY.version);
    const edited = budgetOf({ budget_daily_limit_usd: 400 }, DAILY);
    expect(ask({ budget: edited, state, dayMicros: 502 * USD }).trips).toMatchObject([{ occasion: `${DAY}:v2` }]);
  });

  test("is nothing to one that no breaker has paused", () => {
    expect(lift(null, 1)).toBeNull();
    const told = ask({ costMicros: 60 * USD }).state;
    expect(lift(told, 1)).toBe(told);
  });
});

describe("anomalies", () => {
  const watching = changeBudget(NO_BUDGET, { cost_anomaly_detection: true });
  const dear = { budget: watching, costMicros: 9 * USD, baseline: FLAT };

  test("have a switch of their own and stop nothing", () => {
    const decision = ask(dear);
    expect(decision).toMatchObject({
      action: null,
      trips: [
        { type: "cost_anomaly", action: "alert", currentMicros: 9 * USD, thresholdMicros: 3 * USD, occasion: "once" },
      ],
    });
    expect(ask({ ...dear, state: decision.state, costMicros: 90 * USD }).trips).toEqual([]);
    expect(ask({ ...dear, budget: LIMITED }).trips).toEqual([]);
  });

  test("the fifth identical call in a row is one, over any number of steps", () => {
    let state: BreakerState | null = null;
    const told: string[][] = [];
    for (const calls of [["a"], ["b", "b"], [], ["b"], ["b"], ["b"], ["b"]]) {
      const decision = ask({ budget: watching, state, calls });
      told.push(typesOf(decision));
      state = decision.state;
    }
    expect(told).toEqual([[], [], [], [], [], ["cost_anomaly"], []]);
    expect(state).toMatchObject({ told: ["cost_anomaly"], calls: null });
  });

  test("calls are remembered only while they are watched", () => {
    const { state } = ask({ budget: watching, calls: ["a"] });
    expect(state?.calls).toEqual({ hash: "a", count: 1 });
    expect(ask({ budget: watching, state }).state).toBe(state);
    expect(ask({ state, calls: ["a"] }).state).toBeNull();
    expect(ask({ calls: ["a"] }).state).toBeNull();
  });
});

describe("what is stored", () => {
  test("comes back as it was", () => {
    const { state } = ask({ costMicros: 101 * USD });
    expect(readState(JSON.parse(JSON.stringify(state)))).toEqual(state);
    const lifted = lift(state, 1);
    expect(readState(JSON.parse(JSON.stringify(lifted)))).toEqual(lifted);
    expect(JSON.stringify(state).length).toBeLessThan(400);
  });

  test.each([null, undefined, 5, "x", [], {}, { told: 5 }, { told: ["moon"], limits: [], pausedBy: {}, calls: "a" }])(
    "%j is nothing",
    (json) => expect(readState(json)).toBeNull(),
  );

  test("one part that cannot be read does not spoil the others", () => {
    const { state } = ask({ costMicros: 101 * USD });
    expect(readState({ ...state, told: "?", calls: { hash: 1 } })).toEqual({ ...state, told: [] });
  });
});
