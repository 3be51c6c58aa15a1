import { Group } from "@mantine/core";
import { LinkButton } from "@/components/layout/link-button";

type Props = { path: string; cursor: string | undefined; next: string | null; words: { first: string; next: string } };

/** The way through a list that is shown page by page. */
export function NextPage({ path, cursor, next, words }: Props) {
  if (cursor === undefined && next === null) return null;
  return (
    <Group component="nav" aria-label="Pages of this list" gap="sm">
      {cursor !== undefined && (
        <LinkButton href={path} variant="default">
          {words.first}
        </LinkButton>
      )}
      {next !== null && (
        <LinkButton href={`${path}?cursor=${encodeURIComponent(next)}`} variant="default">
          {words.next}
        </LinkButton>
      )}
    </Group>
  );
}
