import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "./canonical-json";
import { type JsonChange, jsonDiff } from "./json-diff";

/** The place of a pointer in a value whose parent is `{ of: … }`. */
function place(root: object, path: string): { parent: Record<string, unknown>; name: string } {
  const parts = ["of", ...path.split("/").slice(1)].map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const name = parts.pop() ?? "";
  const parent = parts.reduce<unknown>(
    (value, part) => Object.getOwnPropertyDescriptor(value, part)?.value,
    root,
  ) as Record<string, unknown>; // a place that the difference names is inside an object or a list
  return { parent, name };
}

function apply(value: unknown, changes: JsonChange[]): unknown {
  const root = structuredClone({ of: value });
  // From the end of lists, so that what is removed moves nothing that is still to be changed.
  for (const { path, is, after } of changes.toReversed()) {
    const { parent, name } = place(root, path);
    if (is !== "removed")
      Object.defineProperty(parent, name, { value: after, enumerable: true, configurable: true, writable: true });
    else if (Array.isArray(parent)) parent.splice(Number(name), 1);
    else delete parent[name];
  }
  return root.of;
}

describe("the difference of two JSON values", () => {
  test("names the deepest places as JSON pointers", () => {
    const before = { same: 1, list: [1, 2], "a/b~": { x: "old" }, gone: null };
    const after = { same: 1, list: [1, 3, 4], "a/b~": { x: "new" }, come: [] };
    expect(jsonDiff(before, after)).toEqual([
      { path: "/list/1", is: "changed", before: 2, after: 3 },
      { path: "/list/2", is: "added", after: 4 },
      { path: "/a~1b~0/x", is: "changed", before: "old", after: "new" },
      { path: "/gone", is: "removed", before: null },
      { path: "/come", is: "added", after: [] },
    ]);
    expect(jsonDiff("text", { now: "an object" })).toEqual([
      { path: "", is: "changed", before: "text", after: { now: "an object" } },
    ]);
  });

  test("is empty exactly between equals, and makes one of the other", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const [before, after] = [JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b))];
        const changes = jsonDiff(before, after);
        expect(changes.length === 0).toBe(canonicalJson(before) === canonicalJson(after));
        expect(canonicalJson(apply(before, changes))).toBe(canonicalJson(after));
      }),
      { numRuns: 1000 },
    );
  });

  test.each(["constructor", "toString", "__proto__"])("takes a member called %s like any other", (name) => {
    const value = JSON.parse(`{"${name}": 1}`);
    expect(jsonDiff({}, value)).toEqual([{ path: `/${name}`, is: "added", after: 1 }]);
    expect(jsonDiff(value, {})).toEqual([{ path: `/${name}`, is: "removed", before: 1 }]);
  });
});
