import { List, ListItem, Paper, Stack, Text } from "@mantine/core";
import { SnippetTabs } from "@/components/checks/detail/snippet-tabs";
import { EmptyState } from "@/components/layout/empty-state";
import { LinkButton } from "@/components/layout/link-button";
import { Section } from "@/components/layout/section";
import { ruleWords } from "@/lib/workflows/detail/rule-words";
import { snippetsFor } from "@/lib/workflows/detail/snippets";
import { learnedStages } from "@/lib/workflows/detail/stage-groups";
import type { StageStatuses, Workflow } from "@/lib/workflows/schema";
import { StageCircles } from "./stage-circles";

type Props = {
  workflow: Workflow;
  /** Of a dynamic workflow: the stages of the newest instance. */
  learned: StageStatuses;
  /** Where it is changed; null for those who may only look. */
  settings: string | null;
};

/** What a workflow asks of its instances, and how its stages are reported. */
export function DefinitionTab({ workflow, learned, settings }: Props) {
  const isStatic = workflow.kind === "static";
  const stages = isStatic
    ? workflow.stages.map(({ order, name, timeout_seconds }) => ({
        path: String(order),
        name,
        timeoutSeconds: timeout_seconds,
      }))
    : learnedStages(learned);
  const { url, kind } = workflow;
  const change =
    settings === null ? undefined : (
      <LinkButton href={settings} variant="default" size="sm" scroll={false}>
        Change
      </LinkButton>
    );
  return (
    <Stack gap="xl">
      <Section
        title="Stages"
        description={isStatic ? "As declared" : "As learned from the instances so far"}
        action={change}
      >
        {stages.length === 0 ? (
          <EmptyState title="Nothing is learned yet" text="The stages of the first instance will be shown here." />
        ) : (
          <Paper p="lg">
            <StageCircles stages={stages} label="Stages" />
          </Paper>
        )}
      </Section>
      <Section title="Rules">
        <List size="sm" style={{ overflowWrap: "anywhere" }}>
          {ruleWords(workflow).map((rule) => (
            <ListItem key={rule}>{rule}</ListItem>
          ))}
        </List>
        <Text size="sm" c="dimmed">
          Version {workflow.version}. Instances that are under way keep to the version they began with.
        </Text>
      </Section>
      <Section title="Report from anywhere" description="With the address of this workflow">
        <SnippetTabs snippets={snippetsFor({ url, kind, stages: workflow.stages.map(({ name }) => name) })} />
      </Section>
    </Stack>
  );
}
