"use client";

import { Group, Paper, Text } from "@mantine/core";
import checkLine from "@/components/checks/check-line.module.css";
import { Section } from "@/components/layout/section";
import { TextLink } from "@/components/layout/text-link";
import { RelativeTime } from "@/components/status/relative-time";
import type { ApprovalRow } from "@/lib/approvals/schema";
import { deciderWords } from "@/lib/approvals/words";
import classes from "./approvals.module.css";
import { Countdown } from "./countdown";
import { useRefreshAt } from "./use-refresh-at";
import { ApprovalWord } from "./words";

const [LINE = "", STATUS = ""] = ["line", "status"].map((name) => checkLine[name]);

const soonestFirst = (a: ApprovalRow, b: ApprovalRow): number => a.expires_at.localeCompare(b.expires_at);

/** The approvals that an instance waits for, and what became of those it has asked for before. */
export function InstanceApprovals({ projectId, rows }: { projectId: string; rows: ApprovalRow[] }) {
  const waiting = rows.filter(({ status }) => status === "pending").toSorted(soonestFirst);
  const decided = rows.filter(({ status }) => status !== "pending");
  useRefreshAt(waiting[0]?.expires_at ?? null);
  if (rows.length === 0) return null;
  return (
    <Section title="Approvals">
      <Paper>
        {[...waiting, ...decided].map((row) => (
          <Group key={row.approval_id} className={LINE} wrap="nowrap" gap="md" align="flex-start">
            <div className={STATUS}>
              <ApprovalWord status={row.status} />
            </div>
            <div className={classes["wraps"]}>
              <Text size="sm">
                {row.status === "pending" && "Waiting for approval: "}
                <TextLink href={`/projects/${projectId}/approvals/${row.approval_id}`} fw={500}>
                  {row.title}
                </TextLink>
              </Text>
              <div className={classes["facts"]}>
                {row.stage_path !== null && <span>stage {row.stage_path}</span>}
                <Standing row={row} />
              </div>
            </div>
          </Group>
        ))}
      </Paper>
    </Section>
  );
}

function Standing({ row }: { row: ApprovalRow }) {
  if (row.status === "pending") return <Countdown until={row.expires_at} />;
  return (
    <span>
      by {deciderWords(row.decided_by ?? "")}, <RelativeTime at={row.decided_at ?? row.expires_at} />
    </span>
  );
}
