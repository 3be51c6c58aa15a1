import fc from "fast-check";
import { expect, test } from "vitest";
import { comparePaths, firstNumber, parsePath } from "./path";

test.each([
  ["1", "1"],
  ["0", "0"],
  ["007", "7"],
  ["2.01.3", "2.1.3"],
  ["123456789", "123456789"],
  [Array(20).fill("1").join("."), Array(20).fill("1").join(".")],
])("%s is the path %s", (text, path) => {
  expect(parsePath(text)).toBe(path);
});

test.each([
  "",
  ".",
  "1.",
  ".1",
  "1..2",
  "-1",
  "1,2",
  "a",
  " 1",
  "1 ",
  "1\n",
  "1e3",
  "１",
  "1234567890",
  Array(21).fill("1").join("."),
])("%j is none", (text) => {
  expect(parsePath(text)).toBeNull();
});

test("paths are ordered as a person counts", () => {
  const ordered = ["0", "1", "1.2", "1.10", "2", "2.1", "2.1.1", "10"];
  fc.assert(
    fc.property(fc.shuffledSubarray(ordered, { minLength: ordered.length }), (mixed) => {
      expect(mixed.toSorted(comparePaths)).toEqual(ordered);
    }),
  );
});

test("the first number of a path", () => {
  expect(["7", "12.3", "0.1"].map(firstNumber)).toEqual([7, 12, 0]);
});
