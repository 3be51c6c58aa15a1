import { Paper, Stack, Text } from "@mantine/core";
import type { Metadata } from "next";
import type { ReactNode } from "react";
import { AlertLine } from "@/components/alerts/alert-line";
import { ApprovalLine } from "@/components/approvals/approval-line";
import { CheckLine } from "@/components/checks/check-line";
import { FirstCheck } from "@/components/checks/first-check";
import { LinkButton } from "@/components/layout/link-button";
import { PageHeader } from "@/components/layout/page-header";
import { Section } from "@/components/layout/section";
import { TextLink } from "@/components/layout/text-link";
import { FirstWorkflow } from "@/components/workflows/first-workflow";
import { FailedLine, FailingLine } from "@/components/workflows/workflow-line";
import { asPage, requireMember } from "@/lib/auth/page";
import { countProject, getOverview } from "@/lib/projects/overview";
import { getFirstSignal } from "@/lib/workflows/list/first-signal";

export const metadata: Metadata = { title: "Overview" };

type NothingProps = {
  projectId: string;
  canWrite: boolean;
  signal: { url: string; pingKey: string | null };
  /** Approvals that wait. */
  asked: ReactNode[];
};

/** A project that has neither checks nor workflows. */
function NothingWatched({ projectId, canWrite, signal, asked }: NothingProps) {
  return (
    <Stack gap="xl">
      <PageHeader title="Overview" />
      {asked.length > 0 && (
        <Section title="Needs attention">
          <Paper>{asked}</Paper>
        </Section>
      )}
      <FirstCheck projectId={projectId} canWrite={canWrite} />
      <Section title="Or a pipeline of several stages">
        <FirstWorkflow {...signal} hasWorkflow={false} />
      </Section>
    </Stack>
  );
}

export default async function OverviewPage({ params }: PageProps<"/projects/[project]">) {
  const { project } = await params;
  const caller = await requireMember(project);
  const [counts, overview] = await Promise.all([countProject(caller), getOverview(caller)]).catch(asPage);
  const canWrite = caller.scopes.has("write");
  const { waiting, attention, upcoming, recent, failing, failed } = overview;
  const asked = waiting.map((row) => (
    <ApprovalLine key={row.approval_id} row={row} projectId={project} canDecide={caller.scopes.has("approve")} />
  ));
  if (counts.checks === 0 && counts.workflows === 0)
    return (
      <NothingWatched
        projectId={project}
        canWrite={canWrite}
        signal={await getFirstSignal(caller, true)}
        asked={asked}
      />
    );
  const isCalm = [waiting, attention, failing].every((list) => list.length === 0);
  return (
    <Stack gap="xl">
      <PageHeader
        title="Overview"
        action={canWrite ? <LinkButton href={`/projects/${project}/checks/new`}>New check</LinkButton> : undefined}
      />
      <Section title="Needs attention">
        <Paper>
          {asked}
          {attention.map((check) => (
            <CheckLine key={check.id} check={check} projectId={project} />
          ))}
          {failing.map((workflow) => (
            <FailingLine key={workflow.id} workflow={workflow} projectId={project} />
          ))}
          {isCalm && (
            <Text p="md" fw={500}>
              All clear. Nothing is down, late or failing, and nothing waits for an answer.
            </Text>
          )}
        </Paper>
        {counts.approvals > waiting.length && (
          <TextLink href={`/projects/${project}/approvals`}>All {counts.approvals} approvals that wait</TextLink>
        )}
        {counts.down > attention.length && (
          <TextLink href={`/projects/${project}/checks?status=down`}>All {counts.down} checks that are down</TextLink>
        )}
        {counts.failing > failing.length && (
          <TextLink href={`/projects/${project}/workflows`}>All {counts.failing} workflows that fail</TextLink>
        )}
      </Section>
      <Section title="Coming up" description="What is expected next">
        <Paper>
          {upcoming.map((check) => (
            <CheckLine key={check.id} check={check} projectId={project} />
          ))}
          {upcoming.length === 0 && (
            <Text p="md" c="dimmed" size="sm">
              Nothing is expected. A check is, from its first signal on.
            </Text>
          )}
        </Paper>
      </Section>
      {failed.length > 0 && (
        <Section title="Failed runs" description="Instances of workflows that did not complete">
          <Paper>
            {failed.map((instance) => (
              <FailedLine key={instance.id} instance={instance} projectId={project} />
            ))}
          </Paper>
        </Section>
      )}
      <Section title="Recent">
        <Paper>
          {recent.map((alert) => (
            <AlertLine key={alert.id} alert={alert} />
          ))}
          {recent.length === 0 && (
            <Text p="md" c="dimmed" size="sm">
              No alerts yet. When a check goes down or comes back, or a workflow fails, it is told here and to their
              channels.
            </Text>
          )}
        </Paper>
      </Section>
    </Stack>
  );
}
