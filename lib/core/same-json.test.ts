import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json";
import { isSameJson } from "./same-json";

const json = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)));

test("what is the same is what has the same canonical form", () => {
  fc.assert(
    fc.property(json, json, (a, b) => {
      expect(isSameJson(a, b)).toBe(canonicalJson(a) === canonicalJson(b));
      expect(isSameJson(a, structuredClone(a))).toBe(true);
    }),
  );
});

test.each([
  ['{"a":1,"b":[2,{}]}', '{"b":[2,{}],"a":1}', true],
  ['{"a":1}', '{"b":1}', false],
  ['{"a":1}', '{"a":1,"b":null}', false],
  ['{"constructor":1}', "{}", false],
  ['{"__proto__":{"a":1}}', '{"__proto__":{"a":2}}', false],
  ["[1,2]", "[2,1]", false],
  ["[]", "{}", false],
  ["null", "{}", false],
  ["0", "-0", true],
])("%s and %s: %s", (a, b, expected) => {
  expect(isSameJson(JSON.parse(a), JSON.parse(b))).toBe(expected);
});
