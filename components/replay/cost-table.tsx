"use client";

import { Accordion, Box, Table } from "@mantine/core";
import { memo, useState } from "react";
import { usdWords } from "@/lib/core/money";
import type { CostPoint } from "@/lib/replay/page/cost-points";
import type { TrackRow } from "@/lib/workflows/instance/track";

type Props = { points: readonly CostPoint[]; rows: readonly TrackRow[] };

/** What the line of costs shows, as a table. */
export const CostTable = memo(function CostTable({ points, rows }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Accordion
      variant="default"
      order={3}
      styles={{ content: { padding: 0 } }}
      onChange={(value) => setOpen(value !== null)}
    >
      <Accordion.Item value="table" bd={0}>
        <Accordion.Control px={0} aria-label="As a table: cost so far">
          As a table
        </Accordion.Control>
        <Accordion.Panel>
          {/* Hundreds of lines that few ask for would delay every page. */}
          {isOpen && (
            <Box component="section" tabIndex={0} aria-label="Cost so far" mah={320} style={{ overflow: "auto" }}>
              <Table aria-label="Cost so far" stickyHeader horizontalSpacing="xs">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Step</Table.Th>
                    <Table.Th>Stage</Table.Th>
                    <Table.Th>Cost so far</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {points.map((point) => (
                    <Table.Tr key={point.step}>
                      <Table.Td>{point.step}</Table.Td>
                      <Table.Td>{rows[point.step]?.path}</Table.Td>
                      <Table.Td>{usdWords(point.usd)}</Table.Td>
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
});
