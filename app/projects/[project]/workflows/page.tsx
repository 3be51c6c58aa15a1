import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { z } from "zod";
import { EmptyState } from "@/components/layout/empty-state";
import { LinkButton } from "@/components/layout/link-button";
import { BY_PAGE, ListPager } from "@/components/layout/list-pager";
import { PageHeader } from "@/components/layout/page-header";
import { UrlSearch } from "@/components/layout/url-search";
import { FirstWorkflow } from "@/components/workflows/first-workflow";

import { WorkflowTable } from "@/components/workflows/workflow-table";
import { asPage, requireMember } from "@/lib/auth/page";
import { readSearch } from "@/lib/core/search-query";
import { getFirstSignal } from "@/lib/workflows/list/first-signal";
import { listWorkflowRows } from "@/lib/workflows/list/list";

export const metadata: Metadata = { title: "Workflows" };

const Search = z.object({ q: z.string().trim().max(200).default(""), cursor: z.string().optional() });

export default async function WorkflowsPage({ params, searchParams }: PageProps<"/projects/[project]/workflows">) {
  const { project } = await params;
  const caller = await requireMember(project);
  const { q, cursor } = await readSearch(Search, searchParams);
  const { items, nextCursor } = await listWorkflowRows(caller, { q, cursor }).catch(asPage);
  const signal = await getFirstSignal(caller, items.length === 0).catch(asPage);
  const path = `/projects/${project}/workflows`;
  const isWhole = q === "" && cursor === undefined;
  const isEmpty = items.length === 0 && isWhole;
  const canWrite = caller.scopes.has("write");
  return (
    <Stack gap="md">
      <PageHeader
        title="Workflows"
        action={canWrite ? <LinkButton href={`${path}/new`}>New workflow</LinkButton> : undefined}
      />
      {isWhole && <FirstWorkflow {...signal} hasWorkflow={items.length > 0} />}
      {isEmpty && (
        <EmptyState
          title="A pipeline is watched as one thing"
          text="Each of its stages reports here, from whichever machine or agent it runs on. You see which stage it is in, and hear when one is skipped, comes in the wrong order, or does not come in time."
        >
          {canWrite && (
            <LinkButton href={`${path}/new`} variant="default">
              Declare the stages of a pipeline
            </LinkButton>
          )}
        </EmptyState>
      )}
      {!isEmpty && <UrlSearch q={q} label="Search by name or id" />}
      {items.length > 0 && <WorkflowTable projectId={project} rows={items} />}
      {items.length === 0 && !isWhole && (
        <EmptyState title="No workflow matches" text="Nothing has this name or id.">
          <LinkButton href={path} variant="default">
            All workflows
          </LinkButton>
        </EmptyState>
      )}
      <ListPager path={path} search={{ q }} cursor={cursor} nextCursor={nextCursor} words={BY_PAGE} />
    </Stack>
  );
}
