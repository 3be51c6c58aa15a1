import type { HandoffPair } from "@/lib/workflows/schema";

/** More agents would be drawn over each other. */
export const MAX_AGENTS = 12;
export const WIDTH = 640;
export const HEIGHT = 380;
const RADIUS_X = 210;
const RADIUS_Y = 140;
/** How far from the middle of a node its arrows begin and end. */
const GAP = 16;
/** How far an arrow bends from the straight line, as a share of its length: there and back must not lie on each other. */
const BEND = 0.16;
const MIN_WEIGHT = 1.5;
const MAX_WEIGHT = 6;

type Point = { x: number; y: number };
export type GraphNode = Point & { agent: string; label: Point & { anchor: "start" | "middle" | "end" } };
export type GraphEdge = { pair: HandoffPair; path: string; weight: number };

/** The agents that take part in most hand-offs, the busiest first, and how many there are beside them. */
export function busiestAgents(pairs: readonly HandoffPair[], max = MAX_AGENTS): { agents: string[]; others: number } {
  const totals = new Map<string, number>();
  for (const { from_agent, to_agent, count } of pairs)
    for (const agent of [from_agent, to_agent]) totals.set(agent, (totals.get(agent) ?? 0) + count);
  const sorted = [...totals].sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1)).map(([agent]) => agent);
  return { agents: sorted.slice(0, max), others: Math.max(0, sorted.length - max) };
}

/** Those who hand over come before those who take, as far as that can be: the order in which work mostly runs. */
export function inOrderOfWork(agents: readonly string[], pairs: readonly HandoffPair[]): string[] {
  const balance = new Map<string, number>();
  for (const { from_agent, to_agent, count } of pairs) {
    balance.set(from_agent, (balance.get(from_agent) ?? 0) + count);
    balance.set(to_agent, (balance.get(to_agent) ?? 0) - count);
  }
  const of = (agent: string): number => balance.get(agent) ?? 0;
  const left = new Set(agents);
  const order: string[] = [];
  let next = agents.toSorted((a, b) => of(b) - of(a))[0];
  while (next !== undefined) {
    order.push(next);
    left.delete(next);
    next = following(next, left, pairs) ?? [...left].sort((a, b) => of(b) - of(a))[0];
  }
  return order;
}

/** Whom this one hands to most, of those that are left. */
function following(agent: string, left: ReadonlySet<string>, pairs: readonly HandoffPair[]): string | undefined {
  const own = pairs.filter(({ from_agent, to_agent }) => from_agent === agent && left.has(to_agent));
  return own.toSorted((a, b) => b.count - a.count)[0]?.to_agent;
}

const round = (value: number): number => Math.round(value * 10) / 10;

function nodeAt(agent: string, index: number, count: number): GraphNode {
  // Two stand beside each other, more in a ring that begins at the left and runs as a clock does.
  const angle = Math.PI + (index / count) * 2 * Math.PI;
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  const [x, y] = [WIDTH / 2 + RADIUS_X * dx, HEIGHT / 2 + RADIUS_Y * dy];
  const anchor = Math.abs(dx) < 0.35 ? "middle" : dx < 0 ? "end" : "start";
  const aside = anchor === "middle" ? 0 : Math.sign(dx) * GAP;
  const label = {
    x: round(x + aside),
    y: round(anchor === "middle" ? y + Math.sign(dy) * 24 + 4 : y + 4),
    anchor,
  } as const;
  return { agent, x: round(x), y: round(y), label };
}

/** A curve from one node to another that keeps clear of both. */
function curve(from: Point, to: Point): string {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const bend = length * BEND;
  const middle = { x: (from.x + to.x) / 2 - (dy / length) * bend, y: (from.y + to.y) / 2 + (dx / length) * bend };
  const clear = (end: Point): Point => {
    const distance = Math.hypot(middle.x - end.x, middle.y - end.y) || 1;
    return {
      x: end.x + ((middle.x - end.x) / distance) * GAP,
      y: end.y + ((middle.y - end.y) / distance) * GAP,
    };
  };
  const [begin, end] = [clear(from), clear(to)];
  return `M ${round(begin.x)} ${round(begin.y)} Q ${round(middle.x)} ${round(middle.y)} ${round(end.x)} ${round(end.y)}`;
}

/** Hand-offs as a drawing of `WIDTH` by `HEIGHT`: who, and an arrow for each pair, the wider the more often. */
export function handoffGraph(pairs: readonly HandoffPair[]): {
  nodes: GraphNode[];
  edges: GraphEdge[];
  others: number;
} {
  const { agents, others } = busiestAgents(pairs);
  const nodes = inOrderOfWork(agents, pairs).map((agent, index) => nodeAt(agent, index, agents.length));
  const places = new Map(nodes.map((node) => [node.agent, node]));
  const most = Math.max(1, ...pairs.map(({ count }) => count));
  const edges = pairs.flatMap((pair): GraphEdge[] => {
    const [from, to] = [places.get(pair.from_agent), places.get(pair.to_agent)];
    if (from === undefined || to === undefined) return [];
    const weight = round(MIN_WEIGHT + (MAX_WEIGHT - MIN_WEIGHT) * Math.sqrt(pair.count / most));
    return [{ pair, path: curve(from, to), weight }];
  });
  return { nodes, edges, others };
}

/** Who handed to whom as a table: one row for each who hands over, one column for each who takes. */
export function handoffMatrix(pairs: readonly HandoffPair[]) {
  const { agents } = busiestAgents(pairs);
  const order = inOrderOfWork(agents, pairs);
  const cells = new Map(pairs.map((pair) => [JSON.stringify([pair.from_agent, pair.to_agent]), pair]));
  const most = Math.max(1, ...pairs.map(({ count }) => count));
  return {
    agents: order,
    rows: order.map((from) => ({
      from,
      cells: order.map((to) => {
        const pair = cells.get(JSON.stringify([from, to])) ?? null;
        return { to, pair, share: pair === null ? 0 : pair.count / most };
      }),
    })),
  };
}
