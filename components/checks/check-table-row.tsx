"use client";

import { ActionIcon, Badge, Checkbox, Group, Menu, Table, Text } from "@mantine/core";
import { IconDots, IconPencil, IconPlayerPause, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import Link from "next/link";
import { TextLink } from "@/components/layout/text-link";
import { RelativeTime } from "@/components/status/relative-time";
import { StatusDot } from "@/components/status/status-dot";
import type { CheckRow } from "@/lib/checks/list/list";
import type { Actions } from "./check-actions";
import classes from "./check-table.module.css";
import { UptimeStrip } from "./uptime-strip";

type Props = {
  check: CheckRow;
  projectId: string;
  isChosen: boolean;
  /** Null for those who may only look. */
  onChoose: ((id: string, isChosen: boolean) => void) | null;
  actions: Actions;
};

export function CheckTableRow({ check, projectId, isChosen, onChoose, actions }: Props) {
  const base = `/projects/${projectId}/checks`;
  const last = check.last_ping_at === null ? "Never" : <RelativeTime at={check.last_ping_at} />;
  return (
    <Table.Tr>
      {onChoose !== null && (
        <Table.Td>
          <Checkbox
            aria-label={`Select ${check.name}`}
            checked={isChosen}
            onChange={({ currentTarget }) => onChoose(check.id, currentTarget.checked)}
          />
        </Table.Td>
      )}
      <Table.Td>
        <StatusDot status={check.status} />
      </Table.Td>
      <Table.Td className={classes["name"] ?? ""}>
        <TextLink href={`${base}/${check.id}`} fw={500}>
          {check.name}
        </TextLink>
        {check.tags.length > 0 && (
          <Group gap={4} mt={4}>
            {check.tags.map((tag) => (
              <Badge
                key={tag}
                component={Link}
                href={`${base}?${new URLSearchParams({ tag })}`}
                variant="default"
                size="lg"
                tt="none"
                fw={400}
                aria-label={`Only checks with the tag ${tag}`}
              >
                {tag}
              </Badge>
            ))}
          </Group>
        )}
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          Last signal: {last}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="md">
        <UptimeStrip days={check.days} />
      </Table.Td>
      <Table.Td visibleFrom="sm" className={classes["time"] ?? ""}>
        {last}
      </Table.Td>
      <Table.Td visibleFrom="lg" className={classes["time"] ?? ""}>
        {check.next_expected_at === null ? "—" : <RelativeTime at={check.next_expected_at} />}
      </Table.Td>
      {onChoose !== null && (
        <Table.Td>
          <RowMenu check={check} editHref={`${base}/${check.id}/edit`} actions={actions} />
        </Table.Td>
      )}
    </Table.Tr>
  );
}

function RowMenu({ check, editHref, actions }: { check: CheckRow; editHref: string; actions: Actions }) {
  return (
    <Menu position="bottom-end" width={160}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${check.name}`}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {check.status === "paused" ? (
          <Menu.Item leftSection={<IconPlayerPlay size={16} />} onClick={() => actions.resume([check])}>
            Resume
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconPlayerPause size={16} />} onClick={() => actions.pause([check])}>
            Pause
          </Menu.Item>
        )}
        <Menu.Item component={Link} href={editHref} leftSection={<IconPencil size={16} />}>
          Edit
        </Menu.Item>
        <Menu.Item c="var(--pt-down)" leftSection={<IconTrash size={16} />} onClick={() => actions.remove([check])}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
