import { Group, Paper, Stack, Text } from "@mantine/core";
import { Section } from "@/components/layout/section";
import { durationWords, median, p95, type RunDuration } from "@/lib/checks/detail/durations";
import { DurationTable } from "./duration-table";
import { LazyDurationChart } from "./lazy-duration-chart";

/** How long the newest runs took. */
export function DurationSection({ runs }: { runs: RunDuration[] }) {
  const values = runs.map((run) => run.duration_ms);
  const middle = median(values);
  const high = p95(values);
  if (middle === null || high === null)
    return (
      <Section title="Run durations">
        <Text size="sm" c="dimmed">
          Nothing was timed yet. A run is when its start is reported too: add <code>/start</code> to the address.
        </Text>
      </Section>
    );
  const facts = [
    ["Median", durationWords(middle)],
    ["95th percentile", durationWords(high)],
    ["Runs shown", String(runs.length)],
  ];
  return (
    <Section title="Run durations" description="From the start to the end that were reported">
      <Paper p="md">
        <Stack>
          <Group gap="xl">
            {facts.map(([label, value]) => (
              <div key={label}>
                <Text size="sm" c="dimmed">
                  {label}
                </Text>
                <Text fw={600} fz="lg">
                  {value}
                </Text>
              </div>
            ))}
          </Group>
          <LazyDurationChart runs={runs} medianMs={middle} p95Ms={high} />
          <DurationTable runs={runs} />
        </Stack>
      </Paper>
    </Section>
  );
}
