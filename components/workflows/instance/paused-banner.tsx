"use client";

import { Alert, Button, Group, Text } from "@mantine/core";
import { IconPlayerPause } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { useChange } from "@/components/layout/use-change";
import { resumeInstance } from "@/lib/costs/tab/client";
import type { InstanceStatus } from "@/lib/workflows/schema";

type Props = {
  projectId: string;
  id: string;
  status: InstanceStatus;
  /** Why it is paused; null while the page does not know yet. */
  reason: string | null;
  canWrite: boolean;
};

/** Says that an instance is paused and why, and lets it go on; nothing for one that is not. */
export function PausedBanner({ projectId, id, status, reason, canWrite }: Props) {
  const router = useRouter();
  const isPaused = status === "paused";
  const isNews = isPaused && reason === null;
  // That it is paused may be known from its events before the page knows why.
  useEffect(() => {
    if (isNews) router.refresh();
  }, [isNews, router]);
  const resume = useChange({ ...resumeInstance(projectId, id), done: "The instance goes on." });
  if (!isPaused) return null;
  return (
    <Alert
      variant="default"
      icon={<IconPlayerPause size={20} aria-hidden="true" />}
      title={reason ?? "Paused by a limit of its costs"}
      styles={{ root: { borderLeft: "3px solid var(--pt-late)" }, icon: { color: "var(--pt-late)" } }}
      data-testid="paused"
    >
      <Group justify="space-between" gap="sm">
        <Text size="sm" style={{ flex: "1 1 300px" }}>
          Its steps are refused and told to stop. When it is resumed, this limit is lifted for it until the budget is
          changed, and its timeouts go on where they stood.
        </Text>
        {canWrite && (
          <Button size="sm" loading={resume.isPending} onClick={() => resume.mutate()}>
            Resume
          </Button>
        )}
      </Group>
    </Alert>
  );
}
