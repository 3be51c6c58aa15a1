"use client";

import { Button } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useCheckActions } from "@/components/checks/check-actions";
import type { CheckSummary } from "@/lib/checks/list/summary";

/** Deletes a check, which can be undone for a while, and goes back to the list. */
export function DeleteCheck({ projectId, check }: { projectId: string; check: CheckSummary }) {
  const router = useRouter();
  const { remove } = useCheckActions(projectId);
  const leave = (): void => {
    remove([check]);
    router.push(`/projects/${projectId}/checks` as "/");
  };
  return (
    <Button variant="default" c="var(--pt-down)" leftSection={<IconTrash size={16} />} onClick={leave}>
      Delete
    </Button>
  );
}
