"use client";

import { type PointerEvent as ReactPointerEvent, type RefObject, useEffect, useRef, useState } from "react";
import { dropPlace } from "@/lib/workflows/form";

/** How far from the edge of the window a drag scrolls it, and by how much with each move, in pixels. */
const EDGE = 60;
const STEP = 12;
const ENDS = ["pointerup", "pointercancel", "blur"];

type Drag = { dragged: number | null; begin: (event: ReactPointerEvent, at: number) => void };

function scrollNear(y: number): void {
  if (y < EDGE) scrollBy(0, -STEP);
  else if (y > innerHeight - EDGE) scrollBy(0, STEP);
}

/**
 * Lets the rows of a list be dragged by any pointer: `place` is told, again and again while it moves, which row goes where.
 * Listens at the window, because a row that is moved in the page loses its hold of the pointer.
 */
export function useStageDrag(list: RefObject<HTMLElement | null>, place: (from: number, to: number) => void): Drag {
  const [dragged, setDragged] = useState<number | null>(null);
  const latest = useRef({ dragged, place });
  latest.current = { dragged, place };
  const isDragging = dragged !== null;
  useEffect(() => {
    if (!isDragging) return;
    const move = (event: PointerEvent): void => {
      event.preventDefault();
      const { dragged: from, place: put } = latest.current;
      if (from === null) return;
      scrollNear(event.clientY);
      const rows = [...(list.current?.children ?? [])].map((row) => row.getBoundingClientRect());
      const to = dropPlace(rows, from, event.clientY);
      if (to === from) return;
      put(from, to);
      setDragged(to);
    };
    const end = (): void => setDragged(null);
    addEventListener("pointermove", move);
    for (const name of ENDS) addEventListener(name, end);
    return () => {
      removeEventListener("pointermove", move);
      for (const name of ENDS) removeEventListener(name, end);
    };
  }, [isDragging, list]);
  const begin = (event: ReactPointerEvent, at: number): void => {
    if (event.button !== 0) return;
    setDragged(at);
  };
  return { dragged, begin };
}
