"use client";

import { Accordion, Box, Table } from "@mantine/core";
import { useState } from "react";
import { exactWords } from "@/components/status/exact-time";
import type { MetricBucket } from "@/lib/checks/metrics/buckets";
import { meanWords, valueWords } from "@/lib/checks/metrics/words";

const THINNED = ["Mean", "Smallest", "Largest", "Values"];

/** What a chart shows, as a table, newest first. */
export function MetricTable({ name, points }: { name: string; points: MetricBucket[] }) {
  const [isOpen, setOpen] = useState(false);
  const isThinned = points.some(({ count }) => count > 1);
  return (
    <Accordion
      variant="default"
      order={4}
      styles={{ content: { padding: 0 } }}
      onChange={(value) => setOpen(value !== null)}
    >
      <Accordion.Item value="table" bd={0}>
        <Accordion.Control px={0} aria-label={`As a table: ${name}`}>
          As a table
        </Accordion.Control>
        <Accordion.Panel>
          {/* Hundreds of lines that few ask for would delay every page. */}
          {isOpen && (
            <Box
              component="section"
              tabIndex={0}
              aria-label={`Values of ${name}`}
              mah={320}
              style={{ overflow: "auto" }}
            >
              <Table aria-label={name} stickyHeader horizontalSpacing="xs">
                <Table.Thead>
                  <Table.Tr>
                    {["From (UTC)", ...(isThinned ? THINNED : ["Value"])].map((label) => (
                      <Table.Th key={label}>{label}</Table.Th>
                    ))}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {points.toReversed().map((point) => (
                    <Table.Tr key={point.at}>
                      <Table.Td style={{ whiteSpace: "nowrap" }}>{exactWords(point.at)}</Table.Td>
                      {isThinned ? (
                        <Ends name={name} point={point} />
                      ) : (
                        <Table.Td>{valueWords(name, point.avg)}</Table.Td>
                      )}
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

/** What a stretch of time with several values adds up to. */
function Ends({ name, point: { avg, min, max, count } }: { name: string; point: MetricBucket }) {
  const cells = { mean: meanWords(name, avg), min: valueWords(name, min), max: valueWords(name, max), count };
  return Object.entries(cells).map(([key, text]) => <Table.Td key={key}>{text}</Table.Td>);
}
