"use client";

import { Paper, Table, Text } from "@mantine/core";
import { durationWords } from "@/lib/checks/detail/durations";
import { handoffMatrix } from "@/lib/workflows/detail/handoff-graph";
import type { HandoffPair } from "@/lib/workflows/schema";
import classes from "./handoff-graph.module.css";

/** Who handed to whom how often, and after how long on average. */
export function HandoffMatrix({ pairs }: { pairs: HandoffPair[] }) {
  const { agents, rows } = handoffMatrix(pairs);
  return (
    <Paper>
      <Table.ScrollContainer minWidth={320} type="native" tabIndex={0} role="region" aria-label="Matrix of hand-offs">
        <Table className={classes["matrix"] ?? ""} withColumnBorders>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">From \ to</Table.Th>
              {agents.map((agent) => (
                <Table.Th key={agent} scope="col">
                  {agent}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ from, cells }) => (
              <Table.Tr key={from}>
                <Table.Th scope="row">{from}</Table.Th>
                {cells.map(({ to, pair, share }) => (
                  <Table.Td key={to} className={classes["cell"] ?? ""} style={{ "--share": share.toFixed(2) }}>
                    {pair === null ? (
                      <Text size="sm" c="dimmed">
                        –
                      </Text>
                    ) : (
                      <>
                        <Text size="sm" fw={600}>
                          {pair.count.toLocaleString("en")}
                        </Text>
                        <Text size="xs">{durationWords(pair.average_gap_ms)}</Text>
                      </>
                    )}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
