"use client";

import { Paper, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useHidden } from "./held-deletes";

/** Shows what is inside unless it has been deleted here, though the page may not know it yet. */
export function UnlessDeleted({ id, children }: { id: string; children: ReactNode }) {
  return useHidden().includes(id) ? null : children;
}

/** Stands for a list of which everything has been deleted; shows nothing while something is left. */
export function NothingLeft({ ids }: { ids: string[] }) {
  const hidden = useHidden();
  if (ids.some((id) => !hidden.includes(id))) return null;
  return (
    <Paper p="md">
      <Text size="sm" c="dimmed">
        Nothing is left on this page.
      </Text>
    </Paper>
  );
}
