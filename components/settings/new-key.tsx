"use client";

import { Alert, Button, Checkbox, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { FormProblem } from "@/components/layout/form-problem";
import { useChange } from "@/components/layout/use-change";
import { CopyField } from "@/components/status/copy-field";
import { useNow } from "@/components/status/now";
import type { Scope } from "@/lib/auth/caller";
import { ApiError } from "@/lib/core/api";
import { DAY, iso } from "@/lib/core/time";
import { createKey } from "@/lib/projects/client";

const SCOPES: { value: Scope; label: string; description: string }[] = [
  { value: "ping", label: "ping", description: "Send signals, nothing else" },
  { value: "read", label: "read", description: "Read checks, alerts and channels" },
  { value: "write", label: "write", description: "Change them; includes ping and read" },
  { value: "approve", label: "approve", description: "Decide approvals" },
  { value: "admin", label: "admin", description: "People, keys and the project itself" },
];

const LIVES = [
  { value: "0", label: "Never" },
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In a year" },
];

/** A key at the one moment it can be copied. */
export function ShownOnce({ apiKey }: { apiKey: string }) {
  return (
    <Stack gap="sm">
      <Alert color="pine" role="status">
        Copy the key now. It is kept only as a hash and cannot be shown again.
      </Alert>
      <CopyField value={apiKey} label="API key" />
    </Stack>
  );
}

/** Makes a key with scopes and, if wanted, an end. */
export function NewKeyButton({ projectId }: { projectId: string }) {
  const [isOpen, { open, close }] = useDisclosure();
  const [made, setMade] = useState<string | null>(null);
  const start = (): void => {
    setMade(null);
    open();
  };
  return (
    <>
      <Button onClick={start}>New key</Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={made === null ? "New API key" : "Your new key"}
        closeButtonProps={{ "aria-label": "Close" }}
        // The only copy would be lost by a click beside it.
        closeOnClickOutside={made === null}
      >
        {made === null ? (
          <NewKeyForm projectId={projectId} onMade={setMade} />
        ) : (
          <Stack gap="md">
            <ShownOnce apiKey={made} />
            <Group justify="end">
              <Button onClick={close}>Done</Button>
            </Group>
          </Stack>
        )}
      </Modal>
    </>
  );
}

function NewKeyForm({ projectId, onMade }: { projectId: string; onMade: (key: string) => void }) {
  const now = useNow();
  const form = useForm<{ name: string; scopes: string[]; days: string }>({
    initialValues: { name: "", scopes: ["write"], days: "0" },
    validate: { scopes: (scopes) => (scopes.length === 0 ? "Choose at least one." : null) },
  });
  const create = useChange({
    ...createKey(projectId),
    onSuccess: ({ key }) => onMade(key),
    onField: (error) => {
      const fields = error instanceof ApiError ? error.fields : {};
      form.setErrors({ ...fields, ...(fields["expires_at"] && { days: fields["expires_at"] }) });
      return Object.keys(fields).length > 0;
    },
  });
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ name, scopes, days }) =>
        create.mutate({
          name,
          scopes: SCOPES.map(({ value }) => value).filter((scope) => scopes.includes(scope)),
          expires_at: days === "0" ? null : iso(now + Number(days) * DAY),
        }),
      )}
    >
      <Stack gap="md">
        <TextInput
          label="Name"
          description="Where it is used, so that you recognise it"
          required
          data-autofocus
          {...form.getInputProps("name")}
        />
        <Checkbox.Group label="May" {...form.getInputProps("scopes")}>
          <Stack gap="xs" mt="xs">
            {SCOPES.map(({ value, label, description }) => (
              <Checkbox key={value} value={value} label={label} description={description} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Select label="Expires" data={LIVES} allowDeselect={false} {...form.getInputProps("days")} />
        <Text size="sm" c="dimmed">
          It is shown once, when it is made.
        </Text>
        <FormProblem error={create.problem} />
        <Group justify="end">
          <Button type="submit" loading={create.isPending}>
            Make key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
