import fc from "fast-check";
import { expect, test } from "vitest";
import { fitted, oneLine, unlinked } from "./text";

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

test.each([
  [
    "see http://a.example/x and HTTPS://b.example",
    "see http:\u200b//a.\u200bexample/x and HTTPS:\u200b//b.\u200bexample",
  ],
  ["mail a@b.example or c。example", "mail a@\u200bb.\u200bexample or c。\u200bexample"],
  ["v1.2.3 costs 1.50: 10:30 @ noon. End", "v1.2.3 costs 1.50: 10:30 @ noon. End"],
  ["a\r\nb\rc\u2028d\te\n", "a\nb\nc\nd\te\n"],
  ["a\u202eb\u2066c\u200bd\u0000e\u{e0061}f", "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf"],
  ["שלום 👩‍🚀 می‌خواهم", "שלום 👩‍🚀 می‌خواهم"],
])("%j of a stranger is shown as %j", (text, shown) => expect(unlinked(text)).toBe(shown));
