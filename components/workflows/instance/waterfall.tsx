"use client";

import { Paper } from "@mantine/core";
import { type CSSProperties, memo, type ReactNode } from "react";
import { useNow } from "@/components/status/now";
import { durationTicks, durationWords } from "@/lib/checks/detail/durations";
import type { Track, TrackRow } from "@/lib/workflows/instance/track";
import classes from "./board.module.css";
import { VirtualRows } from "./virtual-rows";

const idOf = (row: number): string => `step-${row}`;
/** Ticks this near to the right end would be cut off. */
const LAST_TICK = 0.92;

type Props = {
  track: Track;
  /** What stages are called whose signals do not say it. */
  names: ReadonlyMap<string, string | null>;
  /** Also of the steps that are still on their way here. */
  count: number;
  startedAt: number;
  /** Null while it goes on. */
  endedAt: number | null;
  selected: number | null;
  onSelect: (step: number) => void;
};

/** Every step with a bar from when its branch got there to when it arrived, all to one scale. */
export function Waterfall({ track, names, count, startedAt, endedAt, selected, onSelect }: Props) {
  const lastAt = track.rows.at(-1)?.at ?? startedAt;
  return (
    <Paper className={classes["pane"] ?? ""}>
      <Scale startedAt={startedAt} endedAt={endedAt} lastAt={lastAt}>
        <VirtualRows label="Steps" count={count} active={selected} idOf={idOf} onMove={onSelect} follows>
          {(row) => (
            <StepRow
              key={row}
              row={row}
              step={track.rows[row]}
              declared={names.get(track.rows[row]?.path ?? "") ?? null}
              startedAt={startedAt}
              isSelected={row === selected}
              onSelect={onSelect}
            />
          )}
        </VirtualRows>
      </Scale>
    </Paper>
  );
}

type ScaleProps = { startedAt: number; endedAt: number | null; lastAt: number; children: ReactNode };

/** The time axis. It alone is drawn anew as time passes: the bars take their measure from a property of the style sheet. */
function Scale({ startedAt, endedAt, lastAt, children }: ScaleProps) {
  const now = useNow();
  const span = Math.max(1, lastAt - startedAt, (endedAt ?? now) - startedAt);
  const ticks = durationTicks(span).filter((tick) => tick <= span * LAST_TICK);
  return (
    <div style={{ "--span": span } as CSSProperties /* a property of our style sheet */}>
      <div className={classes["scale"]} aria-hidden="true">
        <div className={`${classes["row"]} ${classes["head"]} ${classes["step"]}`}>
          <span>Step</span>
          <div className={classes["axis"]}>
            {ticks.map((tick) => (
              <span
                key={tick}
                className={classes["tick"]}
                style={{ "--at": tick } as CSSProperties /* a property of our style sheet */}
              >
                {tick === 0 ? "0" : durationWords(tick)}
              </span>
            ))}
          </div>
          <span className={classes["took"]}>Took</span>
        </div>
      </div>
      {children}
    </div>
  );
}

type RowProps = {
  row: number;
  step: TrackRow | undefined;
  declared: string | null;
  startedAt: number;
  isSelected: boolean;
  onSelect: (step: number) => void;
};

const StepRow = memo(function StepRow({ row, step, declared, startedAt, isSelected, onSelect }: RowProps) {
  if (step === undefined)
    return (
      // biome-ignore lint/a11y/useFocusableInteractive: the list around it has the focus.
      <div
        id={idOf(row)}
        role="option"
        aria-selected={false}
        aria-disabled
        className={`${classes["row"]} ${classes["step"]}`}
      >
        <span className={classes["count"]}>Loading</span>
      </div>
    );
  const name = step.name ?? declared;
  const took = step.at - step.start;
  const bar = { "--from": step.start - startedAt, "--length": took } as CSSProperties; // properties of our style sheet
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list around it listens to keys.
    // biome-ignore lint/a11y/useFocusableInteractive: the list around it has the focus.
    <div
      id={idOf(row)}
      role="option"
      aria-selected={isSelected}
      className={`${classes["row"]} ${classes["step"]}`}
      data-failed={step.isFailed || undefined}
      onClick={() => onSelect(row)}
    >
      <span className={classes["name"]} title={name ?? undefined}>
        <span className={classes["path"]}>{step.path}</span> {name}
        {step.isFailed && ", failed"}
      </span>
      <span className={classes["lane"]}>
        <span className={classes["bar"]} style={bar} data-testid="bar" />
      </span>
      <span className={classes["took"]}>{durationWords(took)}</span>
    </div>
  );
});
