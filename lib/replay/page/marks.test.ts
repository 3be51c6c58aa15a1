import { expect, test } from "vitest";
import { marksPath } from "./marks";

test("steps are lines, and those that cannot be told apart are one", () => {
  expect(marksPath([], 1)).toBe("");
  expect(marksPath([0, 0, 1000, 1001, 4000], 4000)).toBe("M0 0v1M150 0v1M600 0v1");
  const many = Array.from({ length: 10_000 }, (_, at) => at);
  expect(marksPath(many, 9999).split("M")).toHaveLength(602);
});
