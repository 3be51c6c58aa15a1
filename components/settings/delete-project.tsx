"use client";

import { Button, Group, Modal, Paper, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { FormProblem } from "@/components/layout/form-problem";
import { deleteProject } from "@/lib/projects/client";

/** Deletes a project once its name has been typed. */
export function DeleteProject({ projectId, name }: { projectId: string; name: string }) {
  const [isOpen, { open, close }] = useDisclosure();
  const [typed, setTyped] = useState("");
  const remove = useMutation({
    ...deleteProject(projectId),
    // A page of the project cannot be shown again, so the browser leaves it altogether.
    onSuccess: () => location.assign("/"),
  });
  return (
    <Paper p="lg">
      <Group justify="space-between" gap="sm">
        <Text size="sm" c="dimmed" maw={520}>
          Its checks, their history, channels, alerts, keys and the audit log go with it. There is no way back.
        </Text>
        <Button color="red" variant="light" onClick={open}>
          Delete this project
        </Button>
      </Group>
      <Modal opened={isOpen} onClose={close} title={`Delete ${name}?`} closeButtonProps={{ "aria-label": "Close" }}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            remove.mutate(typed);
          }}
        >
          <Stack gap="md">
            <TextInput
              label={`Type the name of the project to confirm: ${name}`}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              data-autofocus
            />
            <FormProblem error={remove.error} />
            <Group justify="end">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button
                type="submit"
                color="red"
                disabled={typed !== name}
                loading={remove.isPending || remove.isSuccess}
              >
                Delete for ever
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </Paper>
  );
}
