import { Paper, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

/** What stands where nothing is yet: what will be here, and what to do about it. */
export function EmptyState({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <Paper p="xl" radius="md">
      <Stack gap="sm" align="flex-start" maw={640}>
        <Text fw={600}>{title}</Text>
        <Text c="dimmed" size="sm">
          {text}
        </Text>
        {children}
      </Stack>
    </Paper>
  );
}
