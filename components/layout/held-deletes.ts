"use client";

import { useSyncExternalStore } from "react";
import { SIGNING_OUT } from "./signing-out";

/** How long a delete can be undone. */
const UNDO_MS = 6000;

type Held = { ids: string[]; run: () => void; timer: ReturnType<typeof setTimeout> };

const held = new Map<string, Held>();
/** Deleted, though a page that was loaded before may still list them. */
const gone = new Set<string>();
const listeners = new Set<() => void>();
const NONE: readonly string[] = [];
let hidden = NONE;

function publish(): void {
  hidden = [...gone, ...[...held.values()].flatMap(({ ids }) => ids)];
  for (const listener of listeners) listener();
}

/**
 * Holds a delete back for a while, also across pages; `run` does it then, or at once when the window is closed, and tells
 * which ids are still there.
 */
export function holdDelete(key: string, ids: string[], run: () => Promise<string[]>): void {
  const finish = async (): Promise<void> => {
    clearTimeout(held.get(key)?.timer);
    if (!held.delete(key)) return;
    for (const id of ids) gone.add(id);
    for (const id of await run()) gone.delete(id);
    publish();
  };
  const start = (): void => void finish();
  held.set(key, { ids, run: start, timer: setTimeout(start, UNDO_MS) });
  publish();
}

/** Takes back a delete that has not been done yet. */
export function undoDelete(key: string): void {
  clearTimeout(held.get(key)?.timer);
  held.delete(key);
  publish();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The ids that are hidden because their delete is held back. */
export function useHidden(): readonly string[] {
  return useSyncExternalStore(
    subscribe,
    () => hidden,
    () => NONE,
  );
}

function finishAll(): void {
  for (const { run } of [...held.values()]) run();
}

if (typeof window !== "undefined") {
  addEventListener("pagehide", finishAll);
  // What was deleted must be gone although the person who may delete it goes.
  addEventListener(SIGNING_OUT, finishAll);
}
