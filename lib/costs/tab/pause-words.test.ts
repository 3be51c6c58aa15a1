import { expect, test } from "vitest";
import { type BreakerState, lift, NOTHING, type TrippedLimit } from "@/lib/costs/breaker-state";
import { NO_BUDGET } from "@/lib/costs/budget";
import { pauseWords } from "./pause-words";

const BUDGET = { ...NO_BUDGET, limitMicros: 2_000_000, dailyLimitMicros: 50_000_000, version: 3 };
const tripped = (micros: number, more: Partial<TrippedLimit> = {}): TrippedLimit => ({
  version: 3,
  micros,
  limitMicros: null,
  day: null,
  action: "pause",
  liftedAt: null,
  raisedTo: null,
  ...more,
});
const paused = (limits: Partial<BreakerState["limits"]>, pausedBy: BreakerState["pausedBy"]): BreakerState => ({
  ...NOTHING,
  limits: { ...NOTHING.limits, ...limits },
  pausedBy,
});

const ONE = paused({ budget_exceeded: tripped(2_010_000) }, ["budget_exceeded"]);

test("why an instance is paused is told with what it cost and what it may cost", () => {
  expect(pauseWords(ONE, BUDGET)).toBe("Paused: cost $2.01 exceeds the limit $2.00");
  const daily = { daily_limit_exceeded: tripped(50_100_000, { day: "2026-11-22" }) };
  expect(pauseWords(paused(daily, ["daily_limit_exceeded"]), BUDGET)).toBe(
    "Paused: cost of the workflow $50.10 on 2026-11-22 exceeds the daily limit $50.00",
  );
  const both = paused({ ...ONE.limits, ...daily }, ["budget_exceeded", "daily_limit_exceeded"]);
  expect(pauseWords(both, BUDGET)).toMatch(/limit \$2\.00, and cost of the workflow/);
});

test("a limit that was changed since is not told as the one it met", () => {
  expect(pauseWords(ONE, { ...BUDGET, limitMicros: 9_000_000, version: 4 })).toBe(
    "Paused: cost $2.01 exceeded the limit of that time",
  );
});

test("what it met is told where that is known: a limit that was raised, and one of before", () => {
  const again = { budget_exceeded: tripped(4_020_000, { limitMicros: 4_010_000, action: "ask", raisedTo: 6_020_000 }) };
  const state = paused(again, ["budget_exceeded"]);
  expect(pauseWords(state, BUDGET)).toBe("Paused: cost $4.02 exceeds the limit $4.01; an approval asks to raise it");
  expect(pauseWords(state, { ...BUDGET, limitMicros: null, version: 4 })).toMatch(
    /cost \$4\.02 exceeded the limit of that time, \$4\.01;/,
  );
});

test("that people are asked for a higher limit is told", () => {
  const asked = { budget_exceeded: tripped(2_010_000, { action: "ask", raisedTo: 4_010_000 }) };
  expect(pauseWords(paused(asked, ["budget_exceeded"]), BUDGET)).toBe(
    "Paused: cost $2.01 exceeds the limit $2.00; an approval asks to raise it",
  );
});

test("what no limit keeps paused has no such reason", () => {
  expect(pauseWords(null, BUDGET)).toBeNull();
  expect(pauseWords(lift(ONE, 3), BUDGET)).toBeNull();
  expect(pauseWords(paused({}, ["budget_exceeded"]), BUDGET)).toBe("Paused by a limit of its costs");
});
