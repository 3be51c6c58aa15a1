import { Group } from "@mantine/core";
import { LinkButton } from "@/components/layout/link-button";
import { filterQuery, type ListFilter } from "@/lib/checks/filter";

type Props = { path: string; filter: ListFilter; nextCursor: string | null };

/** The way through the pages of the list; the browser's way back leads to the page before. */
export function CheckPager({ path, filter, nextCursor }: Props) {
  if (filter.cursor === undefined && nextCursor === null) return null;
  return (
    <Group component="nav" justify="flex-end" gap="sm" aria-label="Pages">
      {filter.cursor !== undefined && (
        <LinkButton href={`${path}${filterQuery({ ...filter, cursor: undefined })}`} variant="default">
          First page
        </LinkButton>
      )}
      {nextCursor !== null && (
        <LinkButton href={`${path}${filterQuery({ ...filter, cursor: nextCursor })}`} variant="default">
          Next page
        </LinkButton>
      )}
    </Group>
  );
}
