"use client";

import { VisuallyHidden } from "@mantine/core";
import { usePathname } from "next/navigation";
import { type ComponentType, type ReactNode, useEffect, useRef, useState } from "react";

/** A page that comes sooner than this needs no stand-in, which would only flicker. */
const PATIENCE_MS = 150;
const NAVIGATION = "pulsetrail:navigation";

type Shapes = typeof import("./page-shapes");

/** Where the reader is going, once it has taken a while; null while they are not. Another search part is no other page. */
function useDestination(here: string): string | null {
  const [destination, setDestination] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const present = useRef(here);
  useEffect(() => {
    present.current = here;
    clearTimeout(timer.current);
    setDestination(null);
  }, [here]);
  useEffect(() => {
    const begin = (event: Event): void => {
      clearTimeout(timer.current);
      const url: unknown = event instanceof CustomEvent ? event.detail : null;
      const path = typeof url === "string" ? new URL(url, location.href).pathname : present.current;
      if (path === present.current) setDestination(null);
      else timer.current = setTimeout(() => setDestination(path), PATIENCE_MS);
    };
    addEventListener(NAVIGATION, begin);
    return () => {
      clearTimeout(timer.current);
      removeEventListener(NAVIGATION, begin);
    };
  }, []);
  return destination === here ? null : destination;
}

/** Shows the shape of the page that was asked for until it is there (decision 0016). */
export function PendingPage({ children }: { children: ReactNode }) {
  const destination = useDestination(usePathname());
  const [shapes, setShapes] = useState<Shapes | null>(null);
  useEffect(() => {
    // Nobody needs them before the first page is there.
    import("./page-shapes").then(setShapes, () => undefined);
  }, []);
  const Shape: ComponentType | null = (destination !== null && shapes?.shapeOf(destination)) || null;
  return (
    <>
      <VisuallyHidden role="status">{Shape === null ? "" : "Loading"}</VisuallyHidden>
      {Shape !== null && <Shape />}
      <div hidden={Shape !== null}>{children}</div>
    </>
  );
}
