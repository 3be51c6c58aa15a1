"use client";

import { Table, Text } from "@mantine/core";
import { BodyButton, BodyViewer } from "@/components/checks/detail/body-viewer";
import { KindDot, MISS_WORDS } from "@/components/checks/detail/kind-dot";
import { PingSaid } from "@/components/checks/detail/ping-said";
import { WideTable } from "@/components/settings/wide-table";
import { ExactTime } from "@/components/status/exact-time";
import { durationWords } from "@/lib/checks/detail/durations";
import type { MissEntry, PingEntry } from "@/lib/checks/detail/log";

const COLUMNS = ["Signal", "When (UTC)", "What it said", "From", "Duration"];

type Props = { projectId: string; checkId: string; entries: (PingEntry | MissEntry)[] };

/** Signals with what they said beside them, and those that did not come, newest first. */
export function SignalTable({ projectId, checkId, entries }: Props) {
  return (
    <BodyViewer projectId={projectId} checkId={checkId}>
      <WideTable label="Signals" columns={COLUMNS} minWidth={760}>
        {entries.map((entry) =>
          entry.type === "ping" ? (
            <SignalLine key={entry.n} signal={entry} />
          ) : (
            <MissLine key={entry.at} at={entry.at} />
          ),
        )}
      </WideTable>
    </BodyViewer>
  );
}

const MissLine = ({ at }: { at: string }) => (
  <Table.Tr>
    <Table.Td>
      <KindDot kind="missed" />
    </Table.Td>
    <Table.Td>
      <ExactTime at={at} />
    </Table.Td>
    <Table.Td colSpan={3}>{MISS_WORDS}</Table.Td>
  </Table.Tr>
);

function SignalLine({ signal }: { signal: PingEntry }) {
  const { n, exit_status: exit, body_bytes: bytes, details, rid } = signal;
  const isSilent = details === null && rid === null && exit === null && bytes === 0;
  return (
    <Table.Tr>
      <Table.Td>
        <KindDot kind={signal.kind} />
        <Text size="xs" c="dimmed">
          #{n}
        </Text>
      </Table.Td>
      <Table.Td>
        <ExactTime at={signal.at} />
      </Table.Td>
      <Table.Td miw={200}>
        <PingSaid ping={signal} />
        {exit !== null && <Text size="sm">exit status {exit}</Text>}
        {bytes > 0 && <BodyButton n={n} bytes={bytes} />}
        {isSilent && "–"}
      </Table.Td>
      <Table.Td style={{ overflowWrap: "anywhere" }}>
        <Text size="sm">{[signal.method, signal.remote_addr].filter(Boolean).join(" from ")}</Text>
        <Text size="xs" c="dimmed" lineClamp={2} title={signal.user_agent}>
          {signal.user_agent || "no user agent"}
        </Text>
      </Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>
        {signal.duration_ms === null ? "–" : durationWords(signal.duration_ms)}
      </Table.Td>
    </Table.Tr>
  );
}
