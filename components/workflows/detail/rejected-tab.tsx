"use client";

import { Table, Text } from "@mantine/core";
import { EmptyState } from "@/components/layout/empty-state";
import { ListPager } from "@/components/layout/list-pager";
import { Section } from "@/components/layout/section";
import { TextLink } from "@/components/layout/text-link";
import { WideTable } from "@/components/settings/wide-table";
import { ExactTime } from "@/components/status/exact-time";
import type { Page } from "@/lib/core/cursor";
import { refusalWords } from "@/lib/workflows/present";
import type { RejectedPing } from "@/lib/workflows/schema";
import classes from "./rejected-tab.module.css";

const COLUMNS = ["When (UTC)", "Why", "Expected", "Received", "Agent", "Signal"];

type Props = { projectId: string; path: string; page: Page<RejectedPing>; cursor: string | undefined };

/** Stage signals that were refused, with what they were, newest first. */
export function RejectedTab({ projectId, path, page, cursor }: Props) {
  return (
    <Section title="Rejected pings" description="Signals that reached this workflow and were refused, newest first">
      {page.items.length === 0 ? (
        <EmptyState
          title="Nothing was rejected"
          text="In strict mode a stage that skips another, or comes again, is refused and kept here for you to look into."
        />
      ) : (
        <WideTable label="Rejected pings" columns={COLUMNS} minWidth={860}>
          {page.items.map((ping) => (
            <Table.Tr key={ping.id}>
              <Table.Td>
                <ExactTime at={ping.rejected_at} />
              </Table.Td>
              <Table.Td maw={200}>
                <Text size="sm" fw={500}>
                  {refusalWords(ping.code)}
                </Text>
                <Text size="xs" c="dimmed" ff="monospace" component="div">
                  {ping.code}
                </Text>
                {ping.instance_id !== null && (
                  <TextLink size="xs" href={`/projects/${projectId}/instances/${ping.instance_id}`}>
                    Its instance
                  </TextLink>
                )}
              </Table.Td>
              <Table.Td>{stage(ping.expected)}</Table.Td>
              <Table.Td>{stage(ping.received)}</Table.Td>
              <Table.Td maw={160} style={{ overflowWrap: "anywhere" }}>
                {ping.agent_code ?? "–"}
              </Table.Td>
              <Table.Td maw={320}>
                <details className={classes["raw"]}>
                  <summary aria-label={`Details of signal ${ping.id}`}>Show</summary>
                  <pre>{JSON.stringify(ping.raw, null, 2)}</pre>
                </details>
              </Table.Td>
            </Table.Tr>
          ))}
        </WideTable>
      )}
      <ListPager path={path} search={{ tab: "rejected" }} cursor={cursor} nextCursor={page.nextCursor} />
    </Section>
  );
}

const stage = (path: string | number | null): string => (path === null ? "–" : `Stage ${path}`);
