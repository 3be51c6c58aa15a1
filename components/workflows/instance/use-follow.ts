"use client";

import { useEffect } from "react";
import { eventsUrl } from "@/lib/workflows/instance/client";
import type { TrackStep } from "@/lib/workflows/instance/columns";
import type { LiveInstance } from "@/lib/workflows/instance/live-instance";
import { type InstanceNow, isOver } from "@/lib/workflows/instance/schema";
import type { Step } from "@/lib/workflows/schema";

/** Failures in a row after which the page asks now and then instead, and how long until the stream is tried again. */
const MAX_FAILURES = 3;
const TRY_AGAIN_MS = 60_000;

const toTrackStep = (step: Step): TrackStep => ({
  path: step.stage_path,
  name: step.stage_name,
  agent: step.agent_code,
  at: Date.parse(step.executed_at),
  isFailed: step.status === "failed",
  isFinal: step.is_final,
});

type Named = { projectId: string; id: string };
type Following = { live: LiveInstance; onGap: () => void };

/** Opens the stream of an instance's events, and gives what to call to close it. */
function follow(named: Named, { live, onGap }: Following): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  const close = (): void => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };
  const fail = (): void => {
    failures += 1;
    // A browser tries again by itself, unless it was refused.
    if (failures < MAX_FAILURES && source?.readyState !== EventSource.CLOSED) {
      live.setLink("lost");
      return;
    }
    close();
    live.setLink("asking");
    timer = setTimeout(open, TRY_AGAIN_MS);
  };
  const open = (): void => {
    close();
    source = new EventSource(eventsUrl(named, live.seen().track.rows.length - 1));
    source.onopen = () => {
      failures = 0;
      live.setLink("live");
    };
    source.onerror = fail;
    source.addEventListener("steps", ({ data }: MessageEvent<string>) => {
      const { steps } = JSON.parse(data) as { steps: Step[] }; // as our API documents it
      if (!live.append(steps[0]?.step ?? 0, steps.map(toTrackStep))) onGap();
    });
    source.addEventListener("instance", ({ data }: MessageEvent<string>) => {
      const now = JSON.parse(data) as InstanceNow; // as our API documents it
      live.update(now);
      if (isOver(now.status)) close();
    });
  };
  // A browser has few connections to one server, and tabs that nobody sees would hold them.
  const look = (): void => {
    if (document.hidden) close();
    else if (source === null && !isOver(live.seen().now.status)) open();
  };
  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    document.removeEventListener("visibilitychange", look);
    close();
  };
}

/** Keeps an instance up to date by the stream of its events while `isWanted`. */
export function useFollow(
  { projectId, id }: Named,
  { live, onGap, isWanted }: Following & { isWanted: boolean },
): void {
  useEffect(() => {
    if (!isWanted) return undefined;
    const stop = follow({ projectId, id }, { live, onGap });
    return () => {
      stop();
      live.setLink("none");
    };
  }, [projectId, id, live, onGap, isWanted]);
}
