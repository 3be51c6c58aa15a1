"use client";

import "@mantine/charts/styles.css";
import { BarChart } from "@mantine/charts";
import { Box, Stack, Text } from "@mantine/core";
import { durationTicks, durationWords } from "@/lib/checks/detail/durations";
import type { TimingPoint } from "@/lib/checks/history/timing";

type Part = { name: "gap_ms" | "took_ms"; title: string; label: string; color: string };

const PARTS: Part[] = [
  { name: "gap_ms", title: "Time between signals", label: "Since the one before", color: "var(--pt-up)" },
  { name: "took_ms", title: "Durations", label: "Took", color: "var(--pt-running)" },
];

/** How much time passed between signals, and how long they took, oldest first. */
export function TimingChart({ points }: { points: TimingPoint[] }) {
  const data = points.map(({ n: _n, at, ...values }) => ({ ...values, at: at.slice(5, 16).replace("T", " ") }));
  return (
    <Stack gap="md">
      {PARTS.map(({ name, title, label, color }) => {
        const largest = Math.max(0, ...points.map((point) => point[name] ?? 0));
        const ticks = durationTicks(largest);
        if (!points.some((point) => point[name] !== null)) return null;
        return (
          <Box
            key={name}
            role="img"
            aria-label={`${title}: ${points.length} points, at most ${durationWords(largest)}`}
          >
            <Text size="sm" c="dimmed" mb={4}>
              {title}
            </Text>
            <BarChart
              h={160}
              data={data}
              dataKey="at"
              series={[{ name, label, color }]}
              valueFormatter={durationWords}
              yAxisProps={{ width: 70, ticks, domain: [0, ticks.at(-1) ?? 0] }}
              xAxisProps={{ minTickGap: 40 }}
              maxBarWidth={24}
              barChartProps={{ accessibilityLayer: false }}
              barProps={{ isAnimationActive: false }}
            />
          </Box>
        );
      })}
    </Stack>
  );
}
