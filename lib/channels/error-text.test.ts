import fc from "fast-check";
import { expect, test } from "vitest";
import { errorText } from "./error-text";

test.each([
  ["HTTP 500: a\r\n\tb\0c  ", [], "HTTP 500: a b c"],
  ["you sent Bearer abc and abc", ["Bearer abc", "abc"], "you sent *** and ***"],
  ["kept", [""], "kept"],
])("%j", (text, secrets, expected) => expect(errorText(text, secrets)).toBe(expected));

test("is never longer than 300 characters nor cuts one in half", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 290, maxLength: 700 }), (text) => {
      const short = errorText(text);
      expect([...short].length).toBeLessThanOrEqual(300);
      expect(Buffer.from(short).toString()).toBe(short);
    }),
  );
});
