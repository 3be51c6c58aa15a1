"use client";

import { Group, Stack } from "@mantine/core";
import checkLine from "@/components/checks/check-line.module.css";
import { LinkButton } from "@/components/layout/link-button";
import { TextLink } from "@/components/layout/text-link";
import type { ApprovalRow } from "@/lib/approvals/schema";
import classes from "./approvals.module.css";
import { Countdown } from "./countdown";
import { useRefreshAt } from "./use-refresh-at";
import { RiskWord, Votes } from "./words";

const [LINE = "", STATUS = ""] = ["line", "status"].map((name) => checkLine[name]);

/** An approval that waits, in a short list. */
export function ApprovalLine({
  row,
  projectId,
  canDecide,
}: {
  row: ApprovalRow;
  projectId: string;
  canDecide: boolean;
}) {
  const page = `/projects/${projectId}/approvals/${row.approval_id}`;
  useRefreshAt(row.expires_at);
  return (
    <Group className={LINE} wrap="nowrap" gap="md" align="flex-start">
      <div className={STATUS}>
        <RiskWord risk={row.risk} />
      </div>
      <Stack gap={0} miw={0} flex={1}>
        <TextLink href={page} fw={500} style={{ overflowWrap: "anywhere" }}>
          {row.title}
        </TextLink>
        <div className={classes["facts"]}>
          <span>Waits for approval</span>
          <Countdown until={row.expires_at} />
          <Votes row={row} />
          <span>{row.requested_by}</span>
        </div>
      </Stack>
      {canDecide && (
        <LinkButton href={page} size="xs" variant="light" aria-label={`Review: ${row.title}`}>
          Review
        </LinkButton>
      )}
    </Group>
  );
}
