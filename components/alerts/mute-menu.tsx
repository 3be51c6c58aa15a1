"use client";

import { Button, Group, Menu, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconBell, IconBellOff, IconChevronDown } from "@tabler/icons-react";
import { useRef } from "react";
import { FormProblem } from "@/components/layout/form-problem";
import { useChange } from "@/components/layout/use-change";
import { useNow } from "@/components/status/now";
import { muteCheck } from "@/lib/checks/client";
import { ApiError } from "@/lib/core/api";
import { HOUR } from "@/lib/core/time";
import { muteWorkflow } from "@/lib/workflows/client";

type Props = { projectId: string; subject: { type: "check" | "workflow"; id: string }; isMuted: boolean };

/** Either of both; the page shows anew what came of it. */
function muting(
  projectId: string,
  { type, id }: Props["subject"],
): { mutationFn: (until: string | null) => Promise<unknown> } {
  return type === "check" ? muteCheck(projectId, id) : muteWorkflow(projectId, id);
}

/** Keeps the alerts of a check or a workflow from being sent for a while. */
export function MuteMenu({ projectId, subject, isMuted }: Props) {
  const now = useNow();
  const button = useRef<HTMLButtonElement>(null);
  const [isChoosing, { open, close }] = useDisclosure();
  const mute = useChange(muting(projectId, subject));
  const muteFor = (hours: number) => () => mute.mutate(new Date(now + hours * HOUR).toISOString());
  return (
    <>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<IconBellOff size={16} />}
            rightSection={<IconChevronDown size={14} />}
            ref={button}
            loading={mute.isPending}
          >
            Mute alerts
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={muteFor(1)}>For 1 hour</Menu.Item>
          <Menu.Item onClick={muteFor(8)}>For 8 hours</Menu.Item>
          <Menu.Item onClick={open}>Until …</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isMuted && (
        <Button
          variant="default"
          leftSection={<IconBell size={16} />}
          loading={mute.isPending}
          onClick={() => mute.mutate(null)}
        >
          Unmute
        </Button>
      )}
      <Modal
        opened={isChoosing}
        onClose={close}
        title="Mute alerts until"
        centered
        // The entry of the menu that opened it is gone by then.
        returnFocus={false}
        onExitTransitionEnd={() => button.current?.focus()}
      >
        <MuteUntil projectId={projectId} subject={subject} onDone={close} />
      </Modal>
    </>
  );
}

function MuteUntil({ projectId, subject, onDone }: Omit<Props, "isMuted"> & { onDone: () => void }) {
  const form = useForm({
    initialValues: { until: "" },
    validate: { until: (text) => (Number.isNaN(Date.parse(text)) ? "Choose a day and a time." : null) },
  });
  const mute = useChange({
    ...muting(projectId, subject),
    onSuccess: onDone,
    onField: (error) => {
      const reason = error instanceof ApiError ? error.fields["until"] : undefined;
      if (reason !== undefined) form.setFieldError("until", `It ${reason}.`);
      return reason !== undefined;
    },
  });
  return (
    <form noValidate onSubmit={form.onSubmit(({ until }) => mute.mutate(new Date(until).toISOString()))}>
      <Stack>
        <Text size="sm" c="dimmed">
          What happens until then is still recorded, but sent to nobody.
        </Text>
        <TextInput
          type="datetime-local"
          label="Day and time"
          description="In the time zone of this computer."
          data-autofocus
          {...form.getInputProps("until")}
        />
        <FormProblem error={mute.problem} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={mute.isPending}>
            Mute
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
