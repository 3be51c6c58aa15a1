"use client";

import { Group, Stack, Text } from "@mantine/core";
import { memo, type ReactNode } from "react";
import { LinkButton } from "@/components/layout/link-button";
import { PageHeader } from "@/components/layout/page-header";
import { InstanceWord } from "@/components/workflows/words";
import type { ReplayView } from "@/lib/replay/page/replay-queries";
import type { InstanceStatus } from "@/lib/workflows/schema";

type Props = {
  projectId: string;
  view: ReplayView;
  status: InstanceStatus;
  /** What can be done with it. */
  actions: ReactNode;
};

/** Which instance is looked at, how it fares now, and the ways back to it. */
export const ReplayHead = memo(function ReplayHead({ projectId, view, status, actions }: Props) {
  const home = `/projects/${projectId}`;
  const instance = `${home}/instances/${view.instance.id}`;
  return (
    <Stack gap="sm">
      <PageHeader
        title={`Replay of ${view.workflow.name} #${view.seq}`}
        crumbs={[
          { label: "Workflows", href: `${home}/workflows` },
          { label: `${view.workflow.name} #${view.seq}`, href: instance },
        ]}
        action={
          <Group gap="xs">
            <LinkButton href={instance} variant="default">
              Instance
            </LinkButton>
            {actions}
          </Group>
        }
      />
      <Group gap="sm">
        <div role="status" aria-label="Status">
          <InstanceWord status={status} />
        </div>
        {view.copied > 0 && (
          <Text size="sm" c="dimmed">
            A fork: its first {view.copied.toLocaleString("en")} {view.copied === 1 ? "step was" : "steps were"} copied.
          </Text>
        )}
      </Group>
    </Stack>
  );
});
