"use client";

import { TableTd, TableTr } from "@mantine/core";
import { Section } from "@/components/layout/section";
import { UrlSegments } from "@/components/layout/url-segments";
import { WideTable } from "@/components/settings/wide-table";
import { FactRow } from "@/components/status/fact-row";
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
  const facts: [string, string, string][] = [
    ["Asked", String(requested), cancelled === 0 ? "" : `${cancelled} cancelled`],
    ["Approved", shareWords(approved, decided), `${approved} of ${decided}`],
    ["Timed out", shareWords(late, decided), `${late} of ${decided}`],
    ["Median time", took(stats.median_seconds), "by people and keys"],
    ["95 of 100 within", took(stats.p95_seconds), "by people and keys"],
  ];
  return (
    <Section title="Response times" action={<UrlSegments name="days" label="Period" options={PERIODS} />}>
      <FactRow facts={facts} />
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
