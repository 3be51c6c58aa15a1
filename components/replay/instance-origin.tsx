"use client";

import { Stack } from "@mantine/core";
import type { Family } from "@/lib/replay/family-queries";
import { type InstanceNow, isOver } from "@/lib/workflows/instance/schema";
import { ContinuePanel } from "./continue-panel";
import { OriginLine } from "./lineage";

type Props = { projectId: string; now: InstanceNow; copied: number; family: Family };

/** Where an instance comes from, and how to go on with it; nothing for one that was made from no other. */
export function InstanceOrigin({ projectId, now, copied, family }: Props) {
  const isMade = family.nodes.some(({ id, kind }) => id === now.id && kind !== null);
  if (!isMade) return null;
  const isWaiting = !isOver(now.status);
  const hasGoneOn = now.total_steps > copied;
  return (
    <Stack gap="md">
      <OriginLine projectId={projectId} id={now.id} nodes={family.nodes} />
      {/* What came last may also have ended it: that it came is said all the same. */}
      {(isWaiting || hasGoneOn) && (
        <ContinuePanel command={family.command} overrides={isWaiting ? family.overrides : {}} hasGoneOn={hasGoneOn} />
      )}
    </Stack>
  );
}
