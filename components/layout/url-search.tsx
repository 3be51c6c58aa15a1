"use client";

import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useEffect, useRef, useState } from "react";

const TYPING_MS = 250;

/** Narrows a list to what is typed; it lives in the address as `q`. */
export function UrlSearch({ q, label }: { q: string; label: string }) {
  const router = useRouter();
  const path = usePathname();
  const present = useSearchParams();
  const [text, setText] = useState(q);
  const sent = useRef(q);
  const search = useDebouncedCallback((typed: string) => {
    sent.current = typed.trim();
    const next = new URLSearchParams(present);
    next.delete("cursor");
    if (sent.current === "") next.delete("q");
    else next.set("q", sent.current);
    router.replace(`${path}${next.size === 0 ? "" : `?${next}`}` as "/", { scroll: false });
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
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} />}
      value={text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        search(currentTarget.value);
      }}
      flex="1 1 220px"
      maxLength={200}
    />
  );
}
