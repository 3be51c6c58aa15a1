import { Group, Stack, Text } from "@mantine/core";
import classes from "@/components/checks/check-line.module.css";
import { TextLink } from "@/components/layout/text-link";
import { RelativeTime } from "@/components/status/relative-time";
import type { FailedInstance, FailingWorkflow } from "@/lib/workflows/list/failing";
import { StandingWords } from "./standing-words";
import { HealthWord, InstanceWord } from "./words";

const [LINE = "", STATUS = ""] = ["line", "status"].map((name) => classes[name]);

/** A workflow that fails, in a short list. */
export function FailingLine({ workflow, projectId }: { workflow: FailingWorkflow; projectId: string }) {
  return (
    <Group className={LINE} wrap="nowrap" gap="md" align="flex-start">
      <div className={STATUS}>
        <HealthWord health="failing" />
      </div>
      <Stack gap={0} miw={0}>
        <TextLink
          href={`/projects/${projectId}/workflows/${workflow.id}`}
          fw={500}
          style={{ overflowWrap: "anywhere" }}
        >
          {workflow.name}
        </TextLink>
        <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          <StandingWords standing={workflow.standing} />
        </Text>
      </Stack>
    </Group>
  );
}

/** An instance that did not complete, in a short list. */
export function FailedLine({ instance, projectId }: { instance: FailedInstance; projectId: string }) {
  return (
    <Group className={LINE} wrap="nowrap" gap="md" align="flex-start">
      <div className={STATUS}>
        <InstanceWord status={instance.status} />
      </div>
      <Stack gap={0} miw={0} flex={1}>
        <TextLink
          href={`/projects/${projectId}/instances/${instance.id}`}
          fw={500}
          style={{ overflowWrap: "anywhere" }}
        >
          {instance.workflow_name}
        </TextLink>
        <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {instance.failure_reason ?? "No reason was given"}
        </Text>
      </Stack>
      <Text size="sm" c="dimmed" style={{ whiteSpace: "nowrap" }}>
        <RelativeTime at={instance.ended_at} />
      </Text>
    </Group>
  );
}
