"use client";

import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { rowAfterKey, rowsInView, scrollTo, type View } from "@/lib/workflows/instance/windowing";
import classes from "./virtual-rows.module.css";

const ROW_HEIGHT = 34;
/** Before the browser says how high the window is; the style sheet lets it be no higher. */
const FIRST_VIEW: View = { scrollTop: 0, height: 560 };

type Props = {
  label: string;
  count: number;
  /** The row that the keyboard is at. */
  active: number | null;
  /** The id in the page of a row. */
  idOf: (row: number) => string;
  onMove: (row: number) => void;
  /** Whether the end stays in view when rows are added while it is. */
  follows?: boolean;
  children: (row: number) => ReactNode;
};

const viewOf = ({ scrollTop, clientHeight }: HTMLElement): View => ({ scrollTop, height: clientHeight });
const isAtEnd = ({ scrollTop, clientHeight, scrollHeight }: HTMLElement): boolean =>
  scrollTop + clientHeight >= scrollHeight - ROW_HEIGHT / 2;

/** A list of rows of one height, of which only those in view are in the page. One stop of the Tab key, then arrow keys. */
export function VirtualRows({ label, count, active, idOf, onMove, follows = false, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const wasAtEnd = useRef(false);
  const [{ first, end }, setRange] = useState(() => rowsInView(count, ROW_HEIGHT, FIRST_VIEW));
  const look = useCallback(() => {
    if (box.current === null) return;
    const seen = rowsInView(count, ROW_HEIGHT, viewOf(box.current));
    setRange((known) => (known.first === seen.first && known.end === seen.end ? known : seen));
    wasAtEnd.current = isAtEnd(box.current);
  }, [count]);
  useLayoutEffect(() => {
    if (follows && wasAtEnd.current && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
    look();
  }, [look, follows]);
  useEffect(() => {
    const observer = new ResizeObserver(look);
    if (box.current !== null) observer.observe(box.current);
    return () => observer.disconnect();
  }, [look]);
  useEffect(() => {
    // Not when rows are added: whoever looks elsewhere meanwhile is not fetched back.
    if (active === null || box.current === null) return;
    box.current.scrollTop = scrollTo(active, ROW_HEIGHT, viewOf(box.current));
  }, [active]);
  const press = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1);
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const row = isPlain ? rowAfterKey(event.key, active, { count, page }) : null;
    if (row === null) return;
    event.preventDefault();
    onMove(row);
  };
  const rows = Array.from({ length: Math.max(0, Math.min(end, count) - first) }, (_, at) => first + at);
  const isActiveDrawn = active !== null && active >= first && active < end;
  return (
    <div
      ref={box}
      className={classes["box"]}
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={isActiveDrawn ? idOf(active) : undefined}
      onScroll={look}
      onKeyDown={press}
    >
      <div role="presentation" className={classes["all"]} style={{ height: count * ROW_HEIGHT }}>
        <div role="presentation" style={{ transform: `translateY(${first * ROW_HEIGHT}px)` }}>
          {rows.map(children)}
        </div>
      </div>
    </div>
  );
}
