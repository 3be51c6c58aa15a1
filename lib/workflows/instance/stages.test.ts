import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { comparePaths, depthOf } from "@/lib/workflows/path";
import type { TrackStep } from "./columns";
import { StageTally, stageTree } from "./stages";

const step = (path: string, fields: Partial<TrackStep> = {}): TrackStep => ({
  path,
  name: null,
  agent: null,
  at: 0,
  isFailed: false,
  isFinal: false,
  ...fields,
});

function tallied(steps: TrackStep[]): StageTally {
  const tally = new StageTally();
  for (const [index, one] of steps.entries()) tally.take(one, index);
  return tally;
}

const linesOf = (steps: TrackStep[], pending: { path: string; name: string | null }[] = []): string[] =>
  stageTree(tallied(steps).stages, pending).map(
    ({ path, name, status, count, depth }) => `${"  ".repeat(depth)}${path} ${name ?? "-"} ${status} ${count}`,
  );

describe("the stages of an instance", () => {
  test("are what came last for each path, and how often", () => {
    const tally = tallied([
      step("1", { name: "Load", agent: "a" }),
      step("2", { isFailed: true, agent: "b" }),
      step("1", { agent: "c" }),
    ]);
    expect(tally.stages).toEqual([
      { path: "1", name: "Load", status: "healthy", agent: "c", count: 2, step: 2 },
      { path: "2", name: null, status: "failed", agent: "b", count: 1, step: 1 },
    ]);
  });

  test("are one list until the next step", () => {
    const tally = tallied([step("1")]);
    const before = tally.stages;
    expect(tally.stages).toBe(before);
    tally.take(step("1"), 1);
    expect(tally.stages).not.toBe(before);
    expect(tally.stages[0]?.count).toBe(2);
  });

  test("go on from what is known of them", () => {
    const known = tallied([step("1"), step("2.1")]).stages;
    const tally = new StageTally(known);
    tally.take(step("2.1", { isFailed: true }), 2);
    expect(tally.stages.map(({ path, status, count, step: last }) => [path, status, count, last])).toEqual([
      ["1", "healthy", 1, 0],
      ["2.1", "failed", 2, 2],
    ]);
  });
});

describe("the stage tree", () => {
  test("counts as people do, and puts a group above paths that came without their parent", () => {
    expect(linesOf([step("10"), step("2.10"), step("2.2"), step("3"), step("3.1"), step("4.1.1")])).toEqual([
      "2 - group 0",
      "  2.2 - healthy 1",
      "  2.10 - healthy 1",
      "3 - healthy 1",
      "  3.1 - healthy 1",
      "4 - group 0",
      "  4.1 - group 0",
      "    4.1.1 - healthy 1",
      "10 - healthy 1",
    ]);
  });

  test("has what is still awaited, and its names", () => {
    const declared = ["Load", "Train", "Report"].map((name, index) => ({ path: String(index + 1), name }));
    expect(linesOf([step("1"), step("2", { name: "Training", isFailed: true })], declared)).toEqual([
      "1 Load healthy 1",
      "2 Training failed 1",
      "3 Report pending 0",
    ]);
  });

  test("has each path and each parent once, parents first, in order", () => {
    const path = fc
      .array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 4 })
      .map((levels) => levels.join("."));
    const holds = (came: string[], awaited: string[]): void => {
      const pending = awaited.map((one) => ({ path: one, name: null }));
      const nodes = stageTree(tallied(came.map((one) => step(one))).stages, pending);
      const paths = nodes.map((node) => node.path);
      expect(new Set(paths).size).toBe(paths.length);
      expect(paths).toEqual(paths.toSorted(comparePaths));
      expect(new Set(nodes.filter(({ status }) => status !== "group").map((node) => node.path))).toEqual(
        new Set([...came, ...awaited]),
      );
      for (const { path: one, depth } of nodes) {
        expect(depth).toBe(depthOf(one));
        if (depth > 0) expect(paths.indexOf(one.slice(0, one.lastIndexOf(".")))).toBeLessThan(paths.indexOf(one));
      }
      expect(nodes.reduce((sum, { count }) => sum + count, 0)).toBe(came.length);
    };
    fc.assert(fc.property(fc.array(path, { maxLength: 20 }), fc.array(path, { maxLength: 10 }), holds));
  });
});
