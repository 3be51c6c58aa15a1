"use client";

import { Group, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { usePathname, useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { filterQuery, type ListFilter, SHOWN_STATUSES } from "@/lib/checks/list/filter";

const TYPING_MS = 250;

const STATUSES = [
  { value: "", label: "Any status" },
  ...SHOWN_STATUSES.map((value) => ({ value, label: `${value[0]?.toUpperCase()}${value.slice(1)}` })),
];

/** Search, status and tag; what they are set to lives in the address. */
export function CheckFilters({ filter, tags }: { filter: ListFilter; tags: string[] }) {
  const router = useRouter();
  const path = usePathname();
  const [text, setText] = useState(filter.q);
  const sent = useRef(filter.q);
  const go = (change: Partial<ListFilter>) =>
    router.replace(`${path}${filterQuery({ ...filter, q: sent.current, ...change, cursor: undefined })}` as "/", {
      scroll: false,
    });
  const search = useDebouncedCallback((q: string) => {
    sent.current = q.trim();
    go({});
  }, TYPING_MS);
  useEffect(() => {
    // Only when the address changed by other means, such as the way back: what is typed stays.
    if (filter.q === sent.current) return;
    sent.current = filter.q;
    setText(filter.q);
  }, [filter.q]);
  const known = filter.tag === "" || tags.includes(filter.tag) ? tags : [filter.tag, ...tags];
  return (
    <Group gap="sm" align="end" role="search" aria-label="Checks">
      <TextInput
        data-search
        type="search"
        aria-label="Search by name or slug"
        placeholder="Search by name or slug"
        leftSection={<IconSearch size={16} />}
        value={text}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value);
          search(currentTarget.value);
        }}
        flex="1 1 220px"
        maxLength={200}
      />
      <NativeSelect
        aria-label="Status"
        data={STATUSES}
        value={filter.status ?? ""}
        onChange={({ currentTarget }) =>
          go({ status: SHOWN_STATUSES.find((status) => status === currentTarget.value) ?? null })
        }
      />
      {known.length > 0 && (
        <NativeSelect
          aria-label="Tag"
          data={[{ value: "", label: "Any tag" }, ...known]}
          value={filter.tag}
          onChange={({ currentTarget }) => go({ tag: currentTarget.value })}
          maw={200}
        />
      )}
    </Group>
  );
}
