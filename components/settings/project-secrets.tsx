"use client";

import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useChange } from "@/components/layout/use-change";
import { CopyField } from "@/components/status/copy-field";
import { revealProject, rotatePingKey } from "@/lib/projects/client";
import { ConfirmButton } from "./confirm-button";

/** The key of ping addresses by name, and the way to a new one for who may. */
export function PingKey({ projectId, pingKey, isAdmin }: { projectId: string; pingKey: string; isAdmin: boolean }) {
  const rotate = useChange({ ...rotatePingKey(projectId), done: "The ping key is replaced." });
  return (
    <Paper p="lg">
      <Stack gap="sm">
        <CopyField value={pingKey} label="Ping key" />
        {isAdmin && (
          <Group>
            <ConfirmButton
              label="Replace the ping key"
              question="Replace the ping key?"
              text="The old key stops at once. Jobs that call addresses with it get 404, and their checks go down, until they use the new one. Addresses with the UUID of a check are not touched."
              isPending={rotate.isPending}
              onConfirm={(close) => rotate.mutate(undefined, { onSuccess: close })}
            />
          </Group>
        )}
      </Stack>
    </Paper>
  );
}

/** What webhooks are signed with; fetched only when somebody wants to see it. */
export function WebhookSecret({ projectId }: { projectId: string }) {
  const [secret, setSecret] = useState<string | null>(null);
  const reveal = useChange({
    ...revealProject(projectId),
    onSuccess: (project) => setSecret(project.webhook_secret ?? null),
  });
  return (
    <Paper p="lg">
      {secret === null ? (
        <Group justify="space-between" gap="sm">
          <Text size="sm" c="dimmed">
            Hidden until you ask for it.
          </Text>
          <Button variant="default" loading={reveal.isPending} onClick={() => reveal.mutate()}>
            Show the secret
          </Button>
        </Group>
      ) : (
        <Stack gap="sm">
          <CopyField value={secret} label="Webhook secret" />
          <Group>
            <Button variant="default" onClick={() => setSecret(null)}>
              Hide
            </Button>
          </Group>
        </Stack>
      )}
    </Paper>
  );
}
