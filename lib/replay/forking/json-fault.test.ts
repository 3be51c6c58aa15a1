import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonFault } from "./json-fault";

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test.each([
  ["", "Line 1, column 1: a value is missing."],
  ['{"a": 1,\n "b" 2}', "Line 2, column 6: a colon is missing."],
  ['{"a": 1\n "b": 2}', "Line 2, column 2: a comma or } is missing."],
  ['{"a": [1 2]}', "Line 1, column 10: a comma or ] is missing."],
  ['{"a": 1,}', "Line 1, column 9: there is a comma too many before it."],
  ["{a: 1}", "Line 1, column 2: a name in double quotes is missing."],
  ["{'a': 1}", "Line 1, column 2: a name in double quotes is missing."],
  ['{"a": yes}', "Line 1, column 7: texts stand in double quotes."],
  ['{"a": }', "Line 1, column 7: a value is missing."],
  ['{"a": "b\n"}', "Line 1, column 7: a text begins that is not closed on its line."],
  ['{"a": "\\x"}', "Line 1, column 8: there is no such escape."],
  ['{"a": 1} x', "Line 1, column 10: nothing may follow here."],
  ['{"a": 1', "Line 1, column 8: a comma or } is missing."],
  ['{"a": 01}', "Line 1, column 8: a comma or } is missing."],
])("%j is refused in words", (text, words) => {
  expect(jsonFault(text)).toBe(words);
});

test("whatever is no JSON has a place where it stops being it, and what is JSON has none", () => {
  const broken = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom("", '"', ",", "}", "]", "{", ":", "\\", "x", "\n", "'", "0"))
    .map(([text, at, put]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + put + text.slice(place + (at % 3));
    });
  fc.assert(
    fc.property(fc.oneof(fc.json(), broken, fc.string()), (text) => {
      const fault = jsonFault(text);
      if (isJson(text)) expect(fault).toBeNull();
      else expect(fault).toMatch(/^Line \d+, column \d+: .+\.$/);
    }),
    { numRuns: 2000 },
  );
});

test("nesting without end is no reason to fall over", () => {
  expect(jsonFault("[".repeat(200_000))).toMatch(/\.$/);
});
