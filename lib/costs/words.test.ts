import { expect, test } from "vitest";
import type { Anomaly } from "./anomaly";
import type { Trip } from "./breaker";
import { tripWords } from "./words";

const USD = 1_000_000;
const TOLD = { currentMicros: 105.5 * USD, thresholdMicros: 100 * USD, action: "terminate", occasion: "v1" } as const;
const unusual = (anomaly: Anomaly): Trip => ({ ...TOLD, type: "cost_anomaly", anomaly });
const cost = { foundMicros: 9.3 * USD, usualMicros: 3_333_333.333, thresholdMicros: 9 * USD, times: 2.5 };

test.each<[Trip, string]>([
  [{ ...TOLD, type: "budget_exceeded" }, "Instance cost $105.50 exceeds budget limit $100.00"],
  [
    { ...TOLD, type: "budget_threshold", currentMicros: 50_000_001, thresholdMicros: 50 * USD },
    "Instance cost $50.000001 reached alert threshold $50.00",
  ],
  [
    {
      ...TOLD,
      type: "daily_limit_exceeded",
      day: "2024-01-15",
      currentMicros: 1512 * USD,
      thresholdMicros: 1500 * USD,
    },
    "Workflow cost $1,512.00 on 2024-01-15 exceeds daily limit $1,500.00",
  ],
  [
    unusual({ reason: "multiple", ...cost }),
    "Instance cost $9.30 exceeds 2.5 times the average $3.33 of earlier instances",
  ],
  [
    unusual({ reason: "spike", ...cost, usualMicros: 12_345.6, times: null }),
    "Instance cost $9.30 is far above the median $0.012346 of earlier instances",
  ],
  [
    unusual({ reason: "minute_rate", ...cost, usualMicros: 2_100_000, times: 3 }),
    "Instance cost per minute $9.30 exceeds 3 times the usual maximum $2.10",
  ],
  [
    unusual({ reason: "step_rate", ...cost, usualMicros: 0, times: 3 }),
    "Instance cost per step $9.30 exceeds 3 times the usual maximum $0.00",
  ],
  [unusual({ reason: "repeated_calls", count: 5 }), "Instance made the same tool call 5 times in a row"],
])("%#", (trip, words) => {
  expect(tripWords(trip)).toBe(words);
});
