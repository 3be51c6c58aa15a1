"use client";

import { Button, Menu } from "@mantine/core";
import { IconCheck, IconPlus, IconSelector } from "@tabler/icons-react";
import Link from "next/link";

export type ShownProject = { id: string; name: string };

/** Which project one is in, and the way to the others. */
export function ProjectSwitcher({ projects, projectId }: { projects: ShownProject[]; projectId: string }) {
  const present = projects.find((project) => project.id === projectId);
  return (
    <Menu width="target" position="bottom-start">
      <Menu.Target>
        <Button
          fullWidth
          variant="default"
          justify="space-between"
          rightSection={<IconSelector size={16} />}
          aria-label={`Project ${present?.name ?? ""}: switch`}
        >
          {present?.name ?? "Project"}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {projects.map(({ id, name }) => (
          <Menu.Item
            key={id}
            component={Link}
            href={`/projects/${id}`}
            rightSection={id === projectId ? <IconCheck size={14} aria-label="here" /> : null}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component={Link} href="/projects/new" leftSection={<IconPlus size={14} />}>
          New project
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
