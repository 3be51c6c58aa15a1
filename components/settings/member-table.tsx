"use client";

import { Badge, Group, Select, Stack, Table, Text } from "@mantine/core";
import { useChange } from "@/components/layout/use-change";
import { RelativeTime } from "@/components/status/relative-time";
import { ROLES, type Role } from "@/lib/auth/caller";
import { changeRole, removeMember } from "@/lib/projects/client";
import { ROLE_WORDS } from "@/lib/projects/present";
import type { MemberObject } from "@/lib/projects/schema";
import { ConfirmButton } from "./confirm-button";
import { WideTable } from "./wide-table";

/** Who looks: their id and what they may do here. */
export type Viewer = { userId: string; role: Role };

type Props = { projectId: string; members: MemberObject[]; viewer: Viewer };

/** The roles somebody may give and take. */
export function grantable(role: Role): readonly Role[] {
  if (role === "owner") return ROLES;
  return role === "admin" ? ROLES.filter((one) => one !== "owner") : [];
}

/** The people of a project, with what the viewer may do about each. */
export function MemberTable({ projectId, members, viewer }: Props) {
  return (
    <WideTable label="Members" columns={["Person", "Role", "Joined", null]}>
      {members.map((member) => (
        <MemberRow key={member.user_id} projectId={projectId} member={member} viewer={viewer} />
      ))}
    </WideTable>
  );
}

function MemberRow({ projectId, member, viewer }: { projectId: string; member: MemberObject; viewer: Viewer }) {
  const isSelf = member.user_id === viewer.userId;
  const roles = grantable(viewer.role);
  const mayManage = roles.includes(member.role);
  const change = useChange({ ...changeRole(projectId, member.user_id), done: "The role is changed." });
  return (
    <Table.Tr>
      <Table.Td miw={180}>
        <Stack gap={0} style={{ overflowWrap: "anywhere" }}>
          <Group gap="xs">
            <Text size="sm" fw={500}>
              {member.name || member.email}
            </Text>
            {isSelf && (
              <Badge variant="default" size="sm" tt="none">
                You
              </Badge>
            )}
          </Group>
          {member.name !== "" && (
            <Text size="sm" c="dimmed">
              {member.email}
            </Text>
          )}
        </Stack>
      </Table.Td>
      <Table.Td>
        {mayManage ? (
          <Select
            aria-label={`Role of ${member.name || member.email}`}
            data={roles.map((role) => ({ value: role, label: ROLE_WORDS[role].label }))}
            value={member.role}
            allowDeselect={false}
            disabled={change.isPending}
            w={130}
            onChange={(picked) => {
              const role = roles.find((one) => one === picked);
              if (role !== undefined && role !== member.role) change.mutate(role);
            }}
          />
        ) : (
          <Text size="sm">{ROLE_WORDS[member.role].label}</Text>
        )}
      </Table.Td>
      <Table.Td>
        <RelativeTime at={member.joined_at} />
      </Table.Td>
      <Table.Td ta="right">
        {(isSelf || mayManage) && <RemoveMember projectId={projectId} member={member} isSelf={isSelf} />}
      </Table.Td>
    </Table.Tr>
  );
}

type Removal = { projectId: string; member: MemberObject; isSelf: boolean };

function RemoveMember({ projectId, member, isSelf }: Removal) {
  const who = member.name || member.email;
  const remove = useChange({
    ...removeMember(projectId, member.user_id),
    ...(!isSelf && { done: `${who} is removed.` }),
    onSuccess: () => {
      if (isSelf) location.assign("/");
    },
  });
  return (
    <ConfirmButton
      size="xs"
      label={isSelf ? "Leave" : "Remove"}
      about={who}
      question={isSelf ? "Leave this project?" : `Remove ${who}?`}
      text={
        isSelf
          ? "You see nothing of it any more until somebody invites you again."
          : "They see nothing of this project any more, and invitations they made end. API keys stay: revoke those they know."
      }
      isPending={remove.isPending}
      onConfirm={(close) => remove.mutate(undefined, { onSuccess: close })}
    />
  );
}
