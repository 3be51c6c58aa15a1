"use client";

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { toastDone, toastError } from "@/components/layout/toast";
import { deleteCheck } from "@/lib/checks/client";
import type { CheckSummary } from "@/lib/checks/summary";
import { ApiError } from "@/lib/core/api";

/** Deletes a check after a question, and goes back to the list. */
export function DeleteCheck({ projectId, check }: { projectId: string; check: CheckSummary }) {
  const router = useRouter();
  const [isOpen, { open, close }] = useDisclosure();
  const leave = (message: string): void => {
    toastDone(message);
    router.push(`/projects/${projectId}/checks` as "/");
  };
  const remove = useMutation({
    ...deleteCheck(projectId),
    onSuccess: () => leave(`${check.name} is deleted.`),
    onError: (error) => {
      if (error instanceof ApiError && error.status === 404) leave(`${check.name} had been deleted already.`);
      else toastError(error);
    },
  });
  return (
    <>
      <Button variant="default" c="var(--pt-down)" leftSection={<IconTrash size={16} />} onClick={open}>
        Delete
      </Button>
      <Modal opened={isOpen} onClose={close} title="Delete this check?" centered>
        <Stack>
          <Text style={{ overflowWrap: "anywhere" }}>
            <strong>{check.name}</strong> goes with its events and its history. Its address stops to work. This cannot
            be undone.
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close} data-autofocus>
              Keep it
            </Button>
            <Button color="red.8" loading={remove.isPending} onClick={() => remove.mutate(check.id)}>
              Delete it
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
