"use client";

import { Code, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { LinkButton } from "@/components/layout/link-button";
import { PageHeader } from "@/components/layout/page-header";
import { TextLink } from "@/components/layout/text-link";
import { exactWords } from "@/components/status/exact-time";
import { FactList } from "@/components/status/fact-list";
import { useNow } from "@/components/status/now";
import { RelativeTime } from "@/components/status/relative-time";
import { InstanceWord } from "@/components/workflows/words";
import { durationWords } from "@/lib/checks/detail/durations";
import { usdWords } from "@/lib/core/money";
import { inWords } from "@/lib/core/time";
import type { InstanceCosts } from "@/lib/costs/tab/instance-costs";
import type { Seen } from "@/lib/workflows/instance/live-instance";
import { instanceSentence, type Standing } from "@/lib/workflows/instance/sentence";
import type { InstanceView } from "@/lib/workflows/instance/view-queries";
import { ExpectedSwitch } from "./expected-switch";

/** `actions`: what else can be done with it. */
type Props = {
  projectId: string;
  view: InstanceView;
  seen: Seen;
  costs: InstanceCosts;
  canWrite: boolean;
  actions?: ReactNode;
};

const momentOf = (text: string | null): number | null => (text === null ? null : Date.parse(text));

function standingOf(view: InstanceView, { now, track }: Seen): Standing {
  const isWhole = track.rows.length >= now.total_steps;
  return {
    status: now.status,
    startedAt: Date.parse(now.started_at),
    endedAt: momentOf(now.completed_at),
    failureReason: now.failure_reason,
    dueAt: momentOf(now.due_at),
    creditMs: view.creditMs,
    definition: view.definition,
    paths: (isWhole ? track.stages : view.stages).map(({ path }) => path),
    progressAt: isWhole ? track.progressAt : view.progressAt,
    newest: (isWhole ? track.rows.at(-1) : view.newest) ?? null,
  };
}

/** What an instance is, how it fares in one sentence, and what is known of it as a whole. */
export function InstanceHead({ projectId, view, seen, costs, canWrite, actions }: Props) {
  const now = useNow();
  const home = `/projects/${projectId}/workflows`;
  const workflow = `${home}/${view.workflow.id}`;
  return (
    <Stack gap="sm">
      <PageHeader
        title={`${view.workflow.name} #${view.seq}`}
        crumbs={[
          { label: "Workflows", href: home },
          { label: view.workflow.name, href: workflow },
        ]}
        action={
          <Group gap="xs">
            <LinkButton href={`/projects/${projectId}/instances/${view.instance.id}/replay`} variant="default">
              Replay
            </LinkButton>
            {actions}
          </Group>
        }
      />
      <Group gap="sm">
        <div role="status" aria-label="Status">
          <InstanceWord status={seen.now.status} />
        </div>
      </Group>
      <Text size="lg" data-testid="sentence" style={{ overflowWrap: "anywhere" }}>
        {instanceSentence(standingOf(view, seen), now)}
      </Text>
      <FactList
        facts={[
          ...factsOf(view, seen, { now, workflow }),
          ...costFacts({ projectId, view, costs, canWrite }),
          ["Id", <Code key="id">{view.instance.id}</Code>],
        ]}
      />
    </Stack>
  );
}

function factsOf(
  view: InstanceView,
  { now: instance }: Seen,
  { now, workflow }: { now: number; workflow: string },
): [string, ReactNode][] {
  const startedAt = Date.parse(instance.started_at);
  const endedAt = momentOf(instance.completed_at);
  return [
    [
      "Workflow",
      <TextLink key="workflow" href={workflow} size="sm" truncate display="block" maw={260}>
        {view.workflow.name}
      </TextLink>,
    ],
    [
      "Started (UTC)",
      <span key="started">
        {exactWords(instance.started_at)}, <RelativeTime at={instance.started_at} />
      </span>,
    ],
    ["Duration", endedAt === null ? inWords(now - startedAt) : durationWords(endedAt - startedAt)],
    ["Agent", view.agent ?? "none named"],
    ["Steps", instance.total_steps.toLocaleString("en")],
  ];
}

/** What it cost of what it may cost; what was copied into a fork does not count, and what has no price is not free. */
function costWords({ totalUsd, copiedUsd, limitUsd, unpricedSteps: unpriced }: InstanceCosts): string {
  const own = usdWords(totalUsd - copiedUsd);
  const words = limitUsd === null ? own : `${own} of ${usdWords(limitUsd)}`;
  const copied = copiedUsd === 0 ? "" : `, ${usdWords(copiedUsd)} copied`;
  if (unpriced === 0) return words + copied;
  return `${words}${copied}, and ${unpriced.toLocaleString("en")} ${unpriced === 1 ? "step" : "steps"} without a price`;
}

/** What it cost of what it may cost, and whether that was expected; nothing where neither is known. */
function costFacts({ projectId, view, costs, canWrite }: Omit<Props, "seen" | "actions">): [string, ReactNode][] {
  const { isExpected } = costs;
  const { id } = view.instance;
  if (costs.totalUsd === 0 && costs.limitUsd === null && costs.unpricedSteps === 0) return [];
  const facts: [string, ReactNode][] = [
    [
      "Cost",
      <span key="cost">
        {costWords(costs)},{" "}
        <TextLink size="sm" href={`/projects/${projectId}/instances/${id}/replay`}>
          step by step
        </TextLink>
      </span>,
    ],
  ];
  if (canWrite)
    facts.push([
      "What it cost was",
      <ExpectedSwitch key="expected" projectId={projectId} id={id} isExpected={isExpected} />,
    ]);
  else if (isExpected) facts.push(["What it cost was", "expected"]);
  return facts;
}
