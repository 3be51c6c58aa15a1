"use client";

import { Button, Group } from "@mantine/core";
import Link from "next/link";
import type { Tab } from "@/lib/workflows/detail/search";

const LABELS: Record<Tab, string> = {
  instances: "Instances",
  costs: "Costs",
  definition: "Definition",
  handoffs: "Hand-offs",
  rejected: "Rejected pings",
  settings: "Settings",
};

type Props = { path: string; tab: Tab; tabs: readonly Tab[] };

/** The parts of a workflow, each with an address of its own. */
export function WorkflowTabs({ path, tab, tabs }: Props) {
  return (
    <Group component="nav" aria-label="Parts of the workflow" gap={4}>
      {tabs.map((name) => (
        <Button
          key={name}
          component={Link}
          href={(name === "instances" ? path : `${path}?tab=${name}`) as "/"}
          scroll={false}
          variant={name === tab ? "light" : "subtle"}
          color={name === tab ? "pine" : "gray"}
          size="sm"
          px="sm"
          aria-current={name === tab ? "page" : undefined}
        >
          {LABELS[name]}
        </Button>
      ))}
    </Group>
  );
}
