import { expect, test } from "vitest";
import { groupStages, learnedStages } from "./stage-groups";

test("branches stand at one place, in the order of counting", () => {
  // A JSON object gives whole numbers first.
  const learned = learnedStages({
    "1": { status: "healthy", stage_name: "Plan" },
    "3": { status: "pending" },
    "2.10": { status: "healthy" },
    "2.2": { status: "failed" },
  });
  const groups = groupStages(learned).map(({ first, branches }) => [first, ...branches.map(({ path }) => path)]);
  expect(groups).toEqual([
    [1, "1"],
    [2, "2.2", "2.10"],
    [3, "3"],
  ]);
  expect(learned[0]).toEqual({ path: "1", name: "Plan", timeoutSeconds: null });
});
