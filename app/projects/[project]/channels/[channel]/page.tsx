import { Group, Paper, Stack, Text } from "@mantine/core";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ChannelSwitches, ChannelTest } from "@/components/channels/channel-actions";
import { ChannelForm } from "@/components/channels/channel-form";
import { ChannelState } from "@/components/channels/channel-line";
import { DeliveryLog } from "@/components/channels/delivery-log";
import { eventWords } from "@/components/channels/events";
import { KIND_FACTS } from "@/components/channels/kinds";
import { NoMailService } from "@/components/channels/no-mail-service";
import { PageHeader } from "@/components/layout/page-header";
import { Section } from "@/components/layout/section";
import { RelativeTime } from "@/components/status/relative-time";
import { listDeliveries } from "@/lib/alerts/queries";
import { ListDeliveries } from "@/lib/alerts/schema";
import { canMail } from "@/lib/auth/letter";
import { asPage, requireMember } from "@/lib/auth/page";
import { getChannel } from "@/lib/channels/queries";
import { type Channel, ChannelId } from "@/lib/channels/schema";
import { listFrom, readSearch } from "@/lib/core/search-query";

type Props = PageProps<"/projects/[project]/channels/[channel]">;

const SHOWN = 25;

async function load(params: Props["params"]) {
  const { project, channel: id } = await params;
  const caller = await requireMember(project);
  if (!ChannelId.safeParse({ id }).success) notFound();
  return { project, caller, channel: await getChannel(caller, id).catch(asPage) };
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await load(params)).channel.name };
}

/** How the channel fares, in one plain sentence. */
function Sentence({ channel }: { channel: Channel }) {
  if (channel.disabled_reason !== null) return <>Disabled: {channel.disabled_reason}. Enable it when that is mended.</>;
  if (!channel.enabled) return <>Somebody disabled it. Alerts do not reach it.</>;
  if (channel.failing_since === null) return <>Events: {eventWords(channel.events)}.</>;
  return (
    <>
      Nothing got through since <RelativeTime at={channel.failing_since} />. After five days it is disabled.
    </>
  );
}

export default async function ChannelPage({ params, searchParams }: Props) {
  const { project, caller, channel } = await load(params);
  const query = { ...(await readSearch(ListDeliveries, searchParams)), channel_id: channel.id, limit: SHOWN };
  const log = await listFrom((asked) => listDeliveries(caller, asked), query).catch(asPage);
  const isKept = channel.kind === "email" && !canMail();
  const canWrite = caller.scopes.has("write");
  const path = `/projects/${project}/channels`;
  return (
    <Stack gap="xl">
      <Stack gap="xs">
        <PageHeader
          title={channel.name}
          crumbs={[{ label: "Channels", href: path }]}
          action={canWrite ? <ChannelSwitches projectId={project} channel={channel} /> : undefined}
        />
        <Group gap="md">
          <Text size="sm" c="dimmed">
            {KIND_FACTS[channel.kind].label}
          </Text>
          <ChannelState channel={channel} />
        </Group>
        <Text style={{ overflowWrap: "anywhere" }}>
          <Sentence channel={channel} />
        </Text>
        {isKept && <NoMailService />}
      </Stack>
      {canWrite && (
        <Section
          title="Try it"
          description="A test is sent at once and tried once, also while the channel is disabled."
        >
          <ChannelTest projectId={project} channelId={channel.id} />
        </Section>
      )}
      <Section title="Deliveries" description="What was sent here, newest first, and what came back.">
        <DeliveryLog
          path={`${path}/${channel.id}`}
          projectId={project}
          canWrite={canWrite}
          isKept={isKept}
          query={query}
          log={log}
        />
      </Section>
      {canWrite && (
        <Section title="Settings">
          <Paper p="lg">
            <ChannelForm projectId={project} kind={channel.kind} channel={channel} />
          </Paper>
        </Section>
      )}
    </Stack>
  );
}
