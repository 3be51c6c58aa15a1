import { Group, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { Section } from "@/components/layout/section";
import { CopyField } from "@/components/status/copy-field";
import { RelativeTime } from "@/components/status/relative-time";
import { RANGE_NAMES, RANGES } from "@/lib/checks/history/choices";
import { isWithin } from "@/lib/checks/metrics/metric";
import type { MetricCharts } from "@/lib/checks/metrics/metric-queries";
import { askedWords, valueWords } from "@/lib/checks/metrics/words";
import { LazyMetricChart } from "./lazy-metric-chart";
import { MetricTable } from "./metric-table";
import { PeriodPicker } from "./period-picker";

const PERIODS = RANGE_NAMES.map((value) => ({ value, label: RANGES[value].label }));

type Props = { found: MetricCharts; period: string; command: string };

/** The numbers that signals bring: of each a chart, what came last, and what is asked of it. */
export function MetricsSection({ found: { charts, more }, period, command }: Props) {
  if (charts.length === 0) return null;
  const hasAny = charts.some(({ count }) => count > 0);
  if (!hasAny)
    return (
      <Section title="Metrics">
        <Text size="sm" c="dimmed">
          No number has come yet. This sends one; a field of the JSON that comes with a signal does, too.
        </Text>
        <CopyField label="command that sends a number" value={command} />
      </Section>
    );
  return (
    <Section
      title="Metrics"
      description={`Numbers that signals brought${more > 0 ? `; ${more} more are not shown` : ""}`}
      action={<PeriodPicker param="metrics" label="Period of the metrics" period={period} options={PERIODS} />}
    >
      <SimpleGrid cols={{ base: 1, md: charts.length === 1 ? 1 : 2 }} spacing="md">
        {charts.map((chart) => (
          <MetricCard key={chart.name} chart={chart} />
        ))}
      </SimpleGrid>
    </Section>
  );
}

function MetricCard({ chart }: { chart: MetricCharts["charts"][number] }) {
  const { name, points, value, at, min, max } = chart;
  const asked = askedWords(chart);
  return (
    <Paper p="md" component="section" aria-label={name} style={{ minWidth: 0 }}>
      <Stack gap="xs">
        <Group justify="space-between" align="baseline" gap="xs">
          <Title order={3} fz="md" ff="monospace" style={{ overflowWrap: "anywhere" }}>
            {name}
          </Title>
          {asked !== null && (
            <Text size="sm" c="dimmed">
              {asked} is asked
            </Text>
          )}
        </Group>
        {value !== null && at !== null && (
          <Text size="sm">
            <Text span fw={600} fz="lg">
              {valueWords(name, value)}
            </Text>{" "}
            <RelativeTime at={at} />
            {!isWithin(value, chart) && ", outside of what is asked"}
          </Text>
        )}
        {points.length === 0 ? (
          <Text size="sm" c="dimmed">
            {value === null ? "It has not come yet." : "It did not come in this period."}
          </Text>
        ) : (
          <>
            <LazyMetricChart name={name} points={points} bounds={{ min, max }} />
            <MetricTable name={name} points={points} />
          </>
        )}
      </Stack>
    </Paper>
  );
}
