"use client";

import { Button, Group } from "@mantine/core";
import Link from "next/link";
import { usePathname } from "next/navigation";

const TABS = [
  { path: "", label: "General", isForAdmins: false },
  { path: "/people", label: "People", isForAdmins: false },
  { path: "/keys", label: "API keys", isForAdmins: true },
  { path: "/audit", label: "Audit log", isForAdmins: true },
];

/** The parts of the settings, each with an address of its own. */
export function SettingsTabs({ projectId, isAdmin }: { projectId: string; isAdmin: boolean }) {
  const here = usePathname();
  const base = `/projects/${projectId}/settings`;
  return (
    <Group component="nav" aria-label="Settings" gap={4}>
      {TABS.filter((tab) => isAdmin || !tab.isForAdmins).map(({ path, label }) => {
        const isHere = here === `${base}${path}`;
        return (
          <Button
            key={path}
            component={Link}
            href={`${base}${path}` as "/"}
            variant={isHere ? "light" : "subtle"}
            color={isHere ? "pine" : "gray"}
            size="sm"
            px="sm"
            aria-current={isHere ? "page" : undefined}
          >
            {label}
          </Button>
        );
      })}
    </Group>
  );
}
