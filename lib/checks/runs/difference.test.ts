import { expect, test } from "vitest";
import { differenceOf, saidInAll } from "./difference";
import { successRate } from "./rate";

test("fields are added, removed and changed, deeply", () => {
  const before = { rows: 1, host: "db-1", list: [1, { a: 1 }], same: { x: [null] } };
  const now = { rows: 2, list: [1, { a: 2 }], same: { x: [null] }, size: "3 MB" };
  expect(differenceOf(before, now, true)).toEqual({
    added: { size: "3 MB" },
    removed: { host: "db-1" },
    changed: { rows: { from: 1, to: 2 }, list: { from: [1, { a: 1 }], to: [1, { a: 2 }] } },
  });
});

test("nothing differs where nothing does, and a run that goes on may still say the rest", () => {
  expect(differenceOf({ a: 1 }, { a: 1 }, true)).toBeNull();
  expect(differenceOf({ a: 1, b: 2 }, { a: 1 }, false)).toBeNull();
  expect(differenceOf({ a: 1, b: 2 }, { a: 1 }, true)?.removed).toEqual({ b: 2 });
  // Names that every object inherits are fields like others.
  expect(differenceOf({}, { constructor: "x" }, true)?.added).toEqual({ constructor: "x" });
});

test("what a run said is what its end said over its start", () => {
  expect(saidInAll({ metadata: { a: 1, b: 1 } }, { metadata: { b: 2 } })).toEqual({ a: 1, b: 2 });
  expect(saidInAll(null, null)).toEqual({});
});

test("the rate counts runs whose outcome is known", () => {
  expect(successRate({ success: 3, failed: 1, running: 5, abandoned: 9 })).toBe(0.75);
  expect(successRate({ success: 1, timed_out: 1 })).toBe(0.5);
  expect(successRate({ running: 1, abandoned: 2 })).toBeNull();
});
