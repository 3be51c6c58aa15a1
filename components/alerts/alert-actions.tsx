"use client";

import { Button, Group } from "@mantine/core";
import { useChange } from "@/components/layout/use-change";
import { acknowledgeAlert, resolveAlert } from "@/lib/alerts/client";
import type { Alert } from "@/lib/alerts/schema";

/** Says that somebody looks after an alert, or that it is over. */
export function AlertActions({ alert, projectId }: { alert: Alert; projectId: string }) {
  const acknowledge = useChange(acknowledgeAlert(projectId, alert.id));
  const resolve = useChange(resolveAlert(projectId, alert.id));
  return (
    <Group gap="xs">
      {alert.acknowledged_at === null && (
        <Button
          size="xs"
          variant="light"
          loading={acknowledge.isPending}
          onClick={() => acknowledge.mutate()}
          aria-label={`Acknowledge: ${alert.message}`}
        >
          Acknowledge
        </Button>
      )}
      <Button
        size="xs"
        variant="default"
        loading={resolve.isPending}
        onClick={() => resolve.mutate()}
        aria-label={`Resolve: ${alert.message}`}
      >
        Resolve
      </Button>
    </Group>
  );
}
