"use client";

import { ActionIcon, Group, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useReducedMotion } from "@mantine/hooks";
import { IconPlayerPause, IconPlayerPlay, IconPlayerTrackNext } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { type CircleState, DEMO_STAGES, DEMOS, type Demo, FRAMES, nextFrame } from "@/lib/workflows/modes";
import classes from "./modes-explained.module.css";

const FRAME_MS = 1800;

const ABOUT: Record<Demo, { title: string; text: string }> = {
  normal: { title: "Normal", text: "Stages come in order, and each signal moves the instance on." },
  strict: { title: "Strict", text: "The order matters: a skipped stage is found at once." },
  flexible: { title: "Flexible", text: "For parallel and distributed work, in whatever order it is done." },
};

const FIRST = { normal: 0, strict: 0, flexible: 0 };
/** The frame of each that says most by itself. */
const TELLING = { normal: 3, strict: 3, flexible: 2 };

const STATE_WORDS: Record<CircleState, string> = {
  waiting: "has not come",
  arriving: "comes now",
  done: "has come",
  refused: "is refused",
  missed: "was missed",
};

/** The modes of workflows, each as a small film; still ones for those who want nothing to move. */
export function ModesExplained() {
  const isStill = useReducedMotion(undefined, { getInitialValueInEffect: true });
  const [choice, setChoice] = useState<boolean | null>(null);
  const [seen, setSeen] = useState<Record<Demo, number> | null>(null);
  const isPlaying = choice ?? !isStill;
  const frames = seen ?? (isStill ? TELLING : FIRST);
  const step = (): void =>
    setSeen({
      normal: nextFrame("normal", frames.normal),
      strict: nextFrame("strict", frames.strict),
      flexible: nextFrame("flexible", frames.flexible),
    });
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setInterval(step, FRAME_MS);
    return () => clearInterval(timer);
  });
  return (
    <Stack gap="sm" component="section" aria-label="How the modes work">
      <Group justify="space-between">
        <Title order={2}>How the modes work</Title>
        <Group gap={4}>
          <ActionIcon variant="default" onClick={() => setChoice(!isPlaying)} aria-label={isPlaying ? "Pause" : "Play"}>
            {isPlaying ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
          </ActionIcon>
          <ActionIcon variant="default" disabled={isPlaying} onClick={step} aria-label="Next step">
            <IconPlayerTrackNext size={16} />
          </ActionIcon>
        </Group>
      </Group>
      <SimpleGrid cols={{ base: 1, md: 3 }} spacing="sm">
        {DEMOS.map((demo) => (
          <Film key={demo} demo={demo} at={frames[demo]} />
        ))}
      </SimpleGrid>
    </Stack>
  );
}

function Film({ demo, at }: { demo: Demo; at: number }) {
  const frame = FRAMES[demo][at];
  const { title, text } = ABOUT[demo];
  if (frame === undefined) return null;
  return (
    <Paper p="md" component="figure" m={0} aria-label={title}>
      <Text fw={600}>{title}</Text>
      <Text size="sm" c="dimmed" mih={42}>
        {text}
      </Text>
      <ol className={classes["stages"]}>
        {DEMO_STAGES.map((name, index) => {
          const state = frame.circles[index] ?? "waiting";
          return (
            <li key={name} className={classes["stage"]} data-state={state}>
              <span className={classes["circle"]} aria-hidden="true">
                {SIGNS[state] ?? index + 1}
              </span>
              <span className={classes["name"]}>
                {name}
                <span className={classes["heard"]}> {STATE_WORDS[state]}</span>
              </span>
            </li>
          );
        })}
      </ol>
      <Text component="figcaption" size="sm" mih={64}>
        {frame.words}{" "}
        {frame.answer !== null && (
          <Text
            span
            size="sm"
            ff="monospace"
            fw={600}
            c={frame.answer.startsWith("2") ? "var(--pt-up)" : "var(--pt-down)"}
          >
            {frame.answer}
          </Text>
        )}
      </Text>
    </Paper>
  );
}

const SIGNS: Partial<Record<CircleState, string>> = { refused: "!", missed: "✕", done: "✓" };
