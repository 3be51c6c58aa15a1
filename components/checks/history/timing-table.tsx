"use client";

import { Accordion, Table } from "@mantine/core";
import { useState } from "react";
import { exactWords } from "@/components/status/exact-time";
import { durationWords } from "@/lib/checks/detail/durations";
import type { TimingPoint } from "@/lib/checks/history/timing";

const words = (ms: number | null): string => (ms === null ? "–" : durationWords(ms));

/** What the charts show, as a table. */
export function TimingTable({ points }: { points: TimingPoint[] }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Accordion variant="default" order={3} onChange={(value) => setOpen(value !== null)}>
      <Accordion.Item value="table" bd={0}>
        <Accordion.Control px={0}>As a table</Accordion.Control>
        <Accordion.Panel>
          {/* Hundreds of lines that few ask for would delay every page. */}
          {isOpen && (
            <Table aria-label="Timing">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Until (UTC)</Table.Th>
                  <Table.Th>Between signals</Table.Th>
                  <Table.Th>Took</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {points.toReversed().map((point) => (
                  <Table.Tr key={point.n}>
                    <Table.Td>{exactWords(point.at)}</Table.Td>
                    <Table.Td>{words(point.gap_ms)}</Table.Td>
                    <Table.Td>{words(point.took_ms)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
