"use client";

import { Table, Text } from "@mantine/core";
import { WideTable } from "@/components/settings/wide-table";
import { ExactTime, exactWords } from "@/components/status/exact-time";
import { durationWords } from "@/lib/checks/detail/durations";
import type { RunEntry } from "@/lib/checks/runs/rate";
import { RunDifference } from "./run-difference";
import { RunSaid } from "./run-said";
import { RunState } from "./run-state";

const COLUMNS = ["Run", "Started (UTC)", "Ended (UTC)", "Took", "What it said", "Difference"];

/** Runs with what they said, newest first. */
export function RunTable({ runs }: { runs: RunEntry[] }) {
  return (
    <WideTable label="Runs" columns={COLUMNS} minWidth={900}>
      {runs.map((run) => (
        <Table.Tr key={run.id}>
          <Table.Td>
            <RunState status={run.status} />
            {run.run_id !== null && (
              <Text size="xs" c="dimmed" maw={220} style={{ overflowWrap: "anywhere" }}>
                {run.run_id}
              </Text>
            )}
          </Table.Td>
          <Table.Td>
            <ExactTime at={run.started_at} />
          </Table.Td>
          <Table.Td style={{ whiteSpace: "nowrap" }}>
            <Text size="sm">{run.ended_at === null ? "–" : exactWords(run.ended_at)}</Text>
          </Table.Td>
          <Table.Td style={{ whiteSpace: "nowrap" }}>
            {run.duration_ms === null ? "–" : durationWords(run.duration_ms)}
          </Table.Td>
          <Table.Td>
            <RunSaid run={run} />
          </Table.Td>
          <Table.Td>
            <RunDifference difference={run.difference} />
          </Table.Td>
        </Table.Tr>
      ))}
    </WideTable>
  );
}
