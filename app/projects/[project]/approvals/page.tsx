import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { ApprovalTabs } from "@/components/approvals/approval-tabs";
import { History } from "@/components/approvals/history";
import { Inbox } from "@/components/approvals/inbox";
import { NothingWaits } from "@/components/approvals/nothing-waits";
import { BY_PAGE, ListPager } from "@/components/layout/list-pager";
import { PageHeader } from "@/components/layout/page-header";
import { getHistory, getInbox } from "@/lib/approvals/page-queries";
import { ApprovalSearch } from "@/lib/approvals/search";
import type { Caller } from "@/lib/auth/caller";
import { asPage, requireMember } from "@/lib/auth/page";
import { readSearch } from "@/lib/core/search-query";

export const metadata: Metadata = { title: "Approvals" };

type Place = { caller: Caller; path: string; search: ApprovalSearch };

async function HistoryPart({ caller, path, search }: Place) {
  const found = await getHistory(caller, search).catch(asPage);
  return <History projectId={caller.projectId} path={path} search={search} {...found} />;
}

async function InboxPart({ caller, path, search }: Place) {
  const { rows, nextCursor, page, url, isFirst } = await getInbox(caller, search).catch(asPage);
  if (rows.length === 0 && page === null) return <NothingWaits url={url} isFirst={isFirst} />;
  return (
    <>
      <Inbox projectId={caller.projectId} rows={rows} page={page} canCancel={caller.scopes.has("write")} />
      <ListPager path={path} search={{}} cursor={search.cursor} nextCursor={nextCursor} words={BY_PAGE} />
    </>
  );
}

export default async function ApprovalsPage({ params, searchParams }: PageProps<"/projects/[project]/approvals">) {
  const { project } = await params;
  const caller = await requireMember(project);
  const search = await readSearch(ApprovalSearch, searchParams);
  const path = `/projects/${project}/approvals`;
  const place = { caller, path, search };
  return (
    <Stack gap="lg">
      <PageHeader title="Approvals" />
      <ApprovalTabs path={path} tab={search.tab} />
      {search.tab === "inbox" ? <InboxPart {...place} /> : <HistoryPart {...place} />}
    </Stack>
  );
}
