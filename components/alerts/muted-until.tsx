import { Group, Text } from "@mantine/core";
import { IconBellOff } from "@tabler/icons-react";
import { exactWords } from "@/components/status/exact-time";
import { RelativeTime } from "@/components/status/relative-time";

/** Says that alerts go to nobody, and until when. ISO 8601 in. */
export function MutedUntil({ until }: { until: string }) {
  return (
    <Group gap={8} wrap="nowrap" c="var(--pt-late)" align="flex-start">
      <IconBellOff size={18} aria-hidden="true" style={{ flex: "none", marginTop: 2 }} />
      <Text fw={500}>
        Alerts are muted until {exactWords(until).slice(0, 16)} UTC, <RelativeTime at={until} />.
      </Text>
    </Group>
  );
}
