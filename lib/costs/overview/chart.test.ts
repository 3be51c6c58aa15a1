import { expect, test } from "vitest";
import { barsOf, colourOf, colourVariable, partsOf } from "./chart";
import type { CostGroup } from "./schema";

const group = (key: string | null, usd: number): CostGroup => ({
  key,
  name: key ?? "Others",
  cost_usd: usd,
  share: 0,
  steps: 1,
  input_tokens: 0,
  output_tokens: 0,
  unpriced_steps: 0,
});
const DAYS = [
  { day: "2026-11-21", total_cost_usd: 1.25, costs: { "gpt-4.1": 1, "": 0.5 }, other_cost_usd: 0 },
  { day: "2026-11-22", total_cost_usd: 2, costs: {}, other_cost_usd: 2 },
];

test("parts are what cost anything, dearest first, under names that are safe as names of data", () => {
  const parts = partsOf([group("gpt-4.1", 1), group("", 0.5), group("unknown", 0), group(null, 2)], DAYS);
  expect(parts.map(({ id, key, colour }) => [id, key, colour])).toEqual([
    ["part0", "gpt-4.1", colourOf(0)],
    ["part1", "", colourOf(1)],
    ["others", null, colourOf(8)],
  ]);
  expect(barsOf(parts, DAYS)).toEqual([
    // Groups that overlap make a bar that is higher than what the day cost.
    { day: "2026-11-21", total: 1.25, height: 1.5, usd: { part0: 1, part1: 0.5, others: 0 } },
    { day: "2026-11-22", total: 2, height: 2, usd: { part0: 0, part1: 0, others: 2 } },
  ]);
});

test("others are there only when they cost anything", () => {
  expect(partsOf([group("a", 1)], DAYS.slice(0, 1)).map(({ id }) => id)).toEqual(["part0"]);
});

test("eight have colours of their own", () => {
  const groups = Array.from({ length: 12 }, (_, place) => group(`w${place}`, 12 - place));
  const colours = partsOf(groups, DAYS).map(({ colour }) => colour);
  expect([colours.length, new Set(colours).size]).toEqual([9, 9]);
  expect(colourVariable("blue.6")).toBe("var(--mantine-color-blue-6)");
});

test("a key that is the name of something else has a bar of its own", () => {
  const days = [
    { day: "2026-11-22", total_cost_usd: 3, costs: Object.fromEntries([["__proto__", 3]]), other_cost_usd: 0 },
  ];
  expect(barsOf(partsOf([group("__proto__", 3)], days), days)).toMatchObject([{ total: 3, usd: { part0: 3 } }]);
});
