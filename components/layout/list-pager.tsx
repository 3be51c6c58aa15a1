import { Group } from "@mantine/core";
import { LinkButton } from "./link-button";

type Props = {
  path: string;
  /** What the list is narrowed to; undefined is left out. */
  search: Record<string, string | undefined>;
  cursor: string | undefined;
  nextCursor: string | null;
  /** What the two links are called; a list that is not newest first has other words. */
  words?: { first: string; next: string };
  /** Where a list is one of several on its page: its name, and what its cursor is called in the address. */
  part?: { label: string; param: string };
};

const WHOLE_PAGE = { label: "Pages", param: "cursor" };
const BY_TIME = { first: "Newest", next: "Older" };
/** For lists that are not in the order of time. */
export const BY_PAGE = { first: "First page", next: "Next page" };

/** The way through a long list; the browser's way back leads to the page before. Shows nothing where there is one page. */
export function ListPager({ path, search, cursor, nextCursor, words = BY_TIME, part = WHOLE_PAGE }: Props) {
  if (cursor === undefined && nextCursor === null) return null;
  const to = (at: string | null): string => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(search)) if (value) query.set(name, value);
    if (at !== null) query.set(part.param, at);
    return query.size === 0 ? path : `${path}?${query}`;
  };
  return (
    <Group component="nav" aria-label={part.label} justify="space-between">
      {cursor === undefined ? (
        <span />
      ) : (
        <LinkButton href={to(null)} variant="default" size="sm" scroll={part === WHOLE_PAGE}>
          {words.first}
        </LinkButton>
      )}
      {nextCursor !== null && (
        <LinkButton href={to(nextCursor)} variant="default" size="sm" scroll={part === WHOLE_PAGE}>
          {words.next}
        </LinkButton>
      )}
    </Group>
  );
}
