"use client";

import { Paper } from "@mantine/core";
import { type CSSProperties, memo, type ReactNode } from "react";
import { useNow } from "@/components/status/now";
import { durationTicks, durationWords } from "@/lib/checks/detail/durations";
import { type Track, type TrackRow, tookMs } from "@/lib/workflows/instance/track";
import classes from "./board.module.css";
import { VirtualRows } from "./virtual-rows";

const idOf = (row: number): string => `step-${row}`;
/** More than there ever are in view: whoever scrolls far gives other steps to rows that are there, which is quicker. */
const SLOTS = 64;
/** Ticks this near to the right end would be cut off. */
const LAST_TICK = 0.92;

/** A scale of its own, for time that does not pass evenly. */
export type Lane = {
  /** Where a moment in epoch milliseconds is between 0 and `span`. */
  place: (at: number) => number;
  span: number;
  ticks: readonly { at: number; label: string }[];
};

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
  /** Else time passes evenly. */
  lane?: Lane;
  /** The steps after this one are drawn as still to come. */
  until?: number;
  /** The first ones, which were copied from another instance. */
  copied?: number;
};

/** Every step with a bar from when its branch got there to when it arrived, all to one scale. */
export function Waterfall(props: Props) {
  const { track, names, count, startedAt, endedAt, selected, onSelect, lane, until = count, copied = 0 } = props;
  const lastAt = track.rows.at(-1)?.at ?? startedAt;
  // What a fork copied came before it began.
  const origin = Math.min(startedAt, track.rows[0]?.at ?? startedAt);
  const place = lane?.place ?? ((at: number) => at - origin);
  return (
    <Paper className={classes["pane"] ?? ""}>
      <Scale startedAt={origin} endedAt={endedAt} lastAt={lastAt} lane={lane}>
        <VirtualRows label="Steps" count={count} active={selected} idOf={idOf} onMove={onSelect} follows>
          {(row) => {
            const step = track.rows[row];
            return (
              <StepRow
                key={row % SLOTS}
                row={row}
                step={step}
                declared={names.get(step?.path ?? "") ?? null}
                from={place(step?.start ?? startedAt)}
                to={place(step?.at ?? startedAt)}
                isSelected={row === selected}
                isLater={row > until}
                isCopied={row < copied}
                took={step === undefined ? 0 : tookMs(step, { startedAt, copied })}
                onSelect={onSelect}
              />
            );
          }}
        </VirtualRows>
      </Scale>
    </Paper>
  );
}

type ScaleProps = {
  startedAt: number;
  endedAt: number | null;
  lastAt: number;
  lane: Lane | undefined;
  children: ReactNode;
};

const evenTicks = (span: number): Lane["ticks"] =>
  durationTicks(span)
    .filter((tick) => tick <= span * LAST_TICK)
    .map((tick) => ({ at: tick, label: tick === 0 ? "0" : durationWords(tick) }));

/** The time axis. It alone is drawn anew as time passes: the bars take their measure from a property of the style sheet. */
function Scale({ startedAt, endedAt, lastAt, lane, children }: ScaleProps) {
  const now = useNow();
  const span = lane?.span ?? Math.max(1, lastAt - startedAt, (endedAt ?? now) - startedAt);
  const ticks = lane?.ticks ?? evenTicks(span);
  return (
    <div style={{ "--span": span } as CSSProperties /* a property of our style sheet */}>
      <div className={classes["scale"]} aria-hidden="true">
        <div className={`${classes["row"]} ${classes["head"]} ${classes["step"]}`}>
          <span>Step</span>
          <div className={classes["axis"]}>
            {ticks.map(({ at, label }) => (
              <span
                key={at}
                className={classes["tick"]}
                style={{ "--at": at } as CSSProperties /* a property of our style sheet */}
              >
                {label}
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
  /** Its bar, on the scale. */
  from: number;
  to: number;
  isSelected: boolean;
  isLater: boolean;
  isCopied: boolean;
  /** Milliseconds. */
  took: number;
  onSelect: (step: number) => void;
};

const StepRow = memo(function StepRow(props: RowProps) {
  const { row, step, declared, from, to, isSelected, isLater, isCopied, took, onSelect } = props;
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
  const bar = { "--from": from, "--length": to - from } as CSSProperties; // properties of our style sheet
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list around it listens to keys.
    // biome-ignore lint/a11y/useFocusableInteractive: the list around it has the focus.
    <div
      id={idOf(row)}
      role="option"
      aria-selected={isSelected}
      className={`${classes["row"]} ${classes["step"]}`}
      data-failed={step.isFailed || undefined}
      data-later={isLater || undefined}
      data-copied={isCopied || undefined}
      onClick={() => onSelect(row)}
    >
      <span className={classes["name"]} title={name ?? undefined}>
        <span className={classes["path"]}>{step.path}</span> {name}
        {step.isFailed && ", failed"}
        {isCopied && ", copied"}
      </span>
      <span className={classes["lane"]}>
        <span className={classes["bar"]} style={bar} data-testid="bar" />
      </span>
      <span className={classes["took"]}>{durationWords(took)}</span>
    </div>
  );
});
