"use client";

import { Button, Group } from "@mantine/core";
import { IconPencil, IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { MuteMenu } from "@/components/alerts/mute-menu";
import { LinkButton } from "@/components/layout/link-button";
import { useChange } from "@/components/layout/use-change";
import { pauseCheck, resumeCheck } from "@/lib/checks/client";
import type { CheckSummary } from "@/lib/checks/list/summary";
import { DeleteCheck } from "./delete-check";

type Props = { check: CheckSummary; projectId: string };

/** What somebody who may write can do with a check. */
export function CheckActions({ check, projectId }: Props) {
  const pause = useChange(pauseCheck(projectId));
  const resume = useChange(resumeCheck(projectId));
  const isPaused = check.status === "paused";
  return (
    <Group gap="xs">
      <Button
        variant="default"
        leftSection={isPaused ? <IconPlayerPlay size={16} /> : <IconPlayerPause size={16} />}
        loading={pause.isPending || resume.isPending}
        onClick={() => (isPaused ? resume : pause).mutate(check.id)}
      >
        {isPaused ? "Resume" : "Pause"}
      </Button>
      <LinkButton
        variant="default"
        leftSection={<IconPencil size={16} />}
        href={`/projects/${projectId}/checks/${check.id}/edit`}
      >
        Edit
      </LinkButton>
      <MuteMenu projectId={projectId} subject={{ type: "check", id: check.id }} isMuted={check.muted_until !== null} />
      <DeleteCheck projectId={projectId} check={check} />
    </Group>
  );
}
