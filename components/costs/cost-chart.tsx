"use client";

import "@mantine/charts/styles.css";
import { BarChart } from "@mantine/charts";
import { Box, ColorSwatch, Group, Paper, Stack, Text } from "@mantine/core";
import { ticksFor } from "@/lib/checks/metrics/ticks";
import { type CostBar, type CostPart, colourVariable } from "@/lib/costs/overview/chart";
import { dayWords, roundUsd } from "@/lib/costs/overview/words";

type Props = { parts: readonly CostPart[]; bars: readonly CostBar[] };

const shortUsd = (value: number): string => `$${value.toLocaleString("en", { maximumSignificantDigits: 3 })}`;

/** What was spent each day, and on what, oldest first. */
export function CostChart({ parts, bars }: Props) {
  const largest = Math.max(0, ...bars.map(({ height }) => height));
  const ticks = ticksFor([0, largest]);
  const barOf = (day: unknown): CostBar | undefined => bars.find((bar) => bar.day === day);
  return (
    <Box role="img" aria-label={`Cost by day: ${bars.length} days, at most ${roundUsd(largest)} a day`}>
      <BarChart
        h={260}
        type="stacked"
        data={bars.map(({ day, usd }) => ({ day, ...usd }))}
        dataKey="day"
        series={parts.map(({ id, name, colour }) => ({ name: id, label: name, color: colour }))}
        valueFormatter={roundUsd}
        yAxisProps={{ width: 64, ticks, domain: [0, ticks.at(-1) ?? 0], tickFormatter: shortUsd }}
        xAxisProps={{ interval: "equidistantPreserveStart", minTickGap: 16, tickFormatter: dayWords }}
        tooltipProps={{ content: ({ label }) => <Told bar={barOf(label)} parts={parts} /> }}
        maxBarWidth={32}
        barChartProps={{ accessibilityLayer: false }}
        barProps={{ isAnimationActive: false }}
      />
    </Box>
  );
}

/** One day: what was spent, and on what. */
function Told({ bar, parts }: { bar: CostBar | undefined; parts: readonly CostPart[] }) {
  if (bar === undefined) return null;
  return (
    <Paper p="sm" shadow="md" maw={320}>
      <Stack gap={4}>
        <Group justify="space-between" gap="xl" wrap="nowrap">
          <Text size="sm" fw={600}>
            {dayWords(bar.day)}
          </Text>
          <Text size="sm" fw={600}>
            {roundUsd(bar.total)}
          </Text>
        </Group>
        {parts
          .filter(({ id }) => (bar.usd[id] ?? 0) > 0)
          .map(({ id, name, colour }) => (
            <Group key={id} justify="space-between" gap="xl" wrap="nowrap">
              <Group gap={6} wrap="nowrap" miw={0}>
                <ColorSwatch size={10} color={colourVariable(colour)} withShadow={false} />
                <Text size="sm" truncate>
                  {name}
                </Text>
              </Group>
              <Text size="sm">{roundUsd(bar.usd[id] ?? 0)}</Text>
            </Group>
          ))}
      </Stack>
    </Paper>
  );
}
