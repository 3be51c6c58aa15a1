import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { depthOf } from "./json-depth";
import { scanJson } from "./json-scan";

/** What the parser says of it. */
function isNested(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}

const LEVELS = 5;

/** Pieces of JSON in any order: most of it is nearly valid. */
const pieces = fc.array(
  fc.constantFrom(
    ...'[]{},:"\\ \n\t\r\v\u00a0\u2028x-+.eE019',
    ...[
      '"a":',
      '"b"',
      "null",
      "true",
      "false",
      "nul",
      "1.5e3",
      "-0",
      "01",
      "1.",
      ".5",
      "1e",
      "\\u00e9",
      "\\u00g0",
      '\\"',
    ],
    ...["\0", "\x1f", "\x7f", "é", "\ud800", "𠀀", "[1,2]", "{}"],
  ),
  { maxLength: 12 },
);

describe("what the parser takes", () => {
  test("any value as JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), fc.constantFrom(undefined, 1, "\t"), (value, space) => {
        const text = JSON.stringify(value, null, space);
        const expected = isNested(text) && depthOf(text) <= LEVELS ? "json" : "none";
        expect(scanJson(text, LEVELS)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  test("and nothing else", () => {
    fc.assert(
      fc.property(pieces, fc.boolean(), (some, isWrapped) => {
        const text = isWrapped ? `[${some.join("")}]` : some.join("");
        expect(scanJson(text, 100) !== "none").toBe(isNested(text));
      }),
      { numRuns: 5000 },
    );
  });

  test("damaged JSON", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 2 }), (json, place, put) => {
        const at = place % (json.length + 1);
        const text = `${json.slice(0, at)}${put}${json.slice(at + 1)}`;
        expect(scanJson(text, 100) !== "none").toBe(isNested(text));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    '["',
    '["\\',
    '["\\u12',
    '["a\nb"]',
    '["a\u0000b"]',
    "[1,]",
    "{,}",
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    "{1:2}",
    "[1 2]",
    "[1]]",
    "[-]",
    "[1e]",
    "[+1]",
    "[undefined]",
    "\ufeff[]",
    "",
    "12",
    '"a"',
  ])("not %j", (text) => {
    expect(isNested(text)).toBe(false);
    expect(scanJson(text, 100)).toBe("none");
  });
});

test.each([
  ["[1e9999]", "json"],
  ["[1e10000]", "odd"],
  ['{"a":[0.5E+10000]}', "odd"],
  ["[1.0e-123456,2]", "odd"],
  ['["1e10000"]', "json"],
  ["[1234567890123]", "json"],
  ["[1e10000", "none"],
])("%s is %s", (text, kind) => {
  expect(scanJson(text, 100)).toBe(kind);
});

test("only so many levels", () => {
  const nested = (levels: number): string => `${'[{"a":'.repeat(levels / 2)}1${"}]".repeat(levels / 2)}`;
  expect(scanJson(nested(100), 100)).toBe("json");
  expect(scanJson(nested(102), 100)).toBe("none");
  expect(scanJson("[".repeat(1_000_000), 100)).toBe("none");
});

test("a long text takes no longer than it is long", () => {
  const long = "a\\n".repeat(1_000_000);
  expect(scanJson(`["${long}"]`, 100)).toBe("json");
  expect(scanJson(`["${long}`, 100)).toBe("none");
});
