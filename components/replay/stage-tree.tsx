"use client";

import { Paper } from "@mantine/core";
import { memo, useMemo, useState } from "react";
import classes from "@/components/workflows/instance/board.module.css";
import { StageHead, StageRow, stageRowId } from "@/components/workflows/instance/stage-list";
import { VirtualRows } from "@/components/workflows/instance/virtual-rows";
import { type StageHistory, standingAt, stepOfStage } from "@/lib/replay/page/stage-history";
import { type Stage, type StageNode, stageTree } from "@/lib/workflows/instance/stages";
import type { TrackRow } from "@/lib/workflows/instance/track";

type Props = {
  /** All that ever came, and what was awaited. */
  stages: readonly Stage[];
  pending: readonly { path: string; name: string | null }[];
  history: StageHistory;
  steps: readonly TrackRow[];
  step: number;
  /** The path of the chosen step. */
  selected: string | null;
  onChoose: (step: number) => void;
};

/** The stages of an instance as a tree, each as it stood at the chosen step. Only those in view are told. */
export const StageTree = memo(function StageTree({ stages, pending, history, steps, step, selected, onChoose }: Props) {
  const nodes = useMemo(() => stageTree(stages, pending), [stages, pending]);
  const rows = useMemo(() => new Map(nodes.map(({ path }, row) => [path, row])), [nodes]);
  const standing = (node: StageNode): StageNode => {
    if (node.status === "group") return node;
    const then = standingAt(history, node.path, step);
    return { ...node, ...then, name: steps[then.step ?? -1]?.name ?? node.name };
  };
  const chosen = rows.get(selected ?? "") ?? null;
  // Where the keyboard is, when that is a stage that never comes; until another step is chosen.
  const [passed, setPassed] = useState<{ row: number; step: number } | null>(null);
  const at = passed?.step === step ? passed.row : chosen;
  const go = (row: number): void => {
    const wanted = stepOfStage(history, nodes[row]?.path ?? "", step);
    setPassed(wanted === null ? { row, step } : null);
    if (wanted !== null) onChoose(wanted);
  };
  return (
    <Paper className={classes["pane"] ?? ""}>
      <StageHead />
      <VirtualRows label="Stages" count={nodes.length} active={at} idOf={stageRowId} onMove={go}>
        {(row) => {
          const node = nodes[row];
          return node === undefined ? null : (
            <StageRow
              key={node.path}
              row={row}
              node={standing(node)}
              isWaiting={false}
              isChosen={row === chosen}
              leads={history.stages.has(node.path)}
              onPick={go}
            />
          );
        }}
      </VirtualRows>
    </Paper>
  );
});
