"use client";

import { Progress, Table, Text } from "@mantine/core";
import { TextLink } from "@/components/layout/text-link";
import { WideTable } from "@/components/settings/wide-table";
import { ExactTime } from "@/components/status/exact-time";
import { useNow } from "@/components/status/now";
import { InstanceWord } from "@/components/workflows/words";
import { durationWords } from "@/lib/checks/detail/durations";
import { inWords } from "@/lib/core/time";
import type { InstanceRow } from "@/lib/workflows/schema";

const COLUMNS = ["Instance", "Status", "Stages", "Started (UTC)", "Took", "Agent"];

/** Instances of one workflow, each with what became of it. */
export function InstanceTable({ projectId, rows }: { projectId: string; rows: InstanceRow[] }) {
  return (
    <WideTable label="Instances" columns={COLUMNS} minWidth={860}>
      {rows.map((row) => (
        <Table.Tr key={row.id}>
          <Table.Td style={{ whiteSpace: "nowrap" }}>
            <TextLink href={`/projects/${projectId}/instances/${row.id}`} fw={500}>
              #{row.seq}
            </TextLink>
            <Text size="xs" c="dimmed" ff="monospace" component="div">
              {row.id}
            </Text>
          </Table.Td>
          <Table.Td maw={220} style={{ overflowWrap: "anywhere" }}>
            <InstanceWord status={row.status} />
            {row.failure_reason !== null && (
              <Text size="xs" c="dimmed">
                {row.failure_reason}
              </Text>
            )}
          </Table.Td>
          <Table.Td>
            <Stages row={row} />
          </Table.Td>
          <Table.Td>
            <ExactTime at={row.started_at} />
          </Table.Td>
          <Table.Td style={{ whiteSpace: "nowrap" }}>
            <Took row={row} />
          </Table.Td>
          <Table.Td maw={180} style={{ overflowWrap: "anywhere" }}>
            {row.agent_code ?? "–"}
          </Table.Td>
        </Table.Tr>
      ))}
    </WideTable>
  );
}

function Stages({ row: { progress, n_steps: steps } }: { row: InstanceRow }) {
  if (progress === null) return <Text size="sm">{steps === 1 ? "1 signal" : `${steps} signals`}</Text>;
  const { done, total } = progress;
  return (
    <>
      <Text size="sm" style={{ whiteSpace: "nowrap" }}>
        {done} of {total}
      </Text>
      <Progress value={(done / Math.max(total, 1)) * 100} size="xs" w={90} mt={4} aria-hidden="true" color="pine" />
    </>
  );
}

function Took({ row }: { row: InstanceRow }) {
  const now = useNow();
  const started = Date.parse(row.started_at);
  if (row.ended_at === null) return <>{inWords(Math.max(0, now - started))} so far</>;
  return <>{durationWords(Date.parse(row.ended_at) - started)}</>;
}
