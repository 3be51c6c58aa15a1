import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dropPlace, formErrors, formOf, moved, newForm, newStage, refusedFields, toCreate, toUpdate } from "./form";
import { CreateWorkflow, UpdateWorkflow, type Workflow } from "./schema";

const STORED: Workflow = {
  id: "swf0123456789abcdef",
  kind: "static",
  name: "Nightly",
  validation_mode: "flexible",
  strict_agents: true,
  grace_period_seconds: 900,
  instance_timeout_seconds: null,
  stages: [
    { order: 1, name: "Extract", timeout_seconds: null },
    { order: 2, name: "Load", timeout_seconds: 7200 },
  ],
  channels: null,
  version: 1,
  health: "new",
  running_instances: 0,
  last_instance: null,
  muted_until: null,
  url: "http://localhost/shk/swf0123456789abcdef",
  created_at: "2026-01-05T12:00:00.000Z",
  updated_at: "2026-01-05T12:00:00.000Z",
};

const filled = () => ({ ...newForm(), name: "Nightly", stages: [newStage("a", "Extract"), newStage("b", "Load")] });

describe("a workflow that exists", () => {
  test("comes back out of its form as it was", () => {
    const { name, validation_mode, strict_agents, grace_period_seconds, instance_timeout_seconds, channels } = STORED;
    const settings = { name, validation_mode, strict_agents, grace_period_seconds, instance_timeout_seconds, channels };
    const stages = STORED.stages.map(({ order: _, ...stage }) => stage);
    expect(UpdateWorkflow.parse(toUpdate(formOf(STORED)))).toEqual({ ...settings, stages });
    expect(formErrors(formOf(STORED), false)).toEqual({});
  });

  test("says nothing of stages when it declares none", () => {
    const dynamic: Workflow = { ...STORED, kind: "dynamic", id: "dwf_0123456789abcdef", stages: [], channels: ["a"] };
    expect(toUpdate(formOf(dynamic))).not.toHaveProperty("stages");
    expect(toUpdate(formOf(dynamic)).channels).toEqual(["a"]);
    // Its id is of a form that nobody may choose.
    expect(formErrors({ ...formOf(dynamic), channels: [] }, false)).toEqual({});
  });
});

test("a new one is what the API takes; an id is said only of a dynamic one that has one", () => {
  expect(CreateWorkflow.parse(toCreate({ ...filled(), id: "ignored" }))).not.toHaveProperty("id");
  expect(toCreate({ ...filled(), kind: "dynamic", id: " ml_pipeline " })).toMatchObject({ id: "ml_pipeline" });
  expect(toCreate({ ...filled(), kind: "dynamic" })).not.toHaveProperty("id");
  expect(toCreate({ ...filled(), mode: "strict", grace: { count: 5, unit: "minutes" } })).toMatchObject({
    grace_period_seconds: null,
  });
});

test("mistakes stand at the field they are about, in plain words", () => {
  const wrong = {
    ...filled(),
    name: " ",
    grace: { count: 0, unit: "minutes" as const },
    stages: [newStage("a", "Extract"), { ...newStage("b"), timeout: { count: 400, unit: "days" as const } }],
  };
  expect(formErrors(wrong, true)).toEqual({
    name: "Give it a name.",
    grace: "Enter at least one second and at most 365 days, or nothing.",
    "stages.1.name": "Give the stage a name.",
    "stages.1.timeout": "Enter at least one second and at most 365 days, or nothing.",
  });
  expect(formErrors({ ...filled(), stages: [] }, true)).toEqual({ stages: "A workflow must have 1 to 200 stages." });
  expect(formErrors({ ...filled(), kind: "dynamic", id: "has space" }, true)).toHaveProperty("id");
  expect(refusedFields({ "channels.0": "are not channels of this project", "stages.0.timeout_seconds": "x" })).toEqual({
    channels: "One of these channels is gone. Choose again.",
    "stages.0.timeout": "This x.",
  });
});

describe("the order of stages", () => {
  test("a move keeps all, and puts the one where it was asked to", () => {
    const list = fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(list, fc.nat(), fc.nat(), (items, a, b) => {
        const [from, to] = [a % items.length, b % items.length];
        const result = moved(items, from, to);
        expect(result[to]).toBe(items[from]);
        expect(result.filter((item) => item !== items[from])).toEqual(items.filter((item) => item !== items[from]));
      }),
    );
  });

  const rows = [0, 40, 80, 120].map((top) => ({ top, bottom: top + 40 }));
  test.each([
    [1, 60, 1],
    [1, 99, 1],
    [1, 101, 2],
    [1, 139, 2],
    [1, 900, 3],
    [1, 21, 1],
    [1, 19, 0],
    [3, -50, 0],
    [0, -50, 0],
  ])("row %i goes with the pointer at %i to %i", (from, y, to) => {
    expect(dropPlace(rows, from, y)).toBe(to);
  });
});
