import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { EmptyState } from "@/components/layout/empty-state";
import { PageHeader } from "@/components/layout/page-header";
import { WorkflowForm } from "@/components/workflows/form/workflow-form";
import { ModesExplained } from "@/components/workflows/modes-explained";
import { asPage, requireMember } from "@/lib/auth/page";
import { listChannelNames } from "@/lib/checks/queries";
import { newForm } from "@/lib/workflows/form";

export const metadata: Metadata = { title: "New workflow" };

export default async function NewWorkflowPage({ params }: PageProps<"/projects/[project]/workflows/new">) {
  const { project } = await params;
  const caller = await requireMember(project);
  const crumbs = [{ label: "Workflows", href: `/projects/${project}/workflows` }];
  if (!caller.scopes.has("write"))
    return (
      <Stack gap="xl">
        <PageHeader title="New workflow" crumbs={crumbs} />
        <EmptyState title="You may look, but not add" text="A member of this project can add workflows." />
      </Stack>
    );
  const channels = await listChannelNames(caller).catch(asPage);
  return (
    <Stack gap="xl">
      <PageHeader title="New workflow" crumbs={crumbs} />
      <WorkflowForm projectId={project} workflowId={null} initial={newForm()} channels={channels} />
      <ModesExplained />
    </Stack>
  );
}
