import { Group, Stack, Text } from "@mantine/core";
import { TextLink } from "@/components/layout/text-link";
import { RelativeTime } from "@/components/status/relative-time";
import { StateWord } from "@/components/status/state-word";
import type { LastDelivery } from "@/lib/alerts/latest";
import type { Channel } from "@/lib/channels/schema";
import classes from "./channel-line.module.css";
import { deliveryWord } from "./delivery-state";
import { eventWords } from "./events";
import { KIND_FACTS } from "./kinds";

type Props = { channel: Channel; projectId: string; last: LastDelivery | undefined };

/** Whether a channel works, as dot and word. */
export function ChannelState({ channel }: { channel: Channel }) {
  if (!channel.enabled) return <StateWord tone={channel.disabled_reason ? "down" : "paused"} word="Disabled" />;
  if (channel.failing_since !== null) return <StateWord tone="late" word="Failing" />;
  return <StateWord tone="up" word="Enabled" />;
}

/** One channel in the list. */
export function ChannelLine({ channel, projectId, last }: Props) {
  return (
    <li className={classes["line"]}>
      <span className={classes["icon"]}>{KIND_FACTS[channel.kind].icon}</span>
      <Stack gap={2} miw={0} className={classes["main"] ?? ""}>
        <Group gap="xs">
          <TextLink
            href={`/projects/${projectId}/channels/${channel.id}`}
            fw={500}
            style={{ overflowWrap: "anywhere" }}
          >
            {channel.name}
          </TextLink>
          <Text size="sm" c="dimmed">
            {KIND_FACTS[channel.kind].label}
          </Text>
        </Group>
        <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {channel.disabled_reason === null ? eventWords(channel.events) : `Disabled: ${channel.disabled_reason}.`}
        </Text>
      </Stack>
      <Stack gap={2} className={classes["side"] ?? ""}>
        <ChannelState channel={channel} />
        <Text size="sm" c="dimmed" component="span">
          {last === undefined ? (
            "Nothing sent yet"
          ) : (
            <>
              {deliveryWord(last)} <RelativeTime at={last.created_at} />
            </>
          )}
        </Text>
      </Stack>
    </li>
  );
}
