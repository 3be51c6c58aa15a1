"use client";

import { Paper, SimpleGrid, TableTd, TableTr, Text } from "@mantine/core";
import { Section } from "@/components/layout/section";
import { UrlSegments } from "@/components/layout/url-segments";
import { WideTable } from "@/components/settings/wide-table";
import type { ApprovalStats } from "@/lib/approvals/schema";
import { shareWords } from "@/lib/approvals/words";
import { durationWords } from "@/lib/checks/detail/durations";

const PERIODS = [
  { value: "7", label: "7 days" },
  { value: "", label: "30 days" },
  { value: "90", label: "90 days" },
];

const COLUMNS = ["Who", "Decided", "Approved", "Median time"];

const took = (seconds: number | null): string => (seconds === null ? "–" : durationWords(seconds * 1000));

/** How many were asked for, what became of them, and how long people took. */
export function ResponseTimes({ stats }: { stats: ApprovalStats }) {
  const { requested, approved, denied, timed_out: late, cancelled } = stats;
  const decided = approved + denied;
  const tiles = [
    { label: "Asked", value: String(requested), more: cancelled === 0 ? "" : `${cancelled} cancelled` },
    { label: "Approved", value: shareWords(approved, decided), more: `${approved} of ${decided}` },
    { label: "Timed out", value: shareWords(late, decided), more: `${late} of ${decided}` },
    { label: "Median time", value: took(stats.median_seconds), more: "by people and keys" },
    { label: "95 of 100 within", value: took(stats.p95_seconds), more: "by people and keys" },
  ];
  return (
    <Section title="Response times" action={<UrlSegments name="days" label="Period" options={PERIODS} />}>
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="sm">
        {tiles.map(({ label, value, more }) => (
          <Paper key={label} p="md">
            <Text size="sm" c="dimmed">
              {label}
            </Text>
            <Text fz={{ base: "lg", sm: 24 }} fw={600}>
              {value}
            </Text>
            <Text size="xs" c="dimmed">
              {more}
            </Text>
          </Paper>
        ))}
      </SimpleGrid>
      {stats.by_person.length > 0 && (
        <WideTable label="Response times by person" columns={COLUMNS}>
          {stats.by_person.map((one) => (
            <TableTr key={one.person}>
              <TableTd style={{ overflowWrap: "anywhere" }}>{one.person}</TableTd>
              <TableTd>{one.decided}</TableTd>
              <TableTd>{shareWords(one.approved, one.decided)}</TableTd>
              <TableTd>{took(one.median_seconds)}</TableTd>
            </TableTr>
          ))}
        </WideTable>
      )}
    </Section>
  );
}
