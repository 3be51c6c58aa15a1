import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide } from "./breaker";
import { type BreakerState, lift, NOTHING, raise } from "./breaker-state";
import { type Budget, NO_BUDGET } from "./budget";
import { decideReservation, type Held, type Question } from "./reservation";

const USD = 1_000_000;
const LIMITED: Budget = { ...NO_BUDGET, enabled: true, limitMicros: 10 * USD, action: "pause", version: 1 };
const DAY = "2026-03-01";
const held = (spent: number, reserved: number): Held => ({ spentMicros: spent * USD, reservedMicros: reserved * USD });

type Asked = { budget?: Budget; state?: BreakerState | null; usd?: number; ofInstance?: Held; ofDay?: Held | null };
const ask = ({ budget = LIMITED, state = null, usd = 1, ofInstance = held(0, 0), ofDay = null }: Asked = {}) =>
  decideReservation({ budget, state, day: DAY, micros: usd * USD, ofInstance, ofDay });

const trippedAt = (usd: number): BreakerState => ({
  ...NOTHING,
  limits: {
    ...NOTHING.limits,
    budget_exceeded: {
      version: 1,
      micros: usd * USD,
      limitMicros: 10 * USD,
      day: null,
      action: "pause",
      liftedAt: null,
      raisedTo: null,
    },
  },
  pausedBy: ["budget_exceeded"],
});

describe("one limit", () => {
  test("may be reached, not exceeded, by what is spent and held together", () => {
    expect(ask({ ofInstance: held(6, 3) })).toEqual({ denial: null, remainingMicros: 0 });
    expect(ask({ ofInstance: held(6, 3), usd: 1.000001 })).toEqual({
      denial: { limit: "instance", limitMicros: 10 * USD, spentMicros: 6 * USD, reservedMicros: 3 * USD },
    });
    expect(ask({ ofInstance: held(6, 0), usd: 1 })).toEqual({ denial: null, remainingMicros: 3 * USD });
  });

  test("of a day refuses what that of the instance would allow", () => {
    const budget = { ...LIMITED, dailyLimitMicros: 20 * USD };
    expect(ask({ budget, ofDay: held(15, 4) })).toEqual({ denial: null, remainingMicros: 0 });
    expect(ask({ budget, ofDay: held(15, 5) })).toMatchObject({ denial: { limit: "daily", limitMicros: 20 * USD } });
    // Both would refuse: the nearer one is named.
    expect(ask({ budget, ofInstance: held(10, 0), ofDay: held(20, 0) })).toMatchObject({
      denial: { limit: "instance" },
    });
  });
});

test("a budget that is off, has no limit or only tells refuses nothing", () => {
  const over = { ofInstance: held(50, 50), usd: 100 };
  expect(ask({ ...over, budget: { ...LIMITED, enabled: false } })).toEqual({ denial: null, remainingMicros: null });
  expect(ask({ ...over, budget: { ...LIMITED, limitMicros: null } })).toEqual({ denial: null, remainingMicros: null });
  expect(ask({ ...over, budget: { ...LIMITED, action: "alert" } })).toEqual({ denial: null, remainingMicros: 0 });
  expect(ask({ ofInstance: held(3, 3), budget: { ...LIMITED, action: "alert" } })).toMatchObject({
    remainingMicros: 3 * USD,
  });
});

test("a limit that was lifted refuses nothing, until the budget is changed or had been raised before", () => {
  const state = lift(trippedAt(12), 1);
  expect(ask({ state, ofInstance: held(12, 0) })).toEqual({ denial: null, remainingMicros: null });
  expect(ask({ state, ofInstance: held(12, 0), budget: { ...LIMITED, version: 2 } })).toMatchObject({
    denial: { limit: "instance" },
  });
  const raised = { ...LIMITED, limitMicros: 15 * USD, version: 2 };
  expect(ask({ state: lift(trippedAt(12), 2), ofInstance: held(12, 3), budget: raised })).toMatchObject({
    denial: { limitMicros: 15 * USD },
  });
  expect(ask({ state: trippedAt(12), ofInstance: held(12, 0) })).toMatchObject({ denial: { limit: "instance" } });
});

describe("laws", () => {
  const INSTANCES = 3;
  const amount = fc.integer({ min: 1, max: 6 }).map((usd) => usd * USD);
  /** What agents do, each to the instance and the lease that it draws. */
  const happening = fc.record({
    is: fc.constantFrom("reserve" as const, "reserve" as const, "spend" as const, "give back" as const),
    instance: fc.nat(INSTANCES - 1),
    lease: fc.nat(20),
    micros: amount,
    /** How much of what was held a call costs. */
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const limit = fc.option(fc.integer({ min: 1, max: 30 }).map((usd) => usd * USD));

  type Lease = { instance: number; micros: number };
  type World = { budget: Budget; spent: number[]; leases: Lease[] };
  const total = (numbers: number[]): number => numbers.reduce((sum, one) => sum + one, 0);
  const heldOf = ({ spent, leases }: World, instance: number): Held => ({
    spentMicros: spent[instance] ?? 0,
    reservedMicros: total(leases.filter((one) => one.instance === instance).map(({ micros }) => micros)),
  });
  const heldOfAll = ({ spent, leases }: World): Held => ({
    spentMicros: total(spent),
    reservedMicros: total(leases.map(({ micros }) => micros)),
  });
  const questionOf = (world: World, { instance, micros }: Lease): Question => ({
    budget: world.budget,
    state: null,
    day: DAY,
    micros,
    ofInstance: heldOf(world, instance),
    ofDay: world.budget.dailyLimitMicros === null ? null : heldOfAll(world),
  });
  const sum = ({ spentMicros, reservedMicros }: Held): number => spentMicros + reservedMicros;

  type Happening = { is: "reserve" | "spend" | "give back"; lease: number; share: number } & Lease;

  function happen(world: World, { is, instance, micros, lease, share }: Happening): void {
    const { leases, spent } = world;
    if (is === "reserve") {
      const asked = { instance, micros };
      if (decideReservation(questionOf(world, asked)).denial === null) leases.push(asked);
      return;
    }
    const [taken] = leases.splice(lease % Math.max(1, leases.length), 1);
    if (is === "spend" && taken !== undefined)
      spent[taken.instance] = (spent[taken.instance] ?? 0) + Math.round(taken.micros * share);
  }

  /** Plays what happens, and looks after each of it. */
  function always(look: (world: World) => void): void {
    fc.assert(
      fc.property(limit, limit, fc.array(happening, { maxLength: 60 }), (limitMicros, dailyLimitMicros, all) => {
        const budget = { ...LIMITED, limitMicros, dailyLimitMicros };
        const world: World = { budget, spent: Array.from({ length: INSTANCES }, () => 0), leases: [] };
        for (const one of all) {
          happen(world, one);
          look(world);
        }
      }),
      { numRuns: 500 },
    );
  }

  test("what is spent and held never exceeds a limit, whatever comes in between", () => {
    always((world) => {
      const { limitMicros, dailyLimitMicros } = world.budget;
      for (let one = 0; one < INSTANCES; one += 1)
        expect(sum(heldOf(world, one))).toBeLessThanOrEqual(limitMicros ?? Number.POSITIVE_INFINITY);
      expect(sum(heldOfAll(world))).toBeLessThanOrEqual(dailyLimitMicros ?? Number.POSITIVE_INFINITY);
    });
  });

  test("nothing that fits is refused, and what remains is exactly what fits", () => {
    always((world) => {
      const answer = decideReservation(questionOf(world, { instance: 0, micros: USD }));
      if (answer.denial !== null) {
        const { limitMicros, spentMicros, reservedMicros } = answer.denial;
        expect(spentMicros + reservedMicros + USD).toBeGreaterThan(limitMicros);
        return;
      }
      if (answer.remainingMicros === null) return;
      const whole = USD + answer.remainingMicros;
      expect(decideReservation(questionOf(world, { instance: 0, micros: whole })).denial).toBeNull();
      expect(decideReservation(questionOf(world, { instance: 0, micros: whole + 1 })).denial).not.toBeNull();
    });
  });

  test("it refuses exactly what would trip a limit if it were spent", () => {
    const spent = fc.integer({ min: 0, max: 12 }).map((usd) => usd * USD);
    const budgets = fc.record({ limitMicros: limit, dailyLimitMicros: limit, version: fc.constantFrom(1, 2) });
    const cases = fc.tuple(spent, spent, amount, fc.boolean(), fc.constantFrom(DAY, "2026-02-28"));
    fc.assert(
      fc.property(budgets, budgets, cases, (earlier, other, [before, others, micros, isRaised, wasOn]) => {
        const step = (change: Partial<Budget>, state: BreakerState | null, costMicros: number, on = DAY) => {
          const budget = { ...LIMITED, ...change };
          const day = { day: on, dayMicros: costMicros + others };
          const facts = { costMicros, nSteps: 1, elapsedMs: 0, calls: [], ...day };
          return { budget, ...decide({ budget, state, facts, baseline: { costs: [], steps: [], seconds: [] } }) };
        };
        // A budget that is another one has another version.
        const later = other.version === earlier.version ? earlier : other;
        // It may have been stopped before, under this budget or another, today or not, and was let go on, or further.
        const stopped = step({ ...earlier, action: isRaised ? "ask" : "pause" }, null, before, wasOn).state;
        const state = isRaised ? raise(stopped) : lift(stopped, later.version);
        const { budget, action } = step(later, state, before + micros);
        const ofInstance = { spentMicros: before, reservedMicros: 0 };
        const ofDay = { spentMicros: before + others, reservedMicros: 0 };
        const { denial } = decideReservation({ budget, state, day: DAY, micros, ofInstance, ofDay });
        expect(denial !== null).toBe(action !== null);
      }),
      { numRuns: 2000 },
    );
  });
});
