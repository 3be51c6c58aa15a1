import { EmptyState } from "@/components/layout/empty-state";
import { LinkButton } from "@/components/layout/link-button";
import { ListPager } from "@/components/layout/list-pager";
import { Section } from "@/components/layout/section";
import type { ApprovalRow, ApprovalStats } from "@/lib/approvals/schema";
import { type ApprovalSearch, isNarrowed } from "@/lib/approvals/search";
import type { Page } from "@/lib/core/cursor";
import { HistoryFilters } from "./history-filters";
import { HistoryTable } from "./history-table";
import { ResponseTimes } from "./response-times";

type Props = { projectId: string; path: string; search: ApprovalSearch; page: Page<ApprovalRow>; stats: ApprovalStats };

/** What was decided, by whom and how fast. */
export function History({ projectId, path, search, page, stats }: Props) {
  const { status, risk, q, days, cursor } = search;
  const kept = { tab: "history", days: days === "30" ? undefined : days };
  const isFiltered = isNarrowed(search);
  return (
    <>
      <ResponseTimes stats={stats} />
      <Section title="Decided" description="Newest first">
        <HistoryFilters q={q} />
        {page.items.length > 0 && <HistoryTable projectId={projectId} rows={page.items} />}
        {page.items.length === 0 && (
          <EmptyState
            title={isFiltered ? "Nothing matches" : "Nothing was decided yet"}
            text={
              isFiltered
                ? "There are none of this status, risk and text."
                : "What people approve and deny, and what runs out of time, is kept here with who decided and when."
            }
          >
            {isFiltered && (
              <LinkButton href={`${path}?tab=history`} variant="default" scroll={false}>
                Everything that was decided
              </LinkButton>
            )}
          </EmptyState>
        )}
        <ListPager path={path} search={{ ...kept, status, risk, q }} cursor={cursor} nextCursor={page.nextCursor} />
      </Section>
    </>
  );
}
