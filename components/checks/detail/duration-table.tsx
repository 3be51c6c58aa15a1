"use client";

import { Accordion, Table } from "@mantine/core";
import { exactWords } from "@/components/status/exact-time";
import { durationWords, type RunDuration } from "@/lib/checks/detail/durations";

/** What the chart shows, as a table. */
export function DurationTable({ runs }: { runs: RunDuration[] }) {
  return (
    <Accordion variant="default" order={3}>
      <Accordion.Item value="table" bd={0}>
        <Accordion.Control px={0}>As a table</Accordion.Control>
        <Accordion.Panel>
          <Table aria-label="Run durations">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Started (UTC)</Table.Th>
                <Table.Th>Took</Table.Th>
                <Table.Th>Ended in</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {runs.toReversed().map((run) => (
                <Table.Tr key={run.id}>
                  <Table.Td>{exactWords(run.started_at)}</Table.Td>
                  <Table.Td>{durationWords(run.duration_ms)}</Table.Td>
                  <Table.Td>{run.failed ? "failure" : "success"}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
