"use client";

import { Paper, VisuallyHidden } from "@mantine/core";
import { memo } from "react";
import { VirtualRows } from "@/components/workflows/instance/virtual-rows";
import { dollars, usdWords } from "@/lib/core/money";
import type { Cell, CompareRow } from "@/lib/replay/compare-rows";
import { CLASS_WORDS, type Names } from "@/lib/replay/compare-words";
import classes from "./compare.module.css";

type Props = {
  rows: readonly CompareRow[];
  /** The places of those that are listed. */
  shown: readonly number[];
  /** Which of the listed ones is chosen. */
  active: number | null;
  names: Names;
  onSelect: (at: number) => void;
};

const idOf = (at: number): string => `row-${at}`;

/** Both instances beside each other, step by step; where one has no such step its side is empty. */
export function RowList({ rows, shown, active, names, onSelect }: Props) {
  return (
    <Paper className={classes["pane"] ?? ""}>
      <div className={classes["scale"]} aria-hidden="true">
        <div className={`${classes["row"]} ${classes["head"]}`}>
          <span className={classes["name"]}>{names.a}</span>
          <span />
          <span className={classes["name"]}>{names.b}</span>
        </div>
      </div>
      <VirtualRows label="Compared steps" count={shown.length} active={active} idOf={idOf} onMove={onSelect}>
        {(at) => {
          const row = rows[shown[at] ?? -1];
          if (row === undefined) return null;
          return <Row key={shown[at]} at={at} row={row} names={names} isChosen={at === active} onSelect={onSelect} />;
        }}
      </VirtualRows>
    </Paper>
  );
}

type RowProps = { at: number; row: CompareRow; names: Names; isChosen: boolean; onSelect: (at: number) => void };

const Row = memo(function Row({ at, row, names, isChosen, onSelect }: RowProps) {
  const { path, kind, class: reason, a, b } = row;
  const mark = reason === null ? null : CLASS_WORDS[reason];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list around it listens to keys.
    // biome-ignore lint/a11y/useFocusableInteractive: the list around it has the focus.
    <div
      id={idOf(at)}
      role="option"
      aria-selected={isChosen}
      className={classes["row"]}
      data-kind={kind}
      data-class={reason ?? undefined}
      onClick={() => onSelect(at)}
    >
      <Side cell={a} path={path} owner={names.a} />
      <span className={classes["mark"]}>
        {mark === null ? (
          <VisuallyHidden>same</VisuallyHidden>
        ) : (
          <>
            <span className={classes["sign"]} aria-hidden="true">
              {mark.sign}
            </span>
            {mark.word}
          </>
        )}
      </span>
      <Side cell={b} path={path} owner={names.b} />
    </div>
  );
});

function Side({ cell, path, owner }: { cell: Cell | null; path: string; owner: string }) {
  if (cell === null)
    return (
      <span className={classes["side"]} data-empty>
        <VisuallyHidden>{owner} has none</VisuallyHidden>
      </span>
    );
  return (
    <span className={classes["side"]}>
      <span className={classes["number"]}>{cell.step}</span>
      <span className={classes["name"]} title={cell.stageName ?? undefined}>
        <span className={classes["path"]}>{path}</span> {cell.stageName}
      </span>
      <span className={classes["cost"]}>{cell.costMicros !== null && usdWords(dollars(cell.costMicros))}</span>
    </span>
  );
}
