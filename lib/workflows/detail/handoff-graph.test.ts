import fc from "fast-check";
import { expect, test } from "vitest";
import type { HandoffPair } from "@/lib/workflows/schema";
import { busiestAgents, HEIGHT, handoffGraph, handoffMatrix, inOrderOfWork, MAX_AGENTS, WIDTH } from "./handoff-graph";

const pair = (from: string, to: string, count = 1): HandoffPair => ({
  from_agent: from,
  to_agent: to,
  count,
  average_gap_ms: 1000,
  max_gap_ms: 2000,
  last_at: "2026-01-05T12:00:00.000Z",
  reasons: [],
});

const CHAIN = [pair("writer", "editor", 10), pair("planner", "writer", 12), pair("editor", "writer", 3)];
const anyPairs = fc
  .uniqueArray(fc.tuple(fc.nat(20), fc.nat(20), fc.integer({ min: 1, max: 1e6 })), {
    selector: ([a, b]) => a * 100 + b,
  })
  .map((list) => list.filter(([a, b]) => a !== b).map(([a, b, count]) => pair(`agent ${a}`, `agent ${b}`, count)));

test("the order is that in which work mostly runs", () => {
  expect(inOrderOfWork(["editor", "writer", "planner"], CHAIN)).toEqual(["planner", "writer", "editor"]);
});

test("the busiest are kept, and the others counted", () => {
  expect(busiestAgents(CHAIN)).toEqual({ agents: ["writer", "editor", "planner"], others: 0 });
  expect(busiestAgents(CHAIN, 2)).toEqual({ agents: ["writer", "editor"], others: 1 });
});

test("each arrow is as wide as it is frequent; there and back are two", () => {
  const { edges } = handoffGraph(CHAIN);
  const width = Object.fromEntries(edges.map(({ pair: { from_agent: from }, weight }) => [from, weight]));
  expect(width["planner"]).toBe(6);
  expect(width["writer"]).toBeLessThan(6);
  expect(width["editor"]).toBeLessThan(Number(width["writer"]));
  expect(new Set(edges.map(({ path }) => path)).size).toBe(3);
});

test("whatever was handed over is drawn within its frame, between agents that are shown", () => {
  fc.assert(
    fc.property(anyPairs, (pairs) => {
      const { nodes, edges, others } = handoffGraph(pairs);
      const all = new Set(pairs.flatMap(({ from_agent, to_agent }) => [from_agent, to_agent]));
      expect(nodes.length + others).toBe(all.size);
      expect(nodes.length).toBeLessThanOrEqual(MAX_AGENTS);
      for (const { x, y } of nodes) {
        expect(x > 0 && x < WIDTH && y > 0 && y < HEIGHT).toBe(true);
      }
      const shown = new Set(nodes.map(({ agent }) => agent));
      expect(edges.length).toBe(pairs.filter((one) => shown.has(one.from_agent) && shown.has(one.to_agent)).length);
      for (const { path } of edges) expect(path).not.toContain("NaN");
    }),
  );
});

test("the matrix has each pair once, in the row of who hands over", () => {
  const { agents, rows } = handoffMatrix(CHAIN);
  expect(agents).toEqual(["planner", "writer", "editor"]);
  expect(rows.map(({ from, cells }) => [from, ...cells.map((cell) => cell.pair?.count ?? 0)])).toEqual([
    ["planner", 0, 12, 0],
    ["writer", 0, 0, 10],
    ["editor", 0, 3, 0],
  ]);
  expect(rows[0]?.cells[1]?.share).toBe(1);
});
