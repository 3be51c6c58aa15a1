import { Box, Loader, Text } from "@mantine/core";
import { EmptyState } from "@/components/layout/empty-state";
import { CopyField } from "@/components/status/copy-field";
import { askCommand } from "@/lib/approvals/snippets";

/** Stands while nothing waits, and teaches how to ask. `url` is the address of this installation. */
export function NothingWaits({ url, isFirst }: { url: string; isFirst: boolean }) {
  return (
    <EmptyState
      title={isFirst ? "Agents ask here before they act" : "Nothing waits for an answer"}
      text={
        isFirst
          ? "A script or agent asks, a person answers here or from the mail, and nothing else can answer for them. Run this anywhere, with an API key of this project that may write in PULSETRAIL_KEY. This page notices by itself."
          : "Whatever is asked next stands here by itself, the soonest deadline first. This is how to ask, with an API key that may write in PULSETRAIL_KEY."
      }
    >
      <Box w="100%">
        <CopyField label="command that asks for an approval" value={askCommand(url)} />
      </Box>
      <Text size="sm" c="dimmed">
        <Loader size={14} color="var(--pt-running)" mr={8} aria-hidden="true" />
        Waiting for a request…
      </Text>
    </EmptyState>
  );
}
