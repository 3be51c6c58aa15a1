"use client";

import { Code, Group, Stack, Text } from "@mantine/core";
import { type ReactNode, useMemo } from "react";
import { Section } from "@/components/layout/section";
import { TextLink } from "@/components/layout/text-link";
import { exactWords } from "@/components/status/exact-time";
import { FactList } from "@/components/status/fact-list";
import { JsonView } from "@/components/status/json-view";
import { useNow } from "@/components/status/now";
import { RelativeTime } from "@/components/status/relative-time";
import { changeOf } from "@/lib/approvals/diff";
import type { Approval, ApprovalPage, Decision } from "@/lib/approvals/schema";
import { approvalSentence, expiryWords, noWords, yesWords } from "@/lib/approvals/words";
import { inWords } from "@/lib/core/time";
import { visible } from "@/lib/core/visible";
import classes from "./approvals.module.css";
import { ChangeView } from "./change-view";
import { Countdown } from "./countdown";
import { DecisionBar } from "./decision-bar";
import { Trail } from "./trail";
import { useRefreshAt } from "./use-refresh-at";
import { ApprovalWord, RiskWord } from "./words";
import { Written } from "./written";

type Props = {
  projectId: string;
  page: ApprovalPage;
  title: string;
  canCancel: boolean;
  initial?: Decision | null;
  hasKeys?: boolean;
  onDone?: (() => void) | undefined;
};

/** All there is to know of an approval below its title, and what the viewer can do about it. */
export function ApprovalView({ projectId, page, title, canCancel, onDone, ...keys }: Props) {
  const { approval, trail, refusal } = page;
  const now = useNow();
  const isPending = approval.status === "pending";
  const isOpen = isPending && now < Date.parse(approval.expires_at);
  useRefreshAt(isPending ? approval.expires_at : null);
  return (
    <Stack gap="xl">
      <Stack gap="sm">
        <Group gap="lg">
          <div role="status" aria-label="Status">
            <ApprovalWord status={approval.status} />
          </div>
          <RiskWord risk={approval.risk} />
          {isPending && <Countdown until={approval.expires_at} />}
        </Group>
        <Text size="lg" data-testid="sentence" className={classes["wraps"] ?? ""}>
          {approvalSentence(approval, refusal, now)}
        </Text>
        <Notes approval={approval} />
        {isOpen && (
          <DecisionBar
            key={approval.approval_id}
            projectId={projectId}
            page={page}
            title={title}
            canCancel={canCancel}
            onDone={onDone}
            {...keys}
          />
        )}
      </Stack>
      <Section title="What is asked">
        <Written
          label={`Written by the requester, ${approval.requested_by}. Pulsetrail has not checked it.`}
          text={approval.context}
        />
        <Action approval={approval} />
        {hasContent(approval.metadata) && (
          <JsonView label="Metadata, written by the requester" value={approval.metadata} />
        )}
      </Section>
      {isPending && (
        <Section title="What follows">
          <Follows approval={approval} />
        </Section>
      )}
      <Section title="About the request">
        <FactList facts={factsOf(projectId, approval)} />
      </Section>
      <Section title="Audit trail">
        <Trail trail={trail} />
      </Section>
    </Stack>
  );
}

const hasContent = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length > 0;

/** What those who voted said. */
function Notes({ approval: { votes, notes, decided_by: by } }: { approval: Approval }) {
  const said = votes.flatMap((vote) => (vote.notes === null ? [] : [{ by: vote.voter, text: vote.notes }]));
  const others =
    typeof notes === "string" && !said.some(({ text }) => text === notes) ? [{ by: by ?? "", text: notes }] : [];
  return [...said, ...others].map(({ by: voter, text }) => (
    <figure key={voter} className={classes["note"]} aria-label={`Notes by ${voter}`}>
      <blockquote>{visible(text)}</blockquote>
      <Text component="figcaption" size="xs" c="dimmed">
        {voter}
      </Text>
    </figure>
  ));
}

function Action({ approval: { action, args, action_digest: digest } }: { approval: Approval }) {
  // Its page is drawn anew each second.
  const change = useMemo(() => changeOf(args), [args]);
  if (action === null && args === null) return null;
  return (
    <Stack gap="sm">
      {action !== null && (
        <Text size="sm" className={classes["wraps"] ?? ""}>
          Action <Code>{visible(action)}</Code>
        </Text>
      )}
      {change !== null && <ChangeView lines={change} />}
      {args !== null && change === null && <JsonView label="Arguments, written by the requester" value={args} />}
      {change !== null && (
        <details className={classes["more"]}>
          <summary>All of it in JSON</summary>
          <JsonView label="Arguments, written by the requester" value={args} />
        </details>
      )}
      {digest !== null && (
        <Text size="xs" c="dimmed" className={classes["wraps"] ?? ""}>
          SHA-256 of the action and its arguments, which alone can be begun: <Code>{digest}</Code>
        </Text>
      )}
    </Stack>
  );
}

function Follows({ approval }: { approval: Approval }) {
  const facts: [string, ReactNode][] = [
    ["When it is approved", yesWords(approval)],
    ["When it is denied", noWords(approval)],
    ["When nobody decides", expiryWords(approval)],
  ];
  return <FactList facts={facts} />;
}

function factsOf(projectId: string, approval: Approval): [string, ReactNode][] {
  const { need, votes, approvers, instance_id: instance, stage_path: stage, claimed_at: claimed } = approval;
  const given = votes.filter(({ decision }) => decision === "approve").length;
  const facts: [string, ReactNode][] = [
    ["Asked by", approval.requested_by],
    [
      "Asked (UTC)",
      <span key="asked">
        {exactWords(approval.created_at)}, <RelativeTime at={approval.created_at} />
      </span>,
    ],
    ["Time to answer", inWords(approval.timeout_seconds * 1000)],
    ["Who may decide", approvers.length === 0 ? "everybody who may approve in this project" : approvers.join(", ")],
    ["Approvals", `${given} of ${need}`],
  ];
  if (votes.length > 0) {
    const voices = votes.map(({ voter, decision }) => `${voter} ${decision === "approve" ? "approved" : "denied"}`);
    facts.push(["Votes", voices.join(", ")]);
  }
  if (instance !== null) {
    facts.push([
      "Waits in",
      <TextLink key="instance" href={`/projects/${projectId}/instances/${instance}`} size="sm">
        instance {instance}
        {stage !== null && `, stage ${stage}`}
      </TextLink>,
    ]);
  }
  if (claimed !== null) facts.push(["Begun (UTC)", exactWords(claimed)]);
  facts.push(["Id", <Code key="id">{approval.approval_id}</Code>]);
  return facts;
}
