"use client";

import { type CSSProperties, type KeyboardEvent, memo, type PointerEvent, useMemo, useRef } from "react";
import { durationWords } from "@/lib/checks/detail/durations";
import { marksPath } from "@/lib/replay/page/marks";
import { type Axis, nearestStep, squeezedTicks } from "@/lib/replay/page/squeeze";
import classes from "./deck.module.css";

/** Longer ones are told apart by their marks; more would fill the page. */
const MAX_PAUSES = 200;
const PAGE = 10;
const TICKS = 5;
/** More steps than this stand close together. */
const DENSE = 200;

const KEYS: Record<string, (step: number, last: number) => number> = {
  ArrowRight: (step) => step + 1,
  ArrowUp: (step) => step + 1,
  ArrowLeft: (step) => step - 1,
  ArrowDown: (step) => step - 1,
  PageUp: (step) => step + PAGE,
  PageDown: (step) => step - PAGE,
  Home: () => 0,
  End: (_step, last) => last,
};

type Props = {
  axis: Axis;
  step: number;
  /** The number of the last step. */
  last: number;
  /** The chosen step in words. */
  text: string;
  /** The steps that failed. */
  failures: readonly number[];
  onChoose: (step: number) => void;
};

/** A slider over the steps on the axis of shown time. Where its thumb is, `--at` of that says: a share of the whole. */
export function Scrubber({ axis, step, last, text, failures, onChoose }: Props) {
  const track = useRef<HTMLDivElement>(null);
  const choose = (wanted: number): void => onChoose(Math.min(last, Math.max(0, wanted)));
  const point = (event: PointerEvent): void => {
    const box = track.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return;
    choose(nearestStep(axis, ((event.clientX - box.left) / box.width) * axis.span));
  };
  const press = (event: KeyboardEvent): void => {
    const move = KEYS[event.key];
    if (move === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    choose(move(step, last));
  };
  return (
    <div
      className={classes["scrubber"]}
      role="slider"
      tabIndex={0}
      aria-label="Step"
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={step}
      aria-valuetext={text}
      onKeyDown={press}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        point(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) point(event);
      }}
    >
      <div ref={track} className={classes["track"]} aria-hidden="true">
        <Marks axis={axis} failures={failures} />
        <span className={classes["thumb"]} data-playhead />
      </div>
      <Ticks axis={axis} />
    </div>
  );
}

const shareStyle = (from: number, length: number): CSSProperties =>
  ({ "--from": from, "--length": length }) as CSSProperties; // properties of our style sheet

/** Drawn once, however often another step is chosen. */
const Marks = memo(function Marks({ axis, failures }: Pick<Props, "axis" | "failures">) {
  const { shown, span, pauses, seam } = axis;
  const steps = useMemo(() => marksPath(shown, span), [shown, span]);
  const failed = useMemo(() => {
    const places = failures.map((step) => shown[step] ?? 0);
    return marksPath(places, span);
  }, [failures, shown, span]);
  const longest = useMemo(() => pauses.toSorted((a, b) => b.ms - a.ms).slice(0, MAX_PAUSES), [pauses]);
  return (
    <>
      {seam !== null && <span className={classes["copied"]} style={shareStyle(0, seam / span)} data-testid="copied" />}
      {longest.map(({ from, to, ms }) => (
        <span
          key={from}
          className={classes["pause"]}
          style={shareStyle(from / span, (to - from) / span)}
          title={`${durationWords(ms)} without a step`}
          data-testid="pause"
        />
      ))}
      <svg className={classes["marks"]} viewBox="0 0 600 1" preserveAspectRatio="none" aria-hidden="true">
        <path d={steps} data-dense={shown.length > DENSE || undefined} />
        <path d={failed} data-failed />
      </svg>
    </>
  );
});

/** How much time had really passed at a few places. */
const Ticks = memo(function Ticks({ axis }: Pick<Props, "axis">) {
  return (
    <div className={classes["ticks"]} aria-hidden="true">
      {squeezedTicks(axis, TICKS).map(({ at, passedMs }) => (
        <span
          key={at}
          className={classes["tick"]}
          style={{ "--at": at / axis.span } as CSSProperties /* a property of our style sheet */}
        >
          {at === 0 ? "0" : durationWords(passedMs)}
        </span>
      ))}
    </div>
  );
});
