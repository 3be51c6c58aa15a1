"use client";

import { Button, Group, Stack } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { MuteMenu } from "@/components/alerts/mute-menu";
import { Section } from "@/components/layout/section";
import { toastDone, toastError } from "@/components/layout/toast";
import { deleteWithUndo } from "@/components/layout/undo-toast";
import { WorkflowForm } from "@/components/workflows/form/workflow-form";
import { ApiError } from "@/lib/core/api";
import { deleteWorkflow } from "@/lib/workflows/client";
import { formOf } from "@/lib/workflows/form";
import type { Workflow } from "@/lib/workflows/schema";

type Props = { projectId: string; workflow: Workflow; channels: { id: string; name: string; kind: string }[] };

/** What can be changed of a workflow, its alerts, and its end. */
export function SettingsTab({ projectId, workflow, channels }: Props) {
  const { id } = workflow;
  return (
    <Stack gap="xl">
      <Section title="Alerts and removal">
        <Group gap="xs">
          <MuteMenu projectId={projectId} subject={{ type: "workflow", id }} isMuted={workflow.muted_until !== null} />
          <DeleteWorkflow projectId={projectId} workflow={workflow} />
        </Group>
      </Section>
      <Section
        title="Settings"
        description="Changes are for instances that begin later. Those under way keep to what they began with."
      >
        <WorkflowForm projectId={projectId} workflowId={id} initial={formOf(workflow)} channels={channels} />
      </Section>
    </Stack>
  );
}

/** Deletes a workflow, which can be undone for a while, and goes back to the list. */
function DeleteWorkflow({ projectId, workflow: { id, name } }: Pick<Props, "projectId" | "workflow">) {
  const router = useRouter();
  const run = async (): Promise<string[]> => {
    try {
      await deleteWorkflow(projectId).mutationFn(id);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) {
        toastError(error);
        return [id];
      }
      toastDone("The workflow was already gone.");
    }
    router.refresh();
    return [];
  };
  const leave = (): void => {
    deleteWithUndo({ ids: [id], done: `Deleted “${name}” with its instances.`, run });
    router.push(`/projects/${projectId}/workflows` as "/");
  };
  return (
    <Button variant="default" c="var(--pt-down)" leftSection={<IconTrash size={16} />} onClick={leave}>
      Delete
    </Button>
  );
}
