import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rowAfterKey, rowsInView, scrollTo } from "./windowing";

const ROW = 32;

describe("rows in view", () => {
  test.each([
    ["the top", 10_000, { scrollTop: 0, height: 320 }, { first: 0, end: 18 }],
    ["the middle", 10_000, { scrollTop: 3200, height: 320 }, { first: 92, end: 118 }],
    ["between two rows", 10_000, { scrollTop: 3210, height: 320 }, { first: 92, end: 119 }],
    ["the end", 10_000, { scrollTop: 9990 * ROW, height: 320 }, { first: 9982, end: 10_000 }],
    ["beyond the end, after rows went away", 20, { scrollTop: 5000, height: 320 }, { first: 2, end: 20 }],
    ["above the top, as touch screens bounce", 20, { scrollTop: -50, height: 320 }, { first: 0, end: 18 }],
    ["no rows", 0, { scrollTop: 0, height: 320 }, { first: 0, end: 0 }],
    ["fewer than fit", 3, { scrollTop: 0, height: 320 }, { first: 0, end: 3 }],
  ])("at %s", (_where, count, view, expected) => {
    expect(rowsInView(count, ROW, view)).toEqual(expected);
  });

  test("are few however many there are, and all that the window shows", () => {
    const view = fc.record({ scrollTop: fc.nat({ max: 400_000 }), height: fc.integer({ min: 1, max: 2000 }) });
    fc.assert(
      fc.property(fc.nat({ max: 10_000 }), view, (count, seen) => {
        const { first, end } = rowsInView(count, ROW, seen);
        expect(end - first).toBeLessThanOrEqual(Math.ceil(seen.height / ROW) + 1 + 16);
        const top = Math.min(seen.scrollTop, Math.max(0, count * ROW - seen.height));
        expect(first * ROW).toBeLessThanOrEqual(top);
        expect(end * ROW).toBeGreaterThanOrEqual(Math.min(count * ROW, top + seen.height));
      }),
    );
  });
});

test("a list is scrolled no further than a row asks for", () => {
  expect(scrollTo(3, ROW, { scrollTop: 0, height: 320 })).toBe(0);
  expect(scrollTo(10, ROW, { scrollTop: 0, height: 320 })).toBe(32);
  expect(scrollTo(3, ROW, { scrollTop: 320, height: 320 })).toBe(96);
  expect(scrollTo(0, ROW, { scrollTop: 0, height: 10 })).toBe(22);
});

test.each([
  ["ArrowDown", null, 0],
  ["End", null, 9],
  ["ArrowDown", 3, 4],
  ["ArrowDown", 9, 9],
  ["ArrowUp", 0, 0],
  ["ArrowUp", 5, 4],
  ["PageDown", 2, 6],
  ["PageUp", 2, 0],
  ["Home", 5, 0],
  ["End", 5, 9],
  ["x", 5, null],
])("the key %s leads from %s to %s", (key, present, expected) => {
  expect(rowAfterKey(key, present, { count: 10, page: 4 })).toBe(expected);
});

test("no key leads into a list without rows", () => {
  expect(rowAfterKey("Home", null, { count: 0, page: 4 })).toBeNull();
});
