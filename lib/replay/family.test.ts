import { expect, test } from "vitest";
import { type FamilyNode, familyTrees, madeWords, originWords } from "./family";
import type { LineageNode } from "./schema";

const node = (id: string, own: Partial<LineageNode> = {}): LineageNode => ({
  id,
  instance: {
    seq: Number(id),
    status: "completed",
    started_at: "2026-01-05T12:00:00.000Z",
    total_steps: 3,
    total_cost_usd: 0.5,
  },
  origin_instance_id: null,
  kind: null,
  fork_from_stage: null,
  actor: null,
  reason: null,
  ...own,
});
const fork = (id: string, origin: string, own: Partial<LineageNode> = {}) =>
  node(id, { origin_instance_id: origin, kind: "fork", fork_from_stage: "2", actor: "Ann", ...own });

const shape = (trees: FamilyNode[]): string =>
  trees.map(({ node: { id }, children }) => (children.length === 0 ? id : `${id}(${shape(children)})`)).join(" ");

test("forks stand below what they were made of, forks of forks below these", () => {
  expect(shape(familyTrees([node("1"), fork("2", "1"), fork("3", "2"), fork("4", "1")]))).toBe("1(2(3) 4)");
  expect(shape(familyTrees([node("1")]))).toBe("1");
  // Whose origin is not among them stands by itself.
  expect(shape(familyTrees([node("1"), fork("5", "9")]))).toBe("1 5");
});

test("where an instance comes from is one sentence", () => {
  const [origin, made] = [node("12"), fork("13", "12", { reason: "try <b>harder</b>" })];
  expect(originWords(made, origin)).toBe("Forked from #12 at stage 2 by Ann: try <b>harder</b>");
  expect(originWords({ ...made, kind: "rerun", reason: null }, origin)).toBe("#12 run again by Ann.");
  expect(originWords(made, { ...origin, instance: null })).toMatch(/^Forked from an instance that is gone at stage 2/);
  expect(originWords({ ...made, actor: null, reason: null }, undefined)).toBe(
    "Forked from another instance at stage 2.",
  );
  expect(originWords(origin, undefined)).toBeNull();
  expect([origin, made, { ...made, kind: "rerun" as const }].map(madeWords)).toEqual([
    null,
    "Forked at stage 2 by Ann",
    "Run again by Ann",
  ]);
});
