import { expect, test } from "vitest";
import { previewWords, spreadWords } from "./preview-words";

const NOTHING = {
  period_days: 30,
  instances: 120,
  total_cost_usd: 50,
  would_stop: 0,
  would_warn: 0,
  days_over_limit: 0,
  saved_usd: 0,
  examples: [],
  highest_instance_usd: 5,
  median_instance_usd: 1.234567,
  p95_instance_usd: 4,
  suggested_limit_usd: null,
};

test("what a budget would have done is said in one sentence, more only where there is more", () => {
  expect(previewWords({ ...NOTHING, would_stop: 3, saved_usd: 12.4 }, true)).toBe(
    "In the last 30 days this would have stopped 3 of 120 instances and saved $12.40.",
  );
  expect(previewWords({ ...NOTHING, would_stop: 1, saved_usd: 0.001, would_warn: 1, days_over_limit: 2 }, true)).toBe(
    "In the last 30 days this would have stopped 1 of 120 instances and saved $0.001. You would have been told of 1 instance that it would not have stopped. 2 days would have been above the daily limit.",
  );
  expect(previewWords(NOTHING, true)).toBe("In the last 30 days this would have stopped none of 120 instances.");
});

test("one that is off is spoken of as if it were on, and without a past there is nothing to say", () => {
  expect(previewWords(NOTHING, false)).toBe(
    "The budget is off. Switched on, in the last 30 days this would have stopped none of 120 instances.",
  );
  expect(previewWords({ ...NOTHING, instances: 0 }, true)).toMatch(/^No instance began in the last 30 days/);
});

test("where costs lie is said in cents", () => {
  expect(spreadWords(NOTHING)).toBe(
    "Half of the instances cost up to $1.23, 95 of 100 up to $4.00, the dearest $5.00.",
  );
  expect(spreadWords({ ...NOTHING, highest_instance_usd: 0 })).toBeNull();
});
