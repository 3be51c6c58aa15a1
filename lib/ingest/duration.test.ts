import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDuration } from "./duration";

test.each([
  ["12.5s", 12_500],
  ["250ms", 250],
  ["1m30s", 90_000],
  ["2h", 7_200_000],
  ["1d2h3m4s5ms", 93_784_005],
  ["12.5", 12_500],
  [12.5, 12_500],
  ["0", 0],
  [" 3S ", 3000],
])("%s is %i ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  "",
  " ",
  "soon",
  "-3s",
  "1m30",
  "30s1",
  "1e3",
  "12,5s",
  "s",
  "1 m",
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -1,
  "9".repeat(30),
])("%s cannot be read", (text) => {
  expect(parseDuration(text)).toBeNull();
});

test("any text is either read as a whole number of milliseconds or not at all", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\d.]{0,9}(ms|s|m|h|d)?$/)), (text) => {
      const ms = parseDuration(text);
      expect(ms === null || (Number.isSafeInteger(ms) && ms >= 0)).toBe(true);
    }),
  );
});
