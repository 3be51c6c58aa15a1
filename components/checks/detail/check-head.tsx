import { Badge, Group, Stack, Text } from "@mantine/core";
import { MutedUntil } from "@/components/alerts/muted-until";
import { LinkButton } from "@/components/layout/link-button";
import { PageHeader } from "@/components/layout/page-header";
import { StatusDot } from "@/components/status/status-dot";
import type { CheckSummary } from "@/lib/checks/list/summary";
import { CheckActions } from "./check-actions";

type Props = { check: CheckSummary; projectId: string; description: string; canWrite: boolean };

/** What a check is called, how it fares in one sentence, and what can be done about it. */
export function CheckHead({ check, projectId, description, canWrite }: Props) {
  return (
    <Stack gap="sm">
      <PageHeader
        title={check.name}
        crumbs={[{ label: "Checks", href: `/projects/${projectId}/checks` }]}
        action={
          <Group gap="xs">
            <LinkButton variant="default" href={`/projects/${projectId}/checks/${check.id}/history`}>
              History
            </LinkButton>
            <LinkButton variant="default" href={`/projects/${projectId}/checks/${check.id}/runs`}>
              Runs
            </LinkButton>
          </Group>
        }
      />
      <Group gap="sm">
        <div role="status" aria-label="Status">
          <StatusDot status={check.status} />
        </div>
        {check.tags.map((tag) => (
          <Badge key={tag} variant="default" tt="none" fw={500} radius="sm">
            {tag}
          </Badge>
        ))}
      </Group>
      <Text size="lg" data-testid="sentence">
        {check.sentence}
      </Text>
      {description !== "" && (
        <Text c="dimmed" maw={720} style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {description}
        </Text>
      )}
      {check.muted_until !== null && <MutedUntil until={check.muted_until} />}
      {canWrite && <CheckActions check={check} projectId={projectId} />}
    </Stack>
  );
}
