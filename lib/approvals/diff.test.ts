import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changeOf, type DiffLine, diffLines, foldUnchanged } from "./diff";

const text = fc.array(fc.constantFrom("a", "b", "c", "", "  a"), { maxLength: 12 }).map((parts) => parts.join("\n"));
const without = (lines: DiffLine[], is: DiffLine["is"]): string =>
  lines
    .filter((line) => line.is !== is)
    .map((line) => line.text)
    .join("\n");
const written = (lines: DiffLine[]): string =>
  lines.map((line) => `${{ same: " ", added: "+", removed: "-" }[line.is]}${line.text}`).join("|");

/** The length of the longest common subsequence, the slow and plain way. */
function longest(a: readonly string[], b: readonly string[]): number {
  const [first, ...rest] = a;
  if (first === undefined || b.length === 0) return 0;
  const at = b.indexOf(first);
  return Math.max(longest(rest, b), at === -1 ? 0 : 1 + longest(rest, b.slice(at + 1)));
}

describe("the difference of two texts", () => {
  test("holds both of them whole", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before, after);
        expect(without(lines, "added")).toBe(before);
        expect(without(lines, "removed")).toBe(after);
      }),
    );
  });

  test("keeps as many lines as can be kept", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const kept = diffLines(before, after).filter(({ is }) => is === "same").length;
        expect(kept).toBe(longest(before.split("\n"), after.split("\n")));
      }),
    );
  });

  test.each([
    ["a\nb\nc", "a\nx\nc", " a|-b|+x| c"],
    ["a\nb", "a\nb", " a| b"],
    ["a", "a\na", " a|+a"],
    ["a\nb\nc\nd", "b\nd\ne", "-a| b|-c| d|+e"],
    ["", "a", "-|+a"],
  ])("of %j and %j", (before, after, expected) => {
    expect(written(diffLines(before, after))).toBe(expected);
  });

  test("texts too long to be compared differ as a whole, apart from how they begin and end", () => {
    const many = (word: string) => Array.from({ length: 3000 }, (_, line) => `${word} ${line}`);
    const lines = diffLines(["{", ...many("old"), "}"].join("\n"), ["{", ...many("new"), "}"].join("\n"));
    expect(lines).toHaveLength(6002);
    expect(lines.map(({ is }) => is).filter((is, at, all) => is !== all[at - 1])).toEqual([
      "same",
      "removed",
      "added",
      "same",
    ]);
  });
});

test("what is far from a change is folded", () => {
  const before = Array.from({ length: 20 }, (_, line) => String(line));
  const after = before.with(10, "ten");
  const shown = foldUnchanged(diffLines(before.join("\n"), after.join("\n")), 2);
  expect(shown.map((line) => (line.is === "folded" ? line.count : line.text))).toEqual([
    8,
    "8",
    "9",
    "10",
    "ten",
    "11",
    "12",
    7,
  ]);
  expect(foldUnchanged(diffLines("a\nb", "a\nb"))).toEqual([{ is: "folded", count: 2 }]);
});

describe("arguments that describe a change", () => {
  test("are those that hold what was before and what comes after", () => {
    const lines = changeOf({ before: { replicas: 2, image: "shop:41" }, after: { replicas: 3, image: "shop:41" } });
    expect(written(lines ?? [])).toBe(' {|-  "replicas": 2,|+  "replicas": 3,|   "image": "shop:41"| }');
    expect(written(changeOf({ before: null, after: "text" }) ?? [])).toBe('-null|+"text"');
  });

  test("and not where something else would be approved unseen", () => {
    expect(changeOf({ before: { limit: 10 }, after: { limit: 11 }, transfer_to: "evil" })).toBeNull();
  });

  test.each([null, 1, "before", [], {}, { before: 1 }, { after: 1 }])("and not %j", (args) => {
    expect(changeOf(args)).toBeNull();
  });
});
