"use client";

import { Accordion, Box, Table } from "@mantine/core";
import { useState } from "react";
import { usdWords } from "@/lib/core/money";
import type { DayModels } from "@/lib/costs/tab/day-models";

/** What the chart of days shows, as a table, newest first. */
export function CostDaysTable({ chart: { series, days } }: { chart: DayModels }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Accordion
      variant="default"
      order={3}
      styles={{ content: { padding: 0 } }}
      onChange={(value) => setOpen(value !== null)}
    >
      <Accordion.Item value="table" bd={0}>
        <Accordion.Control px={0} aria-label="As a table: costs by day and model">
          As a table
        </Accordion.Control>
        <Accordion.Panel>
          {/* Hundreds of cells that few ask for would delay every page. */}
          {isOpen && (
            <Box component="section" tabIndex={0} aria-label="Costs by day" mah={320} style={{ overflow: "auto" }}>
              <Table aria-label="Costs by day and model" stickyHeader horizontalSpacing="xs">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Day</Table.Th>
                    <Table.Th>All</Table.Th>
                    {series.map(({ key, label }) => (
                      <Table.Th key={key}>{label}</Table.Th>
                    ))}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {days.toReversed().map(({ day, totalUsd, usd }) => (
                    <Table.Tr key={day}>
                      <Table.Td style={{ whiteSpace: "nowrap" }}>{day}</Table.Td>
                      <Table.Td>{usdWords(totalUsd)}</Table.Td>
                      {series.map(({ key }) => (
                        <Table.Td key={key}>{usdWords(usd[key] ?? 0)}</Table.Td>
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
