import { Group } from "@mantine/core";
import { LinkButton } from "./link-button";

type Props = {
  path: string;
  /** What the list is narrowed to; undefined is left out. */
  search: Record<string, string | undefined>;
  cursor: string | undefined;
  nextCursor: string | null;
};

/** The way through a long list, newest first. Shows nothing where there is one page. */
export function ListPager({ path, search, cursor, nextCursor }: Props) {
  if (cursor === undefined && nextCursor === null) return null;
  const to = (at: string | null): string => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(search)) if (value !== undefined) query.set(name, value);
    if (at !== null) query.set("cursor", at);
    return query.size === 0 ? path : `${path}?${query}`;
  };
  return (
    <Group component="nav" aria-label="Pages" justify="space-between">
      {cursor === undefined ? (
        <span />
      ) : (
        <LinkButton href={to(null)} variant="default" size="sm">
          Newest
        </LinkButton>
      )}
      {nextCursor !== null && (
        <LinkButton href={to(nextCursor)} variant="default" size="sm">
          Older
        </LinkButton>
      )}
    </Group>
  );
}
