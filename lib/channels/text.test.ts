import fc from "fast-check";
import { expect, test } from "vitest";
import { fitted, oneLine } from "./text";

const double = (character: string) => (character === "&" ? "&amp;" : character);

test.each<[string, number, string]>([
  ["abc", 3, "abc"],
  ["abcd", 3, "ab…"],
  ["", 3, ""],
  ["👍👍", 4, "👍👍"],
  ["👍👍", 3, "👍…"],
  ["👍👍", 2, "…"],
])("%j in %d is %j", (text, limit, result) => expect(fitted(text, limit)).toBe(result));

test("an escape is never cut in half", () => {
  expect(fitted("a&b", 7, double)).toBe("a&amp;b");
  expect(fitted("a&bc", 7, double)).toBe("a&amp;…");
  expect(fitted("a&bc", 6, double)).toBe("a…");
});

test("the limit holds and no character is torn, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (text, limit) => {
      const result = fitted(text, limit, double);
      expect(result.length).toBeLessThanOrEqual(limit);
      expect(Buffer.from(result).toString()).toBe(result);
    }),
  );
});

test("a name is one line", () => expect(oneLine(" a\r\nb\u2028c\0 ")).toBe("a b c"));
