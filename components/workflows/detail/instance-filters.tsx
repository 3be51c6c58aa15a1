"use client";

import { Group, NativeSelect, TextInput } from "@mantine/core";
import { useSearch } from "@/components/layout/use-search";
import { INSTANCE_WORDS } from "@/lib/workflows/present";
import { STATUSES } from "@/lib/workflows/schema";

const OPTIONS = [
  { value: "", label: "Any status" },
  ...STATUSES.map((value) => ({ value, label: INSTANCE_WORDS[value] })),
];

type Props = { agent: string; from: string | undefined; to: string | undefined };

/** Which instances are listed: by status, by the agent that began them, and by the days they began on. */
export function InstanceFilters({ agent, from, to }: Props) {
  const { read, write } = useSearch();
  const days = [
    { name: "from", label: "From (UTC)", value: from ?? "" },
    { name: "to", label: "To (UTC)", value: to ?? "" },
  ];
  return (
    <Group gap="sm" align="end" role="search" aria-label="Instances">
      <NativeSelect
        label="Status"
        aria-label="Status"
        data={OPTIONS}
        value={read("status") ?? ""}
        onChange={({ currentTarget }) => write("status", currentTarget.value)}
      />
      <UrlText name="agent" label="Agent" placeholder="Any agent" value={agent} write={write} />
      {days.map((day) => (
        <UrlText key={day.name} type="date" {...day} write={write} />
      ))}
    </Group>
  );
}

type TextProps = {
  name: string;
  label: string;
  value: string;
  type?: string;
  placeholder?: string;
  write: (name: string, value: string) => void;
};

/** A text that goes into the address when it is left, or with Enter. */
function UrlText({ name, value, write, type = "text", ...texts }: TextProps) {
  return (
    <TextInput
      // Another one in the address, as by the way back, is another field.
      key={`${name} ${value}`}
      type={type}
      {...texts}
      defaultValue={value}
      maxLength={200}
      w={type === "date" ? 150 : 180}
      onBlur={({ currentTarget }) => {
        const typed = currentTarget.value.trim();
        if (typed !== value) write(name, typed);
      }}
      onKeyDown={({ key, currentTarget }) => {
        if (key === "Enter") currentTarget.blur();
      }}
    />
  );
}
