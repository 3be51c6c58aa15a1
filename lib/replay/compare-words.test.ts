import { describe, expect, test } from "vitest";
import { usdWords } from "@/lib/core/money";
import type { CompareRow } from "./compare-rows";
import { comparisonSentence, differenceWords, namesOf, totalLines } from "./compare-words";

const NAMES = { a: "#3", b: "#4" };
const cell = (step: number) => ({ step, stageName: null, costMicros: null });
const same = (step: number): CompareRow => ({
  kind: "same",
  class: null,
  path: String(step + 1),
  a: cell(step),
  b: cell(step),
});
const input = (step: number): CompareRow => ({ ...same(step), kind: "changed", class: "input" });

describe("where two instances part", () => {
  test.each<[string, CompareRow[], number | null, string]>([
    ["nothing has come", [], null, "Neither has a step yet."],
    ["nothing differs", [same(0)], null, "No difference. Ids, moments and response times do not count."],
    ["at once", [input(0)], 0, "They differ from the first step on (stage 1); there the input differs."],
    [
      "later",
      [same(0), same(1), same(2), input(3)],
      3,
      "They are the same up to step 3 (stage 4); there the input differs.",
    ],
    [
      "where one goes on",
      [same(0), { ...same(1), kind: "extra", class: "extra", a: null }],
      1,
      "They are the same up to step 1 (stage 2); there #4 did what #3 did not.",
    ],
  ])("%s", (_, rows, divergence, sentence) => {
    expect(comparisonSentence(rows, divergence, NAMES)).toBe(sentence);
  });
});

test("what differs is said of whom it is", () => {
  expect(differenceWords(same(0), NAMES)).toBe("nothing differs");
  expect(differenceWords({ ...same(0), kind: "missing", class: "missing", b: null }, NAMES)).toBe(
    "#4 lacks what #3 did",
  );
  expect(differenceWords({ ...same(0), kind: "extra", class: "order", a: null }, NAMES)).toBe("the order differs");
});

test("totals have b − a with its sign, exact to a micro-dollar", () => {
  const a = {
    steps: 5,
    total_cost_usd: 0.3,
    total_tokens: 1500,
    input_tokens: 1000,
    output_tokens: 500,
    total_time_ms: 65_000,
  };
  const b = { ...a, steps: 7, total_cost_usd: 0.1, input_tokens: 1000, output_tokens: 1500, total_time_ms: 5000 };
  expect(totalLines(a, b).map(({ label, ...line }) => [label, ...Object.values(line)])).toEqual([
    ["Steps", "5", "7", "+2"],
    ["Cost", "$0.30", "$0.10", "−$0.20"],
    ["Tokens in", "1,000", "1,000", "±0"],
    ["Tokens out", "500", "1,500", "+1,000"],
    ["Time, first step to last", "1 min 5 s", "5 s", "−1 min"],
  ]);
  expect([0, 0.045001, -1234.5].map(usdWords)).toEqual(["$0.00", "$0.045001", "−$1,234.50"]);
});

test("instances of one workflow are called by their numbers, others with their workflows", () => {
  const one = { seq: 3, workflow: { id: "w", name: "Import" } };
  expect(namesOf(one, { ...one, seq: 4 })).toEqual(NAMES);
  expect(namesOf(one, { seq: 4, workflow: { id: "v", name: "Export" } })).toEqual({ a: "Import #3", b: "Export #4" });
});
