"use client";

import { Button, Group, Paper, Text } from "@mantine/core";
import card from "@/components/alerts/alert-card.module.css";
import { Section } from "@/components/layout/section";
import { TextLink } from "@/components/layout/text-link";
import { useChange } from "@/components/layout/use-change";
import { resumeInstance, resumeInstances } from "@/lib/costs/tab/client";
import type { PausedInstance } from "@/lib/costs/tab/paused";
import type { Place } from "./place";

type Props = { place: Place; paused: PausedInstance[] };

/** Instances that a limit keeps paused and no alert of theirs is open: a limit of the day stops many and is told once. */
export function PausedInstances({ place, paused }: Props) {
  const { projectId, canWrite } = place;
  const ids = paused.map(({ id }) => id);
  const all = useChange({ ...resumeInstances(projectId, ids), done: "The instances go on." });
  if (paused.length === 0) return null;
  return (
    <Section
      title="Paused instances"
      action={
        canWrite && paused.length > 1 ? (
          <Button size="xs" variant="default" loading={all.isPending} onClick={() => all.mutate()}>
            Resume all {paused.length}
          </Button>
        ) : undefined
      }
    >
      <Paper component="ul" className={card["list"] ?? ""} aria-label="Paused instances">
        {paused.map((one) => (
          <li key={one.id} className={card["card"]} data-open="true">
            <Group justify="space-between" gap="sm">
              <Text size="sm" style={{ flex: "1 1 300px", overflowWrap: "anywhere" }}>
                <TextLink href={`/projects/${projectId}/instances/${one.id}`} fw={500}>
                  Instance #{one.seq}
                </TextLink>{" "}
                {one.reason}
              </Text>
              {canWrite && <ResumeOne projectId={projectId} {...one} />}
            </Group>
          </li>
        ))}
      </Paper>
    </Section>
  );
}

function ResumeOne({ projectId, id, seq }: { projectId: string; id: string; seq: number }) {
  const resume = useChange({ ...resumeInstance(projectId, id), done: "The instance goes on." });
  return (
    <Button
      size="xs"
      variant="light"
      loading={resume.isPending}
      onClick={() => resume.mutate()}
      aria-label={`Resume instance #${seq}`}
    >
      Resume
    </Button>
  );
}
