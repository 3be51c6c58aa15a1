"use client";

import { Button, Group } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { toastError } from "@/components/layout/toast";
import { acknowledgeAlert, resolveAlert } from "@/lib/alerts/client";
import type { Alert } from "@/lib/alerts/schema";

/** Says that somebody looks after an alert, or that it is over. */
export function AlertActions({ alert, projectId }: { alert: Alert; projectId: string }) {
  const router = useRouter();
  const after = { onError: toastError, onSettled: () => router.refresh() };
  const acknowledge = useMutation({ ...acknowledgeAlert(projectId, alert.id), ...after });
  const resolve = useMutation({ ...resolveAlert(projectId, alert.id), ...after });
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
