"use client";

import { useEffect } from "react";
import type { Go } from "./player";

const TYPED_INTO = "input, textarea, select, [contenteditable=true]";
const PRESSED = `${TYPED_INTO}, button, a, summary, [role=tab]`;
const SCROLLED = `${PRESSED}, [role=listbox], section[tabindex]`;

/** What each key does, and what takes it for itself. */
const KEYS: Record<string, { act: Go; unlessIn: string }> = {
  "[": { act: "previous", unlessIn: TYPED_INTO },
  "]": { act: "next", unlessIn: TYPED_INTO },
  k: { act: "previous", unlessIn: TYPED_INTO },
  j: { act: "next", unlessIn: TYPED_INTO },
  " ": { act: "toggle", unlessIn: PRESSED },
  Home: { act: "first", unlessIn: SCROLLED },
  End: { act: "last", unlessIn: SCROLLED },
};

/** Whether a key is for somebody else. On some keyboards brackets need a modifier, which then belongs to them. */
const isTaken = (event: KeyboardEvent): boolean =>
  event.defaultPrevented ||
  event.metaKey ||
  (event.ctrlKey && !event.getModifierState("AltGraph")) ||
  document.querySelector("[aria-modal]") !== null;

function actOf(event: KeyboardEvent): Go | null {
  const key = KEYS[event.key];
  if (key === undefined || isTaken(event)) return null;
  const isUsed = event.target instanceof Element && event.target.closest(key.unlessIn) !== null;
  return isUsed || (key.act === "toggle" && event.repeat) ? null : key.act;
}

/** The keys [ and ] step, the space bar plays and pauses, Home and End go to the ends; wherever nothing else needs them. */
export function useReplayKeys(go: (to: Go) => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const to = actOf(event);
      if (to === null) return;
      event.preventDefault();
      go(to);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [go]);
}
