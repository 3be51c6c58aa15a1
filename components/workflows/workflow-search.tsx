"use client";

import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { usePathname, useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";

const TYPING_MS = 250;
const LABEL = "Search by name or id";

/** Narrows the list to what is typed; it lives in the address. */
export function WorkflowSearch({ q }: { q: string }) {
  const router = useRouter();
  const path = usePathname();
  const [text, setText] = useState(q);
  const sent = useRef(q);
  const search = useDebouncedCallback((typed: string) => {
    sent.current = typed.trim();
    const query = sent.current === "" ? "" : `?${new URLSearchParams({ q: sent.current })}`;
    router.replace(`${path}${query}` as "/", { scroll: false });
  }, TYPING_MS);
  useEffect(() => {
    // Only when the address changed by other means, such as the way back: what is typed stays.
    if (q === sent.current) return;
    sent.current = q;
    setText(q);
  }, [q]);
  return (
    <TextInput
      data-search
      type="search"
      aria-label={LABEL}
      placeholder={LABEL}
      leftSection={<IconSearch size={16} />}
      value={text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        search(currentTarget.value);
      }}
      maxLength={200}
    />
  );
}
