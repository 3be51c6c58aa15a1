"use client";

import { useEffect, useRef, useState } from "react";

/** Browsers let a page write its address only so often. */
const WRITE_AFTER_MS = 200;

/** The selected step; it stands in the address, a moment after it was selected. */
export function useStep(initial: number | null): [number | null, (step: number | null) => void] {
  const [step, setStep] = useState(initial);
  const written = useRef(initial);
  useEffect(() => {
    if (step === written.current) return undefined;
    const timer = setTimeout(() => {
      written.current = step;
      const url = new URL(location.href);
      if (step === null) url.searchParams.delete("step");
      else url.searchParams.set("step", String(step));
      history.replaceState(null, "", url);
    }, WRITE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [step]);
  return [step, setStep];
}
