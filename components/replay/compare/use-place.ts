"use client";

import { useEffect, useRef, useState } from "react";

/** Browsers let a page write its address only so often. */
const WRITE_AFTER_MS = 200;

/** What is chosen on the page: a row, and whether only rows that differ are shown. */
export type Place = { row: number | null; isOnly: boolean };

/** The chosen place; it stands in the address, a moment after it was chosen. */
export function usePlace(initial: Place): [Place, (change: Partial<Place>) => void] {
  const [place, setPlace] = useState(initial);
  const written = useRef(initial);
  useEffect(() => {
    if (place === written.current) return undefined;
    const timer = setTimeout(() => {
      written.current = place;
      const url = new URL(location.href);
      if (place.row === null) url.searchParams.delete("row");
      else url.searchParams.set("row", String(place.row));
      if (place.isOnly) url.searchParams.set("only", "differences");
      else url.searchParams.delete("only");
      history.replaceState(null, "", url);
    }, WRITE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [place]);
  return [place, (change) => setPlace((known) => ({ ...known, ...change }))];
}
