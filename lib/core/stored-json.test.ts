import fc from "fast-check";
import { expect, test } from "vitest";
import { depthOf } from "./json-depth";
import { jsonText, StoredJson } from "./stored-json";

test("text that is JSON already stays as it is, other values become text", () => {
  expect([
    jsonText(new StoredJson("[1 ]")),
    jsonText({ a: 1 }),
    jsonText(null),
    jsonText(undefined),
    jsonText(0),
  ]).toEqual(["[1 ]", '{"a":1}', null, null, "0"]);
});

test("the depth of JSON is that of its lists and objects, whatever its texts hold", () => {
  const depth = (value: unknown): number =>
    typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0;
  fc.assert(fc.property(fc.jsonValue(), (value) => depthOf(JSON.stringify(value)) === depth(value)));
  expect(depthOf('["[[[\\"[[["]')).toBe(1);
  expect(depthOf('["\\')).toBe(1);
});
