"use client";

import { Paper, Stack, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { type CSSProperties, memo, useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { Sums } from "@/lib/replay/page/amounts";
import { costPoints } from "@/lib/replay/page/cost-points";
import type { Speed } from "@/lib/replay/page/play";
import type { Axis } from "@/lib/replay/page/squeeze";
import type { TrackRow } from "@/lib/workflows/instance/track";
import { CostTable } from "./cost-table";
import classes from "./deck.module.css";
import { LazyCostLine } from "./lazy-cost-line";
import { type Go, Player } from "./player";
import { Scrubber } from "./scrubber";
import { useAddress } from "./use-address";
import { usePlay } from "./use-play";
import { useReplayKeys } from "./use-replay-keys";

type Props = {
  axis: Axis;
  rows: readonly TrackRow[];
  sums: readonly Sums[];
  failures: readonly number[];
  step: number;
  last: number;
  /** The chosen step in words. */
  text: string;
  initialSpeed: Speed;
  budgetUsd: number | null;
  onChoose: (step: number) => void;
};

/** What is chosen, and going from there: the same functions whatever is chosen, so that buttons need not be drawn anew. */
function useSteering({ step, last, onChoose }: Pick<Props, "step" | "last" | "onChoose">, playing: Playing) {
  const latest = useRef({ step, last, ...playing });
  useLayoutEffect(() => {
    latest.current = { step, last, ...playing };
  });
  const stepNow = useCallback(() => latest.current.step, []);
  const choose = useCallback(
    (wanted: number): void => {
      latest.current.pause();
      onChoose(Math.min(latest.current.last, Math.max(0, wanted)));
    },
    [onChoose],
  );
  const go = useCallback(
    (to: Go): void => {
      const { step: from, last: end, toggle } = latest.current;
      if (to === "toggle") toggle();
      else choose({ first: 0, previous: from - 1, next: from + 1, last: end }[to]);
    },
    [choose],
  );
  return { stepNow, choose, go };
}

type Playing = { pause: () => void; toggle: () => void };

/** Where one goes through the time of an instance: the line of its costs, the scrubber below it, and the buttons. */
export function Deck(props: Props) {
  const { axis, rows, sums, failures, step, last, text, initialSpeed, budgetUsd, onChoose } = props;
  const deck = useRef<HTMLDivElement>(null);
  const [speed, setSpeed] = useState(initialSpeed);
  const isNarrow = useMediaQuery("(max-width: 48em)") ?? false;
  const isWhole = sums.length >= axis.shown.length;
  const points = useMemo(() => costPoints(axis, sums), [axis, sums]);
  const hasCost = points.length > 0;
  // Straight into the style, because it changes with every frame of playing.
  const showPlace = useCallback(
    (place: number): void => {
      const heads = deck.current?.querySelectorAll<HTMLElement>("[data-playhead]") ?? [];
      for (const head of heads) head.style.setProperty("--at", String(place / axis.span));
    },
    [axis],
  );
  const { isPlaying, toggle, pause } = usePlay({ axis, step, speed, onStep: onChoose, onPlace: showPlace });
  const place = axis.shown[step] ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the line over the costs comes with them.
  useLayoutEffect(() => {
    if (!isPlaying) showPlace(place);
  }, [isPlaying, place, showPlace, hasCost]);
  useAddress({ step, speed }, isPlaying);
  const { stepNow, choose, go } = useSteering(props, { toggle, pause });
  useReplayKeys(go);
  const [first] = useState(place / axis.span);
  return (
    <Paper p="md" component="section" aria-label="Time">
      <Stack gap="sm">
        <div
          ref={deck}
          className={classes["deck"]}
          data-has-cost={hasCost || undefined}
          style={{ "--at": first } as CSSProperties /* a property of our style sheet */}
        >
          {hasCost && (
            <>
              <LazyCostLine points={points} span={axis.span} budgetUsd={budgetUsd} isNarrow={isNarrow} />
              <span className={classes["playhead"]} data-playhead aria-hidden="true" />
            </>
          )}
          <Scrubber axis={axis} step={step} last={last} text={text} failures={failures} onChoose={choose} />
        </div>
        <Player
          isFirst={step === 0}
          isLast={step >= last}
          text={text}
          stepNow={stepNow}
          isPlaying={isPlaying}
          speed={speed}
          onGo={go}
          onSpeed={setSpeed}
        />
        <Notes pauses={axis.pauses.length} hasCost={hasCost} isWhole={isWhole} />
        {hasCost && <CostTable points={points} rows={rows} />}
      </Stack>
    </Paper>
  );
}

type NotesProps = { pauses: number; hasCost: boolean; isWhole: boolean };

const Notes = memo(function Notes({ pauses, hasCost, isWhole }: NotesProps) {
  const notes = [
    "[ and ] step back and forward, space plays.",
    ...(pauses === 0
      ? []
      : [`${pauses.toLocaleString("en")} long ${pauses === 1 ? "pause is" : "pauses are"} squeezed.`]),
    ...(hasCost || !isWhole ? [] : ["No step has a cost: send cost_usd, or model_id and usage, with a stage."]),
  ];
  return (
    <Text size="xs" c="dimmed">
      {notes.join(" ")}
    </Text>
  );
});
