import { Badge, Group, Stack, Text } from "@mantine/core";
import { MutedUntil } from "@/components/alerts/muted-until";
import { PageHeader } from "@/components/layout/page-header";
import { StandingWords } from "@/components/workflows/standing-words";
import { HealthWord } from "@/components/workflows/words";
import { KIND_WORDS, MODE_WORDS, type Standing } from "@/lib/workflows/present";
import type { Workflow } from "@/lib/workflows/schema";

type Props = { projectId: string; workflow: Workflow; standing: Standing };

/** What a workflow is called and what it is, and how it stands in one sentence. */
export function WorkflowHead({ projectId, workflow, standing }: Props) {
  return (
    <Stack gap="sm">
      <PageHeader title={workflow.name} crumbs={[{ label: "Workflows", href: `/projects/${projectId}/workflows` }]} />
      <Text size="lg" data-testid="sentence" style={{ overflowWrap: "anywhere" }}>
        <StandingWords standing={standing} />
      </Text>
      <Group gap="sm">
        <div role="status" aria-label="Health">
          <HealthWord health={workflow.health} />
        </div>
        {[KIND_WORDS[workflow.kind], MODE_WORDS[workflow.validation_mode]].map((word) => (
          <Badge key={word} variant="default" tt="none" fw={500} radius="sm">
            {word}
          </Badge>
        ))}
        <Text size="sm" c="dimmed" ff="monospace" style={{ overflowWrap: "anywhere" }}>
          {workflow.id}
        </Text>
      </Group>
      {workflow.muted_until !== null && <MutedUntil until={workflow.muted_until} />}
    </Stack>
  );
}
