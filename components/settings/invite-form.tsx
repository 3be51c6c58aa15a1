"use client";

import { Alert, Button, Group, Paper, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { FormProblem } from "@/components/layout/form-problem";
import { useChange } from "@/components/layout/use-change";
import { CopyField } from "@/components/status/copy-field";
import type { Role } from "@/lib/auth/caller";
import { ApiError } from "@/lib/core/api";
import { inviteMember } from "@/lib/projects/client";
import { ROLE_WORDS } from "@/lib/projects/present";
import type { IssuedInvitation } from "@/lib/projects/schema";
import { grantable } from "./member-table";

/** Invites somebody, and shows the link this once. */
export function InviteForm({ projectId, role }: { projectId: string; role: Role }) {
  const [issued, setIssued] = useState<IssuedInvitation | null>(null);
  const form = useForm<{ email: string; role: Role }>({ initialValues: { email: "", role: "member" } });
  const invite = useChange({
    ...inviteMember(projectId),
    onSuccess: (made) => {
      setIssued(made);
      form.reset();
    },
    onField: (error) => {
      if (!(error instanceof ApiError)) return false;
      // A conflict is about the person who is named.
      form.setErrors(error.code === "conflict" ? { email: error.message } : error.fields);
      return error.code === "conflict" || Object.keys(error.fields).length > 0;
    },
  });
  return (
    <Paper p="lg">
      <Stack gap="md">
        <form noValidate onSubmit={form.onSubmit((values) => invite.mutate(values))}>
          <Group align="start" gap="sm">
            <TextInput
              label="E-mail"
              inputMode="email"
              autoComplete="off"
              required
              flex="1 1 220px"
              {...form.getInputProps("email")}
            />
            <Select
              label="Role"
              data={grantable(role).map((value) => ({ value, label: ROLE_WORDS[value].label }))}
              allowDeselect={false}
              w={140}
              {...form.getInputProps("role")}
            />
            <Button type="submit" loading={invite.isPending} mt={24}>
              Invite
            </Button>
          </Group>
          <FormProblem error={invite.problem} />
          <Text size="sm" c="dimmed" mt="xs">
            {ROLE_WORDS[form.values.role].label}: {ROLE_WORDS[form.values.role].description.toLowerCase()}.
          </Text>
        </form>
        {issued !== null && <Link issued={issued} onClose={() => setIssued(null)} />}
      </Stack>
    </Paper>
  );
}

function Link({ issued, onClose }: { issued: IssuedInvitation; onClose: () => void }) {
  return (
    <Alert
      color="pine"
      role="status"
      title={issued.mailed ? `Mailed to ${issued.email}` : `Give this link to ${issued.email}`}
      withCloseButton
      styles={{ body: { minWidth: 0 }, label: { overflowWrap: "anywhere" } }}
      closeButtonLabel="Hide the link"
      onClose={onClose}
    >
      <Stack gap="xs">
        <Text size="sm">
          {issued.mailed ? "You can also hand it over yourself. " : "No mail was sent. "}
          It works once, for 7 days, and is shown only now.
        </Text>
        <CopyField value={issued.link} label="Link of the invitation" />
      </Stack>
    </Alert>
  );
}
