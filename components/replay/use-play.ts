"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { advance, playFrom, type Speed } from "@/lib/replay/page/play";
import { type Axis, stepAt } from "@/lib/replay/page/squeeze";

/** A frame that comes later was held up, and what was not seen is not skipped. */
const LONGEST_FRAME_MS = 100;

type Playing = {
  axis: Axis;
  step: number;
  speed: Speed;
  onStep: (step: number) => void;
  /** Called with each frame: where playing is, in shown time. */
  onPlace: (place: number) => void;
};

/** Plays the steps in shown time, from the chosen one to the last, also when one is chosen meanwhile. */
export function usePlay({ axis, step, speed, onStep, onPlace }: Playing) {
  const [isPlaying, setPlaying] = useState(false);
  const place = useRef(0);
  /** The step that playing has come to; another was chosen by somebody. */
  const played = useRef(step);
  useEffect(() => {
    if (step === played.current) return;
    played.current = step;
    place.current = axis.shown[step] ?? 0;
  }, [step, axis]);
  const pause = useCallback(() => setPlaying(false), []);
  const toggle = (): void => {
    place.current = playFrom(axis, step);
    setPlaying(!isPlaying);
  };
  useEffect(() => {
    if (!isPlaying) return undefined;
    let before: number | null = null;
    const draw = (now: number): void => {
      const elapsedMs = Math.min(LONGEST_FRAME_MS, now - (before ?? now));
      before = now;
      place.current = advance(axis, place.current, { elapsedMs, speed });
      onPlace(place.current);
      played.current = stepAt(axis, place.current);
      onStep(played.current);
      if (place.current >= axis.span) setPlaying(false);
      else frame = requestAnimationFrame(draw);
    };
    let frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [isPlaying, axis, speed, onStep, onPlace]);
  return { isPlaying, toggle, pause };
}
