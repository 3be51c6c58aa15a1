"use client";

import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { catchUp } from "@/lib/workflows/instance/client";
import type { StepColumns } from "@/lib/workflows/instance/columns";
import { LiveInstance, type Seen } from "@/lib/workflows/instance/live-instance";
import { type InstanceNow, isOver } from "@/lib/workflows/instance/schema";
import { useFollow } from "./use-follow";

const ASK_EVERY_MS = 3000;

type Given = { instance: InstanceNow; steps: StepColumns };

/** An instance from what its page came with: fetches the steps that did not come with it, then follows what happens. */
export function useInstance(projectId: string, { instance, steps }: Given): Seen & { isWhole: boolean } {
  const [live] = useState(() => new LiveInstance(instance, steps));
  const seen = useSyncExternalStore(live.subscribe, live.seen, live.seen);
  const named = { projectId, id: instance.id };
  const isRunning = !isOver(seen.now.status);
  const isWhole = !live.lacksSteps;
  const isAsking = seen.link === "asking" && isRunning;
  const { refetch } = useQuery({
    ...catchUp(named, live),
    enabled: !isWhole || isAsking,
    refetchInterval: isAsking ? ASK_EVERY_MS : false,
  });
  const onGap = useCallback(() => void refetch(), [refetch]);
  // The page is rendered again now and then, and may know more.
  useEffect(() => live.update(instance), [live, instance]);
  // Whoever is behind by a lot catches up quicker with a page of columns.
  const [hasCaughtUp, setCaughtUp] = useState(isWhole);
  useEffect(() => {
    if (isWhole) setCaughtUp(true);
  }, [isWhole]);
  useFollow(named, { live, onGap, isWanted: hasCaughtUp && isRunning });
  return { ...seen, isWhole };
}
