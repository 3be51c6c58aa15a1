"use client";

import { Stack, Tabs, Text } from "@mantine/core";
import { usePathname, useSearchParams } from "next/navigation";
import { CopyField } from "@/components/status/copy-field";
import type { Snippet } from "@/lib/checks/detail/snippets";

/** How to report from where jobs run, one tab each. */
export function SnippetTabs({ snippets }: { snippets: Snippet[] }) {
  const path = usePathname();
  const search = useSearchParams();
  const wanted = search.get("snippet");
  const shown = snippets.find(({ id }) => id === wanted) ?? snippets[0];
  const show = (id: string | null): void => {
    const next = new URLSearchParams(search);
    next.set("snippet", id ?? "");
    // Nothing has to be asked of the server.
    window.history.replaceState(null, "", `${path}?${next}`);
  };
  return (
    <Tabs value={shown?.id ?? null} onChange={show} keepMounted={false}>
      <Tabs.List aria-label="Where the job runs">
        {snippets.map(({ id, label }) => (
          <Tabs.Tab key={id} value={id}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {snippets.map(({ id, label, hint, text }) => (
        <Tabs.Panel key={id} value={id} pt="sm">
          <Stack gap={6}>
            <Text size="sm" c="dimmed">
              {hint}
            </Text>
            <CopyField label={`${label} snippet`} value={text} />
          </Stack>
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
