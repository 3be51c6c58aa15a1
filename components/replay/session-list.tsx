"use client";

import { Paper, Stack, Text } from "@mantine/core";
import { Section } from "@/components/layout/section";
import { TextLink } from "@/components/layout/text-link";
import { RelativeTime } from "@/components/status/relative-time";
import { visible } from "@/lib/core/visible";
import { compareHref } from "@/lib/replay/compare-address";
import type { LineageNode, ReplaySession } from "@/lib/replay/schema";

type Props = { projectId: string; nodes: LineageNode[]; sessions: ReplaySession[] };

/** What was done with an instance to understand or repeat it, newest first; nothing when nobody did. */
export function SessionList({ projectId, nodes, sessions }: Props) {
  if (sessions.length === 0) return null;
  return (
    <Section title="Who looked into it" description="Forks, reruns and comparisons, the newest first.">
      <Paper p="md">
        <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: "none" }} aria-label="Replay sessions">
          {sessions.map((session) => (
            <li key={session.id}>
              <Session projectId={projectId} nodes={nodes} session={session} />
            </li>
          ))}
        </Stack>
      </Paper>
    </Section>
  );
}

function hrefOf(projectId: string, { kind, instance_id: a, other_instance_id: b }: ReplaySession): string {
  return kind === "compare" ? compareHref(projectId, a, b) : `/projects/${projectId}/instances/${b}`;
}

/** What was done, as the text of a link to what came of it. */
function deedWords(session: ReplaySession, nameOf: (id: string) => string): string {
  const { kind, instance_id: a, other_instance_id: b, fork_from_stage: stage } = session;
  if (kind === "compare") return `compared ${nameOf(a)} with ${nameOf(b)}`;
  return kind === "fork"
    ? `forked ${nameOf(a)} at stage ${stage ?? "?"}: ${nameOf(b)}`
    : `ran ${nameOf(a)} again: ${nameOf(b)}`;
}

function Session({ projectId, nodes, session }: { projectId: string; nodes: LineageNode[]; session: ReplaySession }) {
  const seqs = new Map(nodes.map(({ id, instance }) => [id, instance?.seq]));
  const nameOf = (id: string): string => {
    const seq = seqs.get(id);
    return seq === undefined ? id : `#${seq}`;
  };
  return (
    <Text size="sm" style={{ overflowWrap: "anywhere" }}>
      {visible(session.actor)}{" "}
      <TextLink href={hrefOf(projectId, session)} size="sm" underline="always">
        {deedWords(session, nameOf)}
      </TextLink>
      , <RelativeTime at={session.created_at} />
      {session.claimed_by !== null && `, taken on by ${visible(session.claimed_by)}`}
      {session.reason !== null && `: ${visible(session.reason)}`}
    </Text>
  );
}
