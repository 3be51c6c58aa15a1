import { expect, test } from "vitest";
import { MetricSettings } from "./schema";

const complaint = (metrics: unknown) => {
  const issue = MetricSettings.safeParse(metrics).error?.issues[0];
  return issue === undefined ? null : `${issue.path.join(".")} ${issue.message}`;
};

test("names are trimmed, bounds that are not asked are left out, and none is null", () => {
  expect(
    MetricSettings.parse([
      { name: " rows ", min: 1, max: null },
      { name: "lag", min: 0, max: 0 },
      { name: "any", other: 1 },
    ]),
  ).toEqual([{ name: "rows", min: 1 }, { name: "lag", min: 0, max: 0 }, { name: "any" }]);
  expect(MetricSettings.parse([])).toBeNull();
  expect(MetricSettings.parse(null)).toBeNull();
});

test.each([
  ["rows", " is not an array"],
  [["rows"], "0 is not an object"],
  [[{}], "0.name has a name that is not a string"],
  [[{ name: " " }], "0.name has no name"],
  [[{ name: "x".repeat(101) }], "0.name has a name that is too long"],
  [[{ name: "a\0b" }], "0.name has a name with characters that cannot be stored"],
  [[{ name: "a\ud800" }], "0.name has a name with characters that cannot be stored"],
  [[{ name: "a", min: "1" }], "0.min has a bound that is not a number"],
  [[{ name: "a", max: Number.POSITIVE_INFINITY }], "0.max has a bound that is not a number"],
  [[{ name: "a", max: 1e101 }], "0.max has a bound that is too large"],
  [[{ name: "a", min: -1e101 }], "0.min has a bound that is too small"],
  [[{ name: "a", min: 2, max: 1 }], "0.max has a largest value below the smallest"],
  [[{ name: "a" }, { name: " a" }], "1.name has a name that is used twice"],
  [Array.from({ length: 21 }, (_, index) => ({ name: `m${index}` })), " has too many items"],
])("%j is refused", (metrics, message) => {
  expect(complaint(metrics)).toBe(message);
});
