"use client";

import { Badge, NavLink, Stack } from "@mantine/core";
import {
  IconActivityHeartbeat,
  IconBell,
  IconCoin,
  IconHome,
  IconRoute,
  IconSend,
  IconSettings,
  IconThumbUp,
} from "@tabler/icons-react";
import Link from "next/link";
import { usePathname } from "next/navigation";

export type Counts = { down: number; failing: number; approvals: number; openAlerts: number };

const ICON = { size: 18, stroke: 1.7 } as const;

const ENTRIES = [
  { path: "", label: "Overview", icon: <IconHome {...ICON} />, count: null },
  { path: "/checks", label: "Checks", icon: <IconActivityHeartbeat {...ICON} />, count: "down" },
  { path: "/workflows", label: "Workflows", icon: <IconRoute {...ICON} />, count: "failing" },
  { path: "/approvals", label: "Approvals", icon: <IconThumbUp {...ICON} />, count: "approvals" },
  { path: "/costs", label: "Costs", icon: <IconCoin {...ICON} />, count: null },
  { path: "/alerts", label: "Alerts", icon: <IconBell {...ICON} />, count: "openAlerts" },
  { path: "/channels", label: "Channels", icon: <IconSend {...ICON} />, count: null },
  { path: "/settings", label: "Settings", icon: <IconSettings {...ICON} />, count: null },
] as const;

const TITLES = { down: "down", failing: "failing", approvals: "waiting", openAlerts: "open" } as const;

/** Instances have addresses of their own, and belong to workflows. */
const isInstance = (here: string, path: string): boolean => path === "/workflows" && here.includes("/instances/");

/** The way around a project; the counts say where somebody is needed. */
export function Sidebar({ projectId, counts, onGo }: { projectId: string; counts: Counts; onGo: () => void }) {
  const here = usePathname();
  const base = `/projects/${projectId}`;
  return (
    <Stack component="nav" aria-label="Project" gap={2}>
      {ENTRIES.map(({ path, label, icon, count }) => {
        const isHere = path === "" ? here === base : here.startsWith(`${base}${path}`) || isInstance(here, path);
        const number = count === null ? 0 : counts[count];
        return (
          <NavLink
            key={path}
            component={Link}
            href={`${base}${path}`}
            label={label}
            leftSection={icon}
            active={isHere}
            aria-current={isHere ? "page" : undefined}
            onClick={onGo}
            rightSection={
              count !== null && number > 0 ? (
                <Badge color="red" variant="filled" circle={number < 10} aria-label={`${number} ${TITLES[count]}`}>
                  {number}
                </Badge>
              ) : null
            }
          />
        );
      })}
    </Stack>
  );
}
