import { Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

type Props = { title: string; description?: string; action?: ReactNode; children: ReactNode };

/** A part of a page with a heading of its own. */
export function Section({ title, description, action, children }: Props) {
  return (
    <Stack component="section" gap="sm">
      <Group justify="space-between" align="end" gap="sm">
        <div>
          <Title order={2}>{title}</Title>
          {description !== undefined && (
            <Text size="sm" c="dimmed">
              {description}
            </Text>
          )}
        </div>
        {action}
      </Group>
      {children}
    </Stack>
  );
}
