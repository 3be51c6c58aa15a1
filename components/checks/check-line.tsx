import { Group, Stack, Text } from "@mantine/core";
import { TextLink } from "@/components/layout/text-link";
import { StatusDot } from "@/components/status/status-dot";
import type { CheckSummary } from "@/lib/checks/list/summary";
import classes from "./check-line.module.css";

/** One check in a short list: how it is, what it is called, and why. */
export function CheckLine({ check, projectId }: { check: CheckSummary; projectId: string }) {
  return (
    <Group className={classes["line"] ?? ""} wrap="nowrap" gap="md" align="flex-start">
      <div className={classes["status"]}>
        <StatusDot status={check.status} />
      </div>
      <Stack gap={0} miw={0}>
        <TextLink href={`/projects/${projectId}/checks/${check.id}`} fw={500} style={{ overflowWrap: "anywhere" }}>
          {check.name}
        </TextLink>
        <Text size="sm" c="dimmed">
          {check.sentence}
        </Text>
      </Stack>
    </Group>
  );
}
