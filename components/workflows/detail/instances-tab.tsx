import { EmptyState } from "@/components/layout/empty-state";
import { LinkButton } from "@/components/layout/link-button";
import { ListPager } from "@/components/layout/list-pager";
import { Section } from "@/components/layout/section";
import type { Page } from "@/lib/core/cursor";
import { isNarrowed, type WorkflowSearch } from "@/lib/workflows/detail/search";
import type { InstanceRow } from "@/lib/workflows/schema";
import { InstanceFilters } from "./instance-filters";
import { InstanceTable } from "./instance-table";

type Props = { projectId: string; path: string; search: WorkflowSearch; page: Page<InstanceRow> };

/** Every time a workflow ran, newest first. */
export function InstancesTab({ projectId, path, search, page }: Props) {
  const { status, agent, from, to, cursor } = search;
  const isFiltered = isNarrowed(search);
  return (
    <Section title="Instances" description="Newest first">
      <InstanceFilters agent={agent ?? ""} from={from} to={to} />
      {page.items.length > 0 && <InstanceTable projectId={projectId} rows={page.items} />}
      {page.items.length === 0 && (
        <EmptyState
          title={isFiltered ? "No instance matches" : "No instances yet"}
          text={
            isFiltered
              ? "There are none of this status, agent and time."
              : "Each time the pipeline runs is an instance, which begins with its first stage."
          }
        >
          {isFiltered && (
            <LinkButton href={path} variant="default" scroll={false}>
              All instances
            </LinkButton>
          )}
        </EmptyState>
      )}
      <ListPager path={path} search={{ status, agent, from, to }} cursor={cursor} nextCursor={page.nextCursor} />
    </Section>
  );
}
