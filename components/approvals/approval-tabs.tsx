"use client";

import { Button, Group } from "@mantine/core";
import Link from "next/link";
import type { Tab } from "@/lib/approvals/search";

const TABS: { tab: Tab; label: string; search: string }[] = [
  { tab: "inbox", label: "Waiting", search: "" },
  { tab: "history", label: "History", search: "?tab=history" },
];

/** What waits, and what was decided, each with an address of its own. */
export function ApprovalTabs({ path, tab: here }: { path: string; tab: Tab }) {
  return (
    <Group component="nav" aria-label="Parts of the approvals" gap={4}>
      {TABS.map(({ tab, label, search }) => (
        <Button
          key={tab}
          component={Link}
          href={`${path}${search}` as "/"}
          scroll={false}
          variant={tab === here ? "light" : "subtle"}
          color={tab === here ? "pine" : "gray"}
          size="sm"
          px="sm"
          aria-current={tab === here ? "page" : undefined}
        >
          {label}
        </Button>
      ))}
    </Group>
  );
}
