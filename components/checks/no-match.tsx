import { EmptyState } from "@/components/layout/empty-state";
import { LinkButton } from "@/components/layout/link-button";
import { filterQuery, type ListFilter } from "@/lib/checks/list/filter";

/** What stands in the list when there are checks, but none here. `path` is the list's own. */
export function NoMatch({ path, filter }: { path: string; filter: ListFilter }) {
  if (filter.cursor === undefined)
    return (
      <EmptyState title="No check matches" text="Nothing has this name, status and tag.">
        <LinkButton href={path} variant="default">
          Clear filters
        </LinkButton>
      </EmptyState>
    );
  return (
    <EmptyState title="There are no more checks" text="The page before this one was the last.">
      <LinkButton href={`${path}${filterQuery({ ...filter, cursor: undefined })}`} variant="default">
        First page
      </LinkButton>
    </EmptyState>
  );
}
