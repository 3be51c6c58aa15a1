import { Paper, Stack, Text } from "@mantine/core";
import { Section } from "@/components/layout/section";
import type { TimingPoint } from "@/lib/checks/history/timing";
import { LazyTimingChart } from "./lazy-timing-chart";
import { TimingTable } from "./timing-table";

type Props = { points: TimingPoint[]; signals: number; isSampled: boolean };

/** The rhythm of a check: the time between its signals, and what they took. */
export function TimingSection({ points, signals, isSampled }: Props) {
  if (points.length === 0)
    return (
      <Section title="Timing">
        <Text size="sm" c="dimmed">
          Two signals that end a job make a rhythm; there are none in this range.
        </Text>
      </Section>
    );
  const description = isSampled
    ? `${points.length} samples from about ${signals.toLocaleString("en")} signals`
    : "Of signals that say how a job ended";
  return (
    <Section title="Timing" description={description}>
      <Paper p="md">
        <Stack>
          <LazyTimingChart points={points} />
          <TimingTable points={points} />
        </Stack>
      </Paper>
    </Section>
  );
}
