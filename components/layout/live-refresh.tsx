"use client";

import { Alert } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";

const LOOKED_AT_MS = 3000;
const LEFT_ALONE_MS = 60_000;
/** How long after the last sign of a reader the page counts as looked at. */
const ATTENTION_MS = 60_000;
const SIGNS = ["pointermove", "keydown", "scroll", "focus"] as const;

/**
 * Keeps the page fresh: every 3 seconds while somebody looks at it, else once a minute, and at once when they come back.
 * The server is asked whether it answers first, because a refresh that fails would throw the page away.
 */
export function LiveRefresh() {
  const router = useRouter();
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    let seenAt = performance.now();
    let refreshedAt = performance.now();
    let isAsking = false;
    const refresh = async (): Promise<void> => {
      if (isAsking) return;
      isAsking = true;
      const answer = await fetch("/api/health", { method: "HEAD" }).catch(() => null);
      // Without its database a server answers, but can render no page.
      const isWell = answer?.ok === true;
      isAsking = false;
      refreshedAt = performance.now();
      setLost(!isWell);
      if (isWell) router.refresh();
    };
    const look = (): void => {
      seenAt = performance.now();
    };
    const comeBack = (): void => {
      look();
      if (!document.hidden) void refresh();
    };
    const timer = setInterval(() => {
      const now = performance.now();
      const isLookedAt = !document.hidden && now - seenAt < ATTENTION_MS;
      if (now - refreshedAt >= (isLookedAt ? LOOKED_AT_MS : LEFT_ALONE_MS)) void refresh();
    }, 500);
    for (const sign of SIGNS) addEventListener(sign, look, { passive: true });
    document.addEventListener("visibilitychange", comeBack);
    return () => {
      clearInterval(timer);
      for (const sign of SIGNS) removeEventListener(sign, look);
      document.removeEventListener("visibilitychange", comeBack);
    };
  }, [router]);
  return (
    <div aria-live="polite">
      {isLost && (
        <Alert color="red" title="Connection lost" mb="md">
          What you see may be out of date. Trying again every few seconds.
        </Alert>
      )}
    </div>
  );
}
