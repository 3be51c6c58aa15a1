"use client";

import { Badge, Table, Text } from "@mantine/core";
import { RelativeTime } from "@/components/status/relative-time";
import { actionWords } from "@/lib/projects/present";
import type { AuditEntry } from "@/lib/projects/schema";
import { WideTable } from "./wide-table";

/** Who changed what, one sentence each. */
export function AuditTable({ entries }: { entries: AuditEntry[] }) {
  return (
    <WideTable label="Audit log" columns={["When", "Who", "What"]}>
      {entries.map(({ id, created_at: at, actor, action, subject }) => (
        <Table.Tr key={id}>
          <Table.Td style={{ whiteSpace: "nowrap" }}>
            <RelativeTime at={at} />
          </Table.Td>
          <Table.Td miw={140} style={{ overflowWrap: "anywhere" }}>
            {actor.name}{" "}
            {actor.kind === "key" && (
              <Badge variant="default" size="sm" tt="none">
                API key
              </Badge>
            )}
          </Table.Td>
          <Table.Td miw={180} style={{ overflowWrap: "anywhere" }}>
            {actionWords(action)}{" "}
            <Text span size="sm" fw={500}>
              {subject.name ?? (action.startsWith("alert.") ? `#${subject.id}` : "")}
            </Text>
          </Table.Td>
        </Table.Tr>
      ))}
    </WideTable>
  );
}
