"use client";

import { Box, Group, SegmentedControl, TextInput } from "@mantine/core";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { RANGE_NAMES, RANGES } from "@/lib/checks/history/choices";

const OPTIONS = RANGE_NAMES.map((value) => ({ value, label: RANGES[value].label }));
const DAYS = [
  { name: "from", label: "From (UTC)" },
  { name: "to", label: "To (UTC)" },
];

type Props = { range: string; from: string | undefined; to: string | undefined };

/** Which stretch of time a page shows: a named one, or whole days; part of the address. */
export function RangePicker({ range, from, to }: Props) {
  const router = useRouter();
  const path = usePathname();
  const search = useSearchParams();
  const go = (change: Record<string, string>): void => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries({ cursor: "", ...change })) {
      if (value === "") next.delete(name);
      else next.set(name, value);
    }
    router.push(`${path}${next.size === 0 ? "" : `?${next}`}` as "/", { scroll: false });
  };
  const days: Record<string, string | undefined> = { from, to };
  const isNamed = from === undefined && to === undefined;
  return (
    <Group gap="sm" align="end" role="group" aria-label="Range">
      <Box maw="100%" style={{ overflowX: "auto" }}>
        <SegmentedControl
          aria-label="Range"
          size="sm"
          data={OPTIONS}
          value={isNamed ? range : ""}
          onChange={(value) => go({ range: value, from: "", to: "" })}
        />
      </Box>
      {DAYS.map(({ name, label }) => (
        <TextInput
          // Another day in the address, as by the way back, is another field.
          key={`${name} ${days[name]}`}
          type="date"
          label={label}
          defaultValue={days[name] ?? ""}
          onBlur={({ currentTarget }) => {
            if (currentTarget.value !== (days[name] ?? "")) go({ [name]: currentTarget.value });
          }}
          onKeyDown={({ key, currentTarget }) => {
            if (key === "Enter") currentTarget.blur();
          }}
          w={150}
        />
      ))}
    </Group>
  );
}
