"use client";

import { Button, type ButtonProps, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";

type Props = ButtonProps & {
  /** What the button says, here and in the question. */
  label: string;
  /** Tells buttons of a list apart for who cannot see where they stand. */
  about?: string;
  question: string;
  text: ReactNode;
  isPending: boolean;
  onConfirm: (close: () => void) => void;
};

/** A button that asks before it does something that must take effect at once and cannot be undone (decision 0015). */
export function ConfirmButton({ label, about, question, text, isPending, onConfirm, ...props }: Props) {
  const [isOpen, { open, close }] = useDisclosure();
  return (
    <>
      <Button
        color="red"
        variant="light"
        {...props}
        onClick={open}
        aria-label={about === undefined ? label : `${label}: ${about}`}
      >
        {label}
      </Button>
      <Modal opened={isOpen} onClose={close} title={question} closeButtonProps={{ "aria-label": "Close" }}>
        <Stack gap="md">
          <Text size="sm" component="div">
            {text}
          </Text>
          <Group justify="end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button color="red" loading={isPending} onClick={() => onConfirm(close)}>
              {label}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
