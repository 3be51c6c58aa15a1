"use client";

import { Group, NativeSelect } from "@mantine/core";
import { UrlSearch } from "@/components/layout/url-search";
import { useSearch } from "@/components/layout/use-search";
import { DECIDED, RISK_WORDS, STATUS_WORDS } from "@/lib/approvals/words";

const STATUSES = [
  { value: "", label: "Any status" },
  ...DECIDED.map((value) => ({ value, label: STATUS_WORDS[value] })),
];
const RISKS = [
  { value: "", label: "Any risk" },
  ...Object.entries(RISK_WORDS).map(([value, label]) => ({ value, label })),
];

/** Which decided approvals are listed. */
export function HistoryFilters({ q }: { q: string }) {
  const { read, write } = useSearch();
  return (
    <Group gap="sm" align="end" role="search" aria-label="Decided approvals">
      <UrlSearch q={q} label="Search by text or person" />
      {[
        { name: "status", label: "Status", data: STATUSES },
        { name: "risk", label: "Risk", data: RISKS },
      ].map(({ name, label, data }) => (
        <NativeSelect
          key={name}
          aria-label={label}
          data={data}
          value={read(name) ?? ""}
          onChange={({ currentTarget }) => write(name, currentTarget.value)}
        />
      ))}
    </Group>
  );
}
