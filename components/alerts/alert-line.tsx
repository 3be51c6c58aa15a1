import { Group, Stack, Text } from "@mantine/core";
import { RelativeTime } from "@/components/status/relative-time";
import type { Alert } from "@/lib/alerts/schema";
import classes from "./alert-card.module.css";

/** One alert in a short list: what happened and when. */
export function AlertLine({ alert }: { alert: Alert }) {
  return (
    <Group
      className={classes["card"] ?? ""}
      wrap="nowrap"
      gap="md"
      align="flex-start"
      data-severity={alert.severity}
      data-open={alert.resolved_at === null}
    >
      <Stack gap={0} miw={0} style={{ flex: 1 }}>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {alert.message}
        </Text>
      </Stack>
      <Text size="sm" c="dimmed" style={{ whiteSpace: "nowrap" }}>
        <RelativeTime at={alert.occurred_at} />
      </Text>
    </Group>
  );
}
