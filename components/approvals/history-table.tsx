"use client";

import { TableTd, TableTr, Text } from "@mantine/core";
import { TextLink } from "@/components/layout/text-link";
import { WideTable } from "@/components/settings/wide-table";
import { ExactTime } from "@/components/status/exact-time";
import type { ApprovalRow } from "@/lib/approvals/schema";
import { deciderWords } from "@/lib/approvals/words";
import { durationWords } from "@/lib/checks/detail/durations";
import { ApprovalWord, RiskWord } from "./words";

const COLUMNS = ["Status", "What", "Asked by", "Decided (UTC)", "By", "Took"];

/** Approvals that wait no more, each with who decided. */
export function HistoryTable({ projectId, rows }: { projectId: string; rows: ApprovalRow[] }) {
  return (
    <WideTable label="Decided approvals" columns={COLUMNS} minWidth={900}>
      {rows.map((row) => {
        const at = row.decided_at ?? row.expires_at;
        return (
          <TableTr key={row.approval_id}>
            <TableTd>
              <ApprovalWord status={row.status} />
            </TableTd>
            <TableTd maw={320} style={{ overflowWrap: "anywhere" }}>
              <TextLink href={`/projects/${projectId}/approvals/${row.approval_id}`} fw={500}>
                {row.title}
              </TextLink>
              <div>
                <RiskWord risk={row.risk} />
              </div>
              {typeof row.notes === "string" && (
                <Text size="xs" c="dimmed" lineClamp={2}>
                  {row.notes}
                </Text>
              )}
            </TableTd>
            <TableTd maw={180} style={{ overflowWrap: "anywhere" }}>
              {row.requested_by}
            </TableTd>
            <TableTd>
              <ExactTime at={at} />
            </TableTd>
            <TableTd maw={180} style={{ overflowWrap: "anywhere" }}>
              {deciderWords(row.decided_by ?? "")}
            </TableTd>
            <TableTd style={{ whiteSpace: "nowrap" }}>
              {durationWords(Date.parse(at) - Date.parse(row.created_at))}
            </TableTd>
          </TableTr>
        );
      })}
    </WideTable>
  );
}
