import { expect, test } from "vitest";
import { DEFAULT_DYNAMIC, type Definition } from "./definition";
import { type Reached, stageStatuses } from "./stage-statuses";

const STATIC: Definition = {
  ...DEFAULT_DYNAMIC,
  kind: "static",
  stages: [
    { name: "Fetch", timeoutSeconds: null },
    { name: "Train", timeoutSeconds: null },
  ],
};
const reached = (path: string, more: Partial<Reached> = {}): Reached => ({
  path,
  status: "success",
  stage_name: null,
  agent: null,
  ...more,
});

test("declared stages that have not come are pending under their names, in whatever state the instance is", () => {
  const shape = { rules: STATIC, reached: [reached("1", { agent: "gpt" })], model: [] };
  const expected = {
    "1": { status: "healthy", stage_name: "Fetch", agent_code: "gpt" },
    "2": { status: "pending", stage_name: "Train" },
  };
  expect(stageStatuses({ ...shape, status: "running" })).toEqual(expected);
  expect(stageStatuses({ ...shape, status: "failed" })).toEqual(expected);
  expect(stageStatuses({ rules: STATIC, status: null, reached: [], model: [] })).toMatchObject({
    "1": { status: "pending" },
    "2": { status: "pending" },
  });
});

test("a name that a signal brings counts more than the declared one", () => {
  const stages = stageStatuses({
    rules: STATIC,
    status: "failed",
    reached: [reached("2", { stage_name: "GPU", status: "failed" })],
    model: [],
  });
  expect(stages["2"]).toEqual({ status: "failed", stage_name: "GPU" });
});

test("of a dynamic workflow those are pending that the last completed instance had, until it is completed itself", () => {
  const model = [reached("1", { stage_name: "Ingest" }), reached("2.1", { stage_name: "GPU A", agent: "x" })];
  const shape = { rules: DEFAULT_DYNAMIC, reached: [reached("1"), reached("3")], model };
  expect(stageStatuses({ ...shape, status: "running" })).toEqual({
    "1": { status: "healthy", stage_name: "Ingest" },
    "2.1": { status: "pending", stage_name: "GPU A" },
    "3": { status: "healthy" },
  });
  expect(Object.keys(stageStatuses({ ...shape, status: "completed" }))).toEqual(["1", "3"]);
});

test("paths with dots are in the order in which a person counts", () => {
  const paths = ["2.10", "2.9", "10.1", "2.1.1", "2.1"];
  const stages = stageStatuses({
    rules: DEFAULT_DYNAMIC,
    status: "running",
    reached: paths.map((p) => reached(p)),
    model: [],
  });
  expect(Object.keys(stages)).toEqual(["2.1", "2.1.1", "2.9", "2.10", "10.1"]);
});
