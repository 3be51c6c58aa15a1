import { Paper } from "@mantine/core";
import { HEIGHT, handoffGraph, WIDTH } from "@/lib/workflows/detail/handoff-graph";
import type { HandoffPair } from "@/lib/workflows/schema";
import classes from "./handoff-graph.module.css";

const MAX_LABEL = 20;

const short = (text: string): string => (text.length > MAX_LABEL ? `${text.slice(0, MAX_LABEL - 1)}…` : text);

/** Agents and arrows between them, the wider the more often; the matrix below says the same in numbers. */
export function HandoffGraph({ pairs }: { pairs: HandoffPair[] }) {
  const { nodes, edges } = handoffGraph(pairs);
  const words = `${nodes.length} agents and ${edges.length} ways from one to another. The matrix below has the numbers.`;
  return (
    <Paper p="sm">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className={classes["graph"]} role="img" aria-label={words}>
        <defs>
          <marker
            id="handoff-arrow"
            viewBox="0 0 10 10"
            refX="7"
            refY="5"
            markerWidth="9"
            markerHeight="9"
            markerUnits="userSpaceOnUse"
            orient="auto"
          >
            <path d="M 0 0 L 10 5 L 0 10 z" className={classes["head"]} />
          </marker>
        </defs>
        {edges.map(({ pair, path, weight }) => (
          <path key={path} d={path} strokeWidth={weight} className={classes["edge"]} markerEnd="url(#handoff-arrow)">
            <title>{`${pair.from_agent} to ${pair.to_agent}: ${pair.count}`}</title>
          </path>
        ))}
        {nodes.map(({ agent, x, y, label }) => (
          <g key={agent}>
            <title>{agent}</title>
            <circle cx={x} cy={y} r={9} className={classes["node"]} />
            <text x={label.x} y={label.y} textAnchor={label.anchor} className={classes["label"]}>
              {short(agent)}
            </text>
          </g>
        ))}
      </svg>
    </Paper>
  );
}
