"use client";

import { Table, Text } from "@mantine/core";
import { WideTable } from "@/components/settings/wide-table";
import { RelativeTime } from "@/components/status/relative-time";
import { durationWords } from "@/lib/checks/detail/durations";
import type { HandoffPair } from "@/lib/workflows/schema";

const COLUMNS = ["Hand-off", "Times", "Gap on average", "Longest gap", "Last", "Why"];

/** Every hand-off of the drawing and of agents that had no place in it, with the reasons that were given. */
export function HandoffTable({ pairs }: { pairs: HandoffPair[] }) {
  return (
    <WideTable label="Hand-offs with reasons" columns={COLUMNS} minWidth={820}>
      {pairs.map((pair) => (
        <Table.Tr key={JSON.stringify([pair.from_agent, pair.to_agent])}>
          <Table.Td maw={260} style={{ overflowWrap: "anywhere" }}>
            {pair.from_agent} → {pair.to_agent}
          </Table.Td>
          <Table.Td>{pair.count.toLocaleString("en")}</Table.Td>
          <Table.Td style={{ whiteSpace: "nowrap" }}>{durationWords(pair.average_gap_ms)}</Table.Td>
          <Table.Td style={{ whiteSpace: "nowrap" }}>{durationWords(pair.max_gap_ms)}</Table.Td>
          <Table.Td style={{ whiteSpace: "nowrap" }}>
            <RelativeTime at={pair.last_at} />
          </Table.Td>
          <Table.Td maw={260} style={{ overflowWrap: "anywhere" }}>
            {pair.reasons.length === 0 ? "–" : null}
            {pair.reasons.map(({ reason, count }) => (
              <Text key={reason} size="sm">
                {reason}{" "}
                <Text span size="xs" c="dimmed">
                  × {count.toLocaleString("en")}
                </Text>
              </Text>
            ))}
          </Table.Td>
        </Table.Tr>
      ))}
    </WideTable>
  );
}
