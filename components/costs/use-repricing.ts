"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { toastDone, toastError } from "@/components/layout/toast";
import { repriceSteps } from "@/lib/costs/price-client";
import { type Progress, progressBy, progressWords } from "@/lib/costs/price-form";
import type { Repriced } from "@/lib/costs/price-schema";

/** What came of it; where nothing waited, what it was asked for. */
function doneWords(far: Progress, isSaved: boolean): string {
  if (far.total > 0) return `${progressWords(far)}.`;
  return isSaved ? "The price is saved." : "No step could be priced.";
}

/**
 * Prices steps that wait, some at a time, until none is left, and tells how far it is; null while nothing is done. Begins with
 * an answer, or by asking. Ends when the page is left: what waits then is priced by and by.
 */
export function useRepricing(projectId: string): {
  progress: Progress | null;
  start: (answer?: Repriced) => Promise<void>;
} {
  const router = useRouter();
  const [progress, setProgress] = useState<Progress | null>(null);
  const isLeft = useRef(false);
  useEffect(() => {
    isLeft.current = false;
    return () => {
      isLeft.current = true;
    };
  }, []);
  const start = async (first?: Repriced): Promise<void> => {
    let far: Progress = { done: 0, total: 0 };
    try {
      for await (far of progressBy(() => repriceSteps(projectId), first)) {
        if (isLeft.current) return;
        setProgress(far);
      }
      toastDone(doneWords(far, first !== undefined));
    } catch (error) {
      toastError(error);
    }
    setProgress(null);
    router.refresh();
  };
  return { progress, start };
}
