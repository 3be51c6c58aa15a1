import { Paper, Stack } from "@mantine/core";
import type { Metadata } from "next";
import { ChannelLine } from "@/components/channels/channel-line";
import classes from "@/components/channels/channel-line.module.css";
import { KindChooser } from "@/components/channels/kind-chooser";
import { EmptyState } from "@/components/layout/empty-state";
import { NothingLeft, UnlessDeleted } from "@/components/layout/held-items";
import { LinkButton } from "@/components/layout/link-button";
import { ListPager } from "@/components/layout/list-pager";
import { PageHeader } from "@/components/layout/page-header";
import { listLastDeliveries } from "@/lib/alerts/latest";
import { asPage, requireMember } from "@/lib/auth/page";
import { listChannels } from "@/lib/channels/queries";
import { ListChannels } from "@/lib/channels/schema";
import { listFrom, readSearch } from "@/lib/core/search-query";

export const metadata: Metadata = { title: "Channels" };

const SHOWN = 50;

export default async function ChannelsPage({ params, searchParams }: PageProps<"/projects/[project]/channels">) {
  const { project } = await params;
  const caller = await requireMember(project);
  const query = { ...(await readSearch(ListChannels, searchParams)), limit: SHOWN };
  const { items, nextCursor } = await listFrom((asked) => listChannels(caller, asked), query).catch(asPage);
  const last = await listLastDeliveries(
    caller,
    items.map((channel) => channel.id),
  );
  const path = `/projects/${project}/channels`;
  const canWrite = caller.scopes.has("write");
  if (items.length === 0 && query.cursor === undefined)
    return (
      <Stack gap="lg">
        <PageHeader title="Channels" />
        <EmptyState
          title="Alerts reach nobody yet"
          text={
            canWrite
              ? "A channel carries alerts to where people look. Choose the first one; checks made from then on can use it, and workflows do."
              : "A channel carries alerts to where people look. Somebody who may change this project can add one."
          }
        />
        {canWrite && <KindChooser projectId={project} />}
      </Stack>
    );
  return (
    <Stack gap="lg">
      <PageHeader
        title="Channels"
        action={canWrite ? <LinkButton href={`${path}/new`}>New channel</LinkButton> : undefined}
      />
      <Paper component="ul" className={classes["list"] ?? ""}>
        {items.map((channel) => (
          <UnlessDeleted key={channel.id} id={channel.id}>
            <ChannelLine
              channel={channel}
              projectId={project}
              last={last.find((one) => one.channel_id === channel.id)}
            />
          </UnlessDeleted>
        ))}
      </Paper>
      <NothingLeft ids={items.map((channel) => channel.id)} />
      <ListPager path={path} search={{}} cursor={query.cursor} nextCursor={nextCursor} />
    </Stack>
  );
}
