"use client";

import { Table, Text } from "@mantine/core";
import { useChange } from "@/components/layout/use-change";
import { RelativeTime } from "@/components/status/relative-time";
import { revokeInvitation } from "@/lib/projects/client";
import { ROLE_WORDS } from "@/lib/projects/present";
import type { InvitationObject } from "@/lib/projects/schema";
import { ConfirmButton } from "./confirm-button";
import { WideTable } from "./wide-table";

type Props = { projectId: string; invitations: InvitationObject[] };

/** Offers that wait for somebody to take them. */
export function InvitationTable({ projectId, invitations }: Props) {
  return (
    <WideTable label="Invitations" columns={["Invited", "Role", "By", "Valid", null]} minWidth={640}>
      {invitations.map((invitation) => (
        <Row key={invitation.id} projectId={projectId} invitation={invitation} />
      ))}
    </WideTable>
  );
}

function Row({ projectId, invitation }: { projectId: string; invitation: InvitationObject }) {
  const { id, email, role, invited_by: inviter, expires_at: expiresAt, expired } = invitation;
  const revoke = useChange({ ...revokeInvitation(projectId, id), done: "The invitation is withdrawn." });
  return (
    <Table.Tr>
      <Table.Td miw={180}>
        <Text size="sm" fw={500} style={{ overflowWrap: "anywhere" }}>
          {email}
        </Text>
      </Table.Td>
      <Table.Td>{ROLE_WORDS[role].label}</Table.Td>
      <Table.Td miw={140} style={{ overflowWrap: "anywhere" }}>
        {inviter}
      </Table.Td>
      <Table.Td>
        {expired ? "Expired " : "Ends "}
        <RelativeTime at={expiresAt} />
      </Table.Td>
      <Table.Td ta="right">
        <ConfirmButton
          size="xs"
          label="Withdraw"
          about={email}
          question={`Withdraw the invitation of ${email}?`}
          text="Its link leads nowhere from then on."
          isPending={revoke.isPending}
          onConfirm={(close) => revoke.mutate(undefined, { onSuccess: close })}
        />
      </Table.Td>
    </Table.Tr>
  );
}
