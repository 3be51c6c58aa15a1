import { EmptyState } from "@/components/layout/empty-state";
import { TextLink } from "@/components/layout/text-link";

/** What stands where a part of the history has nothing to show. */
export function NoSignals({ hasMore, all }: { hasMore: boolean; all: string }) {
  if (hasMore)
    return (
      <EmptyState
        title="Nothing among these"
        text="None of these 20,000 signals is of the kinds you chose. There are older ones."
      />
    );
  return (
    <EmptyState title="Nothing here" text="There are no such signals in this range.">
      <TextLink href={all}>Show the whole history</TextLink>
    </EmptyState>
  );
}
