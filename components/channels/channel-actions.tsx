"use client";

import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { toastDone, toastError } from "@/components/layout/toast";
import { deleteWithUndo } from "@/components/layout/undo-toast";
import type { DeliveryDetail } from "@/lib/alerts/schema";
import { type DeliveryStanding, standingOf } from "@/lib/alerts/shown";
import { deleteChannel, testChannel, updateChannel } from "@/lib/channels/client";
import type { Channel } from "@/lib/channels/schema";
import { ApiError } from "@/lib/core/api";

const TEST_WORDS: Record<DeliveryStanding, string> = {
  pending: "The test did not go through",
  sent: "The test went through",
  kept: "The test was kept, not sent",
  failed: "The test did not go through",
};

/** What the receiver made of a test, in a sentence. */
function answerOf({ status, response_status: code, error }: DeliveryDetail): string {
  if (status === "sent" && code === null)
    return "No mail service is set up here. The mail is in the log below and went to nobody.";
  if (status === "sent") return `The receiver answered ${code}.`;
  return error ?? "The receiver did not answer.";
}

/** Sends a test event and shows what the receiver answered. */
export function ChannelTest({ projectId, channelId }: { projectId: string; channelId: string }) {
  const router = useRouter();
  const test = useMutation({
    ...testChannel(projectId, channelId),
    onSettled: () => router.refresh(),
    onError: toastError,
  });
  const standing = test.data === undefined ? null : standingOf(test.data);
  return (
    <Stack gap="sm" align="flex-start">
      <Button variant="light" loading={test.isPending} onClick={() => test.mutate()}>
        Send a test
      </Button>
      <div aria-live="polite" style={{ width: "100%" }}>
        {test.data !== undefined && (
          <Alert
            variant="outline"
            color={standing === "sent" ? "pine" : "red"}
            title={TEST_WORDS[standing ?? "failed"]}
          >
            <Text size="sm" style={{ overflowWrap: "anywhere" }}>
              {answerOf(test.data)}
            </Text>
          </Alert>
        )}
      </div>
    </Stack>
  );
}

/** Enables or disables a channel, and deletes it, which can be undone for a while. */
export function ChannelSwitches({ projectId, channel }: { projectId: string; channel: Channel }) {
  const router = useRouter();
  const toggle = useMutation({
    ...updateChannel(projectId, channel.id),
    onSuccess: ({ enabled }) => {
      toastDone(enabled ? "The channel is enabled." : "The channel is disabled. Alerts no longer reach it.");
      router.refresh();
    },
    onError: toastError,
  });
  const { mutateAsync } = useMutation(deleteChannel(projectId, channel.id));
  const run = async (): Promise<string[]> => {
    try {
      await mutateAsync();
      return [];
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return [];
      toastError(error);
      return [channel.id];
    } finally {
      router.refresh();
    }
  };
  const remove = (): void => {
    deleteWithUndo({ ids: [channel.id], done: `Deleted “${channel.name}”.`, run });
    router.push(`/projects/${projectId}/channels` as "/");
  };
  return (
    <Group gap="sm">
      <Button variant="default" loading={toggle.isPending} onClick={() => toggle.mutate({ enabled: !channel.enabled })}>
        {channel.enabled ? "Disable" : "Enable"}
      </Button>
      <Button variant="outline" color="red" onClick={remove}>
        Delete
      </Button>
    </Group>
  );
}
