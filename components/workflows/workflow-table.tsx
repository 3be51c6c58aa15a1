"use client";

import { Badge, Group, Paper, Table, Text } from "@mantine/core";
import { IconBellOff } from "@tabler/icons-react";
import { useHidden } from "@/components/layout/held-deletes";
import { NothingLeft } from "@/components/layout/held-items";
import { TextLink } from "@/components/layout/text-link";
import { RelativeTime } from "@/components/status/relative-time";
import type { WorkflowRow } from "@/lib/workflows/list/list";
import { KIND_WORDS, MODE_WORDS } from "@/lib/workflows/present";
import { InstanceStrip } from "./instance-strip";
import { HealthWord, InstanceWord } from "./words";
import classes from "./workflow-table.module.css";

type Props = { projectId: string; rows: WorkflowRow[] };

const [NAME = "", NARROW = "", TABLE = ""] = ["name", "narrow", "table"].map((name) => classes[name]);

/** A page of workflows: how each fares, what it is, and how its newest instances went. */
export function WorkflowTable({ projectId, rows }: Props) {
  const hidden = useHidden();
  const shown = rows.filter(({ id }) => !hidden.includes(id));
  if (shown.length === 0) return <NothingLeft ids={rows.map(({ id }) => id)} />;
  return (
    <Paper>
      <Table verticalSpacing="sm" horizontalSpacing="md" aria-label="Workflows" className={TABLE}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th className={NARROW}>Health</Table.Th>
            <Table.Th>Name</Table.Th>
            <Table.Th visibleFrom="sm" className={NARROW}>
              Last 20
            </Table.Th>
            <Table.Th visibleFrom="md" className={NARROW}>
              Running
            </Table.Th>
            <Table.Th visibleFrom="md" className={NARROW}>
              Last instance
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.map((workflow) => (
            <Row key={workflow.id} workflow={workflow} base={`/projects/${projectId}`} />
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

function Row({ workflow, base }: { workflow: WorkflowRow; base: string }) {
  const { last_instance: last, running_instances: running } = workflow;
  return (
    <Table.Tr>
      <Table.Td>
        <HealthWord health={workflow.health} />
      </Table.Td>
      <Table.Td className={NAME}>
        <TextLink href={`${base}/workflows/${workflow.id}`} fw={500}>
          {workflow.name}
        </TextLink>
        <Group gap={6} mt={4}>
          <Badge variant="default" tt="none" fw={400} radius="sm">
            {KIND_WORDS[workflow.kind]}
          </Badge>
          <Badge variant="default" tt="none" fw={400} radius="sm">
            {MODE_WORDS[workflow.validation_mode]}
          </Badge>
          {workflow.kind === "static" && (
            <Text size="xs" c="dimmed">
              {workflow.stages.length} {workflow.stages.length === 1 ? "stage" : "stages"}
            </Text>
          )}
          {workflow.muted_until !== null && (
            <Group gap={4} c="var(--pt-late)">
              <IconBellOff size={14} aria-hidden="true" />
              <Text size="xs">Muted</Text>
            </Group>
          )}
        </Group>
        <Text size="xs" c="dimmed" hiddenFrom="md" mt={4} component="div">
          {running > 0 && `${running} running · `}
          <LastStart last={last} />
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <InstanceStrip strip={workflow.strip} />
      </Table.Td>
      <Table.Td visibleFrom="md">{running}</Table.Td>
      <Table.Td visibleFrom="md" className={NARROW}>
        {last === null ? (
          "Never"
        ) : (
          <>
            <TextLink href={`${base}/instances/${last.id}`} aria-label={`Last instance of ${workflow.name}`}>
              <InstanceWord status={last.status} />
            </TextLink>
            <Text size="xs" c="dimmed" component="div">
              <RelativeTime at={last.completed_at ?? last.started_at} />
            </Text>
          </>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function LastStart({ last }: { last: WorkflowRow["last_instance"] }) {
  if (last === null) return <>never run</>;
  return (
    <>
      last began <RelativeTime at={last.started_at} />
    </>
  );
}
