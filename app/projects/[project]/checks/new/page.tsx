import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { CheckForm } from "@/components/checks/check-form";
import { TakeOver } from "@/components/checks/take-over";
import { EmptyState } from "@/components/layout/empty-state";
import { PageHeader } from "@/components/layout/page-header";
import { asPage, requireMember } from "@/lib/auth/page";
import { newForm } from "@/lib/checks/form";
import { listTags } from "@/lib/checks/list/list";
import { listChannelNames } from "@/lib/checks/queries";
import { getProject } from "@/lib/projects/queries";

export const metadata: Metadata = { title: "New check" };

export default async function NewCheckPage({ params }: PageProps<"/projects/[project]/checks/new">) {
  const { project } = await params;
  const caller = await requireMember(project);
  const crumbs = [{ label: "Checks", href: `/projects/${project}/checks` }];
  if (!caller.scopes.has("write"))
    return (
      <Stack gap="xl">
        <PageHeader title="New check" crumbs={crumbs} />
        <EmptyState title="You may look, but not add" text="A member of this project can add checks." />
      </Stack>
    );
  const [channels, tags, { time_zone }] = await Promise.all([
    listChannelNames(caller),
    listTags(caller),
    getProject(caller, project),
  ]).catch(asPage);
  const initial = newForm(
    channels.map(({ id }) => id),
    time_zone,
  );
  return (
    <Stack gap="xl">
      <PageHeader title="New check" crumbs={crumbs} />
      <TakeOver projectId={project} />
      <CheckForm projectId={project} checkId={null} initial={initial} channels={channels} knownTags={tags} />
    </Stack>
  );
}
