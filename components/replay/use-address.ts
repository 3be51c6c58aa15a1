"use client";

import { useEffect, useRef } from "react";
import type { Speed } from "@/lib/replay/page/play";

/** Browsers let a page write its address only so often. */
const WRITE_AFTER_MS = 200;

type Place = { step: number; speed: Speed };

/**
 * Writes which step is shown, and how fast it plays, into the address: a moment after it came to rest, and nothing at first.
 * Not while it plays: an address that changes while the page is being refreshed may load it anew, and playing would end.
 */
export function useAddress({ step, speed }: Place, isPlaying: boolean): void {
  const written = useRef({ step, speed });
  useEffect(() => {
    if (isPlaying || (step === written.current.step && speed === written.current.speed)) return undefined;
    const timer = setTimeout(() => {
      written.current = { step, speed };
      history.replaceState(null, "", addressOf({ step, speed }));
    }, WRITE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [step, speed, isPlaying]);
}

/** The address of this page that shows a step. */
export function addressOf({ step, speed }: Place): URL {
  const url = new URL(location.href);
  url.searchParams.set("step", String(step));
  if (speed === 1) url.searchParams.delete("speed");
  else url.searchParams.set("speed", String(speed));
  return url;
}
