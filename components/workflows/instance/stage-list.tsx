"use client";

import { Paper } from "@mantine/core";
import { type CSSProperties, useMemo, useState } from "react";
import { type Stage, type StageNode, stageTree } from "@/lib/workflows/instance/stages";
import classes from "./board.module.css";
import { VirtualRows } from "./virtual-rows";

/** How often a stage came, or why it did not; nothing where once went well. */
function timesOf({ status, count }: StageNode, isWaiting: boolean): string {
  if (isWaiting) return "approval";
  if (count > 1) return `× ${count.toLocaleString("en")}`;
  if (status === "healthy" || status === "group") return "";
  return status;
}

/** The id in the page of a line of a tree of stages. */
export const stageRowId = (row: number): string => `stage-${row}`;

type Props = {
  stages: readonly Stage[];
  pending: readonly { path: string; name: string | null }[];
  /** The paths of those at which it waits for an approval. */
  waiting: ReadonlySet<string>;
  /** The path of the selected step. */
  selected: string | null;
  onSelect: (step: number) => void;
};

/** The stages of an instance as a tree: what came of each and how often, and what is still awaited. */
export function StageList({ stages, pending, waiting, selected, onSelect }: Props) {
  const nodes = useMemo(() => {
    const known = new Set(pending.map(({ path }) => path));
    const others = [...waiting].filter((path) => !known.has(path)).map((path) => ({ path, name: null }));
    return stageTree(stages, [...pending, ...others]);
  }, [stages, pending, waiting]);
  const chosen = useMemo(() => nodes.findIndex(({ path }) => path === selected), [nodes, selected]);
  // Where the keyboard is, when that is no stage that came; until another step is selected.
  const [passed, setPassed] = useState<{ path: string; selected: string | null } | null>(null);
  const at = passed?.selected === selected ? nodes.findIndex(({ path }) => path === passed.path) : chosen;
  const move = (row: number): void => {
    const node = nodes[row];
    if (node === undefined) return;
    setPassed(node.step === null ? { path: node.path, selected } : null);
    if (node.step !== null) onSelect(node.step);
  };
  return (
    <Paper className={classes["pane"] ?? ""}>
      <StageHead />
      <VirtualRows label="Stages" count={nodes.length} active={at === -1 ? null : at} idOf={stageRowId} onMove={move}>
        {(row) => {
          const node = nodes[row];
          if (node === undefined) return null;
          const isWaiting = waiting.has(node.path);
          return (
            <StageRow
              key={node.path}
              row={row}
              node={node}
              isWaiting={isWaiting}
              isChosen={row === chosen}
              onPick={move}
            />
          );
        }}
      </VirtualRows>
    </Paper>
  );
}

/** What the columns of a tree of stages are. */
export function StageHead() {
  return (
    <div
      className={`${classes["row"]} ${classes["head"]} ${classes["stage"]}`}
      style={{ "--depth": 0 } as CSSProperties /* a property of our style sheet */}
    >
      <span />
      <span>Stage</span>
      <span>Times</span>
    </div>
  );
}

type RowProps = {
  row: number;
  node: StageNode;
  isWaiting: boolean;
  isChosen: boolean;
  /** Whether it leads to a step; else when it has come. */
  leads?: boolean;
  onPick: (row: number) => void;
};

/** One line of a tree of stages. */
export function StageRow({ row, node, isWaiting, isChosen, leads = node.count > 0, onPick }: RowProps) {
  const { path, name, status, depth } = node;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list around it listens to keys.
    // biome-ignore lint/a11y/useFocusableInteractive: the list around it has the focus.
    <div
      id={stageRowId(row)}
      role="option"
      aria-selected={isChosen}
      aria-disabled={!leads || undefined}
      className={`${classes["row"]} ${classes["stage"]}`}
      data-status={status}
      data-waiting={isWaiting || undefined}
      style={{ "--depth": depth } as CSSProperties /* a property of our style sheet */}
      onClick={() => onPick(row)}
    >
      <span className={classes["mark"]} aria-hidden="true" />
      <span className={classes["name"]} title={name ?? undefined}>
        <span className={classes["path"]}>{path}</span> {name}
      </span>
      <span className={classes["count"]}>{timesOf(node, isWaiting)}</span>
    </div>
  );
}
