"use client";

import { Button, Group } from "@mantine/core";
import { useChange } from "@/components/layout/use-change";
import type { CostAlertLine } from "@/lib/costs/tab/alert-rows";
import { expectAlert, resolveCostAlert, resumeInstance } from "@/lib/costs/tab/client";

type Props = { alert: CostAlertLine; projectId: string };

/** What can be done about an alert about costs: let its instance go on, say that it was expected, or that it is over. */
export function CostAlertActions({ alert, projectId }: Props) {
  const { id, type, message, instance, resolvedAt } = alert;
  const instanceId = instance?.id ?? "";
  const resume = useChange({ ...resumeInstance(projectId, instanceId), done: "The instance goes on." });
  const expect = useChange({
    ...expectAlert(projectId, { id, instanceId }),
    done: "Noted: others are not measured by it.",
  });
  const resolve = useChange(resolveCostAlert(projectId, id));
  const isOpen = resolvedAt === null;
  return (
    <Group gap="xs">
      {instance?.status === "paused" && (
        <Button
          size="xs"
          variant="light"
          loading={resume.isPending}
          onClick={() => resume.mutate()}
          aria-label={`Resume instance #${instance.seq}: ${message}`}
        >
          Resume
        </Button>
      )}
      {isOpen && type === "cost.anomaly" && instance !== null && (
        <Button
          size="xs"
          variant="default"
          loading={expect.isPending}
          onClick={() => expect.mutate()}
          aria-label={`This was expected: ${message}`}
        >
          This was expected
        </Button>
      )}
      {isOpen && (
        <Button
          size="xs"
          variant="default"
          loading={resolve.isPending}
          onClick={() => resolve.mutate()}
          aria-label={`Resolve: ${message}`}
        >
          Resolve
        </Button>
      )}
    </Group>
  );
}
