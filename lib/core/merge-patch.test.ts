import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "./canonical-json";
import { mergePatch } from "./merge-patch";

// The examples of RFC 7396, Appendix A.
const EXAMPLES: [target: unknown, patch: unknown, result: unknown][] = [
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [
    ["a", "b"],
    ["c", "d"],
    ["c", "d"],
  ],
  [{ a: "b" }, ["c"], ["c"]],
  [{ a: "foo" }, null, null],
  [{ a: "foo" }, "bar", "bar"],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: "b", c: null }, { a: "b" }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

describe("a merge patch", () => {
  test.each(EXAMPLES)("makes of %j with %j %j", (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });

  const object = fc.dictionary(fc.string(), fc.jsonValue());

  test("changes neither, and applied twice gives the same", () => {
    fc.assert(
      fc.property(object, object, (target, patch) => {
        const before = [canonicalJson(target), canonicalJson(patch)];
        const once = mergePatch(target, patch);
        expect([canonicalJson(target), canonicalJson(patch)]).toEqual(before);
        expect(canonicalJson(mergePatch(once, patch))).toBe(canonicalJson(once));
      }),
    );
  });

  test("takes members of any name", () => {
    const patch = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2}');
    expect(JSON.stringify(mergePatch({}, patch))).toBe('{"__proto__":{"polluted":1},"constructor":2}');
    expect("polluted" in {}).toBe(false);
  });
});
