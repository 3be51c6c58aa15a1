"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { useNow } from "@/components/status/now";

/** The sweeper needs a moment, and another try may be due. */
const EVERY_MS = 1000;

/** Shows the page anew as soon as a deadline has passed, and again until it is no deadline any more. ISO 8601, or null. */
export function useRefreshAt(deadline: string | null): void {
  const router = useRouter();
  const now = useNow();
  const isPast = deadline !== null && now >= Date.parse(deadline);
  useEffect(() => {
    if (!isPast) return undefined;
    const timer = setInterval(() => router.refresh(), EVERY_MS);
    return () => clearInterval(timer);
  }, [isPast, router]);
}
