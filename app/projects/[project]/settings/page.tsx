import { Paper, Stack, Text } from "@mantine/core";
import type { Metadata } from "next";
import { Section } from "@/components/layout/section";
import { DeleteProject } from "@/components/settings/delete-project";
import { GeneralForm } from "@/components/settings/general-form";
import { PingKey, WebhookSecret } from "@/components/settings/project-secrets";
import { CopyField } from "@/components/status/copy-field";
import { asPage, requireMember } from "@/lib/auth/page";
import { getProject } from "@/lib/projects/queries";

export const metadata: Metadata = { title: "Settings" };

export default async function GeneralPage({ params }: PageProps<"/projects/[project]/settings">) {
  const { project: projectId } = await params;
  const caller = await requireMember(projectId);
  const project = await getProject(caller, projectId).catch(asPage);
  const isAdmin = caller.scopes.has("admin");
  return (
    <Stack gap="xl">
      <Section title="Project">
        {isAdmin ? (
          <GeneralForm projectId={projectId} name={project.name} timeZone={project.time_zone} />
        ) : (
          <Paper p="lg">
            <Text fw={500}>{project.name}</Text>
            <Text size="sm" c="dimmed">
              Time zone {project.time_zone}. An admin can change both.
            </Text>
          </Paper>
        )}
      </Section>
      <Section title="Project id" description="What programs call this project">
        <Paper p="lg">
          <CopyField value={projectId} label="Project id" />
        </Paper>
      </Section>
      {project.ping_key !== undefined && (
        <Section
          title="Ping key"
          description="Part of addresses such as /ping/<ping-key>/<slug>. Who has it can send signals and make checks."
        >
          <PingKey projectId={projectId} pingKey={project.ping_key} isAdmin={isAdmin} />
        </Section>
      )}
      {isAdmin && (
        <Section title="Webhook secret" description="Receivers check with it that a webhook is from here">
          <WebhookSecret projectId={projectId} />
        </Section>
      )}
      {caller.person?.role === "owner" && (
        <Section title="Delete">
          <DeleteProject projectId={projectId} name={project.name} />
        </Section>
      )}
    </Stack>
  );
}
