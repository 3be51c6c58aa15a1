"use client";

import { Accordion, Box, Table } from "@mantine/core";
import { useState } from "react";
import type { CostBar, CostPart } from "@/lib/costs/overview/chart";
import { roundUsd } from "@/lib/costs/overview/words";

type Props = { parts: readonly CostPart[]; bars: readonly CostBar[] };

/** What the chart of costs shows, as a table, newest first. */
export function CostDayTable({ parts, bars }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Accordion
      variant="default"
      order={3}
      styles={{ content: { padding: 0 } }}
      onChange={(value) => setOpen(value !== null)}
    >
      <Accordion.Item value="table" bd={0}>
        <Accordion.Control px={0} aria-label="As a table: cost by day">
          As a table
        </Accordion.Control>
        <Accordion.Panel>
          {/* Hundreds of lines that few ask for would delay every page. */}
          {isOpen && (
            <Box component="section" tabIndex={0} aria-label="Costs by day" mah={320} style={{ overflow: "auto" }}>
              <Table aria-label="Cost by day" stickyHeader horizontalSpacing="xs">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Day</Table.Th>
                    <Table.Th ta="right">Together</Table.Th>
                    {parts.map(({ id, name }) => (
                      <Table.Th key={id} ta="right" miw={90} maw={180} style={{ overflowWrap: "anywhere" }}>
                        {name}
                      </Table.Th>
                    ))}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {bars.toReversed().map(({ day, total, usd }) => (
                    <Table.Tr key={day}>
                      <Table.Td style={{ whiteSpace: "nowrap" }}>{day}</Table.Td>
                      <Table.Td ta="right">{roundUsd(total)}</Table.Td>
                      {parts.map(({ id }) => (
                        <Table.Td key={id} ta="right">
                          {roundUsd(usd[id] ?? 0)}
                        </Table.Td>
                      ))}
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Box>
          )}
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
