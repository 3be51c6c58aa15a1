"use client";

import { useEffect, useMemo, useState } from "react";
import { useInstance } from "@/components/workflows/instance/use-instance";
import type { Lane } from "@/components/workflows/instance/waterfall";
import { durationWords } from "@/lib/checks/detail/durations";
import { stepAfterNews, stepToShow } from "@/lib/replay/page/play";
import type { ReplayView } from "@/lib/replay/page/replay-queries";
import { type Axis, squeeze, squeezedTicks, toShown } from "@/lib/replay/page/squeeze";
import { stageHistory } from "@/lib/replay/page/stage-history";
import { isOver } from "@/lib/workflows/instance/schema";
import { useAmounts } from "./use-amounts";

/** How long every step takes on the axis while it is not known when they came. */
const EVEN_MS = 1000;

/** Beside the names of the steps there is less room. */
const LANE_TICKS = 3;

const evenAxis = (count: number): Axis =>
  squeeze(
    Array.from({ length: count }, (_, step) => step * EVEN_MS),
    { startedAt: 0, copied: 0 },
  );

const laneOf = (axis: Axis): Lane => ({
  place: (at) => toShown(axis, at),
  span: axis.span,
  ticks: squeezedTicks(axis, LANE_TICKS).map(({ at, passedMs }) => ({
    at,
    label: at === 0 ? "0" : durationWords(passedMs),
  })),
});

/** An instance as its replay shows it: what came with the page, the rest when it is here, and news while it runs. */
export function useReplay(projectId: string, view: ReplayView) {
  const { now, track, isWhole } = useInstance(projectId, view);
  const known = track.rows.length;
  // What is heard of before its steps are here would let everything jump; at first there is nothing else to go by.
  const [hasCaughtUp, setCaughtUp] = useState(isWhole);
  useEffect(() => {
    if (isWhole) setCaughtUp(true);
  }, [isWhole]);
  const isReady = hasCaughtUp || isWhole;
  const count = isReady ? known : Math.max(now.total_steps, known);
  const sums = useAmounts({ projectId, id: now.id }, view.amounts, count);
  const startedAt = Date.parse(now.started_at);
  const { copied } = view;
  // The list of rows is always the same one; it grows.
  const squeezed = useMemo(() => {
    const times = track.rows.slice(0, known).map(({ at }) => at);
    return squeeze(times, { startedAt, copied });
  }, [track, known, startedAt, copied]);
  const axis = useMemo(() => (isReady ? squeezed : evenAxis(count)), [isReady, squeezed, count]);
  const lane = useMemo(() => laneOf(squeezed), [squeezed]);
  const history = useMemo(() => stageHistory(track.rows.slice(0, known)), [track, known]);
  return { now, track, count, sums, startedAt, squeezed, axis, lane, history };
}

/** The chosen step: what was asked for, and the newest for those who are at the end when another comes. */
export function useChosenStep(asked: number | undefined, { instance }: ReplayView, count: number) {
  const [step, setStep] = useState(() => stepToShow(asked, instance.total_steps, !isOver(instance.status)));
  const [before, setBefore] = useState(count);
  useEffect(() => {
    if (before === count) return;
    setBefore(count);
    setStep((present) => stepAfterNews(present, before, count));
  }, [before, count]);
  return [step, setStep] as const;
}
