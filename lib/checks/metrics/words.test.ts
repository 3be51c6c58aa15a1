import { expect, test } from "vitest";
import type { Bounds } from "./metric";
import { askedWords, boundWords, meanWords, valueWords } from "./words";

test.each([
  ["rows", 0, "0"],
  ["rows", 120, "120"],
  ["rows", 48_211, "48,211"],
  ["rows", 123_456_789, "123,456,789"],
  ["rows", -0.25, "-0.25"],
  ["rows", 0.1 + 0.2, "0.3"],
  ["rows", 1.00001, "1.00001"],
  ["rows", 0.00001, "0.00001"],
  ["rows", 1.5e-9, "1.5e-9"],
  ["rows", 1e15, "1000000000000000"],
  ["rows", 1e100, "1e+100"],
  ["duration", 12.5, "12.5 s"],
  ["ping", 35, "35 ms"],
])("%s of %d is %s", (name, value, words) => {
  expect(valueWords(name, value)).toBe(words);
});

test("a mean is rounded, but never in what lies before the point", () => {
  expect(meanWords("rows", 1 / 3)).toBe("0.33333");
  expect(meanWords("rows", 1_234_567.8)).toBe("1,234,568");
  expect(meanWords("ping", 2 / 3)).toBe("0.66667 ms");
});

test.each<[Bounds & { name: string }, string | null]>([
  [{ name: "rows", min: 1 }, "at least 1"],
  [{ name: "rows", max: 0 }, "at most 0"],
  [{ name: "duration", min: 1, max: 600 }, "1 s to 600 s"],
  [{ name: "rows" }, null],
  [{ name: "rows", min: null, max: null }, null],
  [{ name: "rows", min: null, max: 0 }, "at most 0"],
])("what %j asks", (setting, words) => {
  expect(askedWords(setting)).toBe(words);
});

test("which numbers were outside, the first three of them", () => {
  const rows = { name: "rows", min: 1, value: 0 };
  expect(boundWords([rows])).toBe("rows was 0, at least 1 is asked");
  expect(boundWords([rows, { name: "ping", max: 500, value: 612 }])).toBe(
    "rows was 0, at least 1 is asked; ping was 612 ms, at most 500 ms is asked",
  );
  expect(boundWords(Array.from({ length: 5 }, () => rows))).toMatch(/; and 2 more$/);
  expect(boundWords([{ ...rows, name: "x".repeat(100) }])).toContain(`${"x".repeat(60)}… was 0`);
});
