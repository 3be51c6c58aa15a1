import { expect, test } from "vitest";
import { MASK, mergePatch } from "./merge";

const stored = { url: "https://a.example/", secret: "s", headers: { "X-A": "1", "X-B": "2" } };

test.each([
  ["nothing", {}, stored],
  ["a value", { url: "https://b.example/" }, { ...stored, url: "https://b.example/" }],
  ["null", { secret: null }, { url: stored.url, headers: stored.headers }],
  [
    "a nested value",
    { headers: { "X-B": "3", "X-C": "4" } },
    { ...stored, headers: { "X-A": "1", "X-B": "3", "X-C": "4" } },
  ],
  ["a nested null", { headers: { "X-A": null } }, { ...stored, headers: { "X-B": "2" } }],
  ["what was shown", { headers: { "X-A": MASK, "X-B": MASK } }, stored],
  [
    "a mask that hides nothing",
    { headers: { "X-C": MASK } },
    { ...stored, headers: { ...stored.headers, "X-C": MASK } },
  ],
])("%s", (_what, patch, merged) => expect(mergePatch(stored, patch)).toEqual(merged));

test("neither side is changed", () => {
  const before = structuredClone(stored);
  mergePatch(stored, { headers: { "X-A": "9" } });
  expect(stored).toEqual(before);
});
