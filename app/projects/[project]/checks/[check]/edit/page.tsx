import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { CheckForm } from "@/components/checks/check-form";
import { EmptyState } from "@/components/layout/empty-state";
import { PageHeader } from "@/components/layout/page-header";
import { asPage, requireMember } from "@/lib/auth/page";
import { formOf } from "@/lib/checks/form";
import { listTags } from "@/lib/checks/list/list";
import { displayName } from "@/lib/checks/present";
import { getCheck, listChannelNames } from "@/lib/checks/queries";

export const metadata: Metadata = { title: "Edit check" };

export default async function EditCheckPage({ params }: PageProps<"/projects/[project]/checks/[check]/edit">) {
  const { project, check } = await params;
  const caller = await requireMember(project);
  const view = await getCheck(caller, check).catch(asPage);
  const name = displayName({ id: view.id, ...view.fields });
  const list = `/projects/${project}/checks`;
  const crumbs = [
    { label: "Checks", href: list },
    { label: name, href: `${list}/${view.id}` },
  ];
  if (!caller.scopes.has("write"))
    return (
      <Stack gap="xl">
        <PageHeader title={name} crumbs={crumbs} />
        <EmptyState title="You may look, but not change" text="A member of this project can change checks." />
      </Stack>
    );
  const [channels, tags] = await Promise.all([listChannelNames(caller), listTags(caller)]).catch(asPage);
  return (
    <Stack gap="xl">
      <PageHeader title={`Edit ${name}`} crumbs={crumbs} />
      <CheckForm
        projectId={project}
        checkId={view.id}
        initial={formOf(view.fields, view.channels)}
        channels={channels}
        knownTags={tags}
      />
    </Stack>
  );
}
