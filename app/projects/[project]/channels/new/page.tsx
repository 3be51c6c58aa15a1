import { Stack, Text } from "@mantine/core";
import type { Metadata } from "next";
import { z } from "zod";
import { ChannelForm } from "@/components/channels/channel-form";
import classes from "@/components/channels/channel-line.module.css";
import { KindChooser } from "@/components/channels/kind-chooser";
import { KIND_FACTS } from "@/components/channels/kinds";
import { NoMailService } from "@/components/channels/no-mail-service";
import { EmptyState } from "@/components/layout/empty-state";
import { PageHeader } from "@/components/layout/page-header";
import { Section } from "@/components/layout/section";
import { canMail } from "@/lib/auth/letter";
import { requireMember } from "@/lib/auth/page";
import { CHANNEL_KINDS } from "@/lib/channels/schema";
import { readSearch } from "@/lib/core/search-query";

export const metadata: Metadata = { title: "New channel" };

const Search = z.object({ kind: z.enum(CHANNEL_KINDS).optional() });

export default async function NewChannelPage({ params, searchParams }: PageProps<"/projects/[project]/channels/new">) {
  const { project } = await params;
  const caller = await requireMember(project);
  const { kind } = await readSearch(Search, searchParams);
  const path = `/projects/${project}/channels`;
  const crumbs = [{ label: "Channels", href: path }];
  if (!caller.scopes.has("write"))
    return (
      <Stack gap="lg">
        <PageHeader title="New channel" crumbs={crumbs} />
        <EmptyState
          title="You can look, but not change"
          text="Your role in this project does not allow adding channels."
        />
      </Stack>
    );
  if (kind === undefined)
    return (
      <Stack gap="lg">
        <PageHeader title="New channel" crumbs={crumbs} />
        <Text c="dimmed">Where should alerts go?</Text>
        <KindChooser projectId={project} />
      </Stack>
    );
  const { label, guide } = KIND_FACTS[kind];
  return (
    <Stack gap="xl">
      <PageHeader title={`New channel: ${label}`} crumbs={[...crumbs, { label: "New", href: `${path}/new` }]} />
      {kind === "email" && !canMail() && <NoMailService />}
      <Section title="How to">
        <Text component="ol" size="sm" className={classes["guide"] ?? ""} maw={640}>
          {guide.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </Text>
      </Section>
      <Section title="Settings">
        <ChannelForm projectId={project} kind={kind} />
      </Section>
    </Stack>
  );
}
