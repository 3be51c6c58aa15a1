import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { CheckFilters } from "@/components/checks/check-filters";
import { CheckTable } from "@/components/checks/check-table";
import { FirstCheck } from "@/components/checks/first-check";
import { NoMatch } from "@/components/checks/no-match";
import { LinkButton } from "@/components/layout/link-button";
import { ListPager } from "@/components/layout/list-pager";
import { PageHeader } from "@/components/layout/page-header";
import { asPage, requireMember } from "@/lib/auth/page";
import { isFiltered, readFilter } from "@/lib/checks/list/filter";
import { listCheckRows, listTags } from "@/lib/checks/list/list";

export const metadata: Metadata = { title: "Checks" };

export default async function ChecksPage({ params, searchParams }: PageProps<"/projects/[project]/checks">) {
  const { project } = await params;
  const caller = await requireMember(project);
  const filter = readFilter(await searchParams);
  const [{ items, nextCursor }, tags] = await Promise.all([listCheckRows(caller, filter), listTags(caller)]).catch(
    asPage,
  );
  const canWrite = caller.scopes.has("write");
  const path = `/projects/${project}/checks`;
  if (items.length === 0 && filter.cursor === undefined && !isFiltered(filter))
    return (
      <Stack gap="xl">
        <PageHeader title="Checks" />
        <FirstCheck projectId={project} canWrite={canWrite} />
      </Stack>
    );
  return (
    <Stack gap="md">
      <PageHeader
        title="Checks"
        action={canWrite ? <LinkButton href={`${path}/new`}>New check</LinkButton> : undefined}
      />
      <CheckFilters filter={filter} tags={tags} />
      {items.length === 0 ? (
        <NoMatch path={path} filter={filter} />
      ) : (
        <>
          <CheckTable projectId={project} rows={items} canWrite={canWrite} />
          <ListPager
            path={path}
            search={{ q: filter.q, status: filter.status ?? undefined, tag: filter.tag }}
            cursor={filter.cursor}
            nextCursor={nextCursor}
          />
        </>
      )}
    </Stack>
  );
}
