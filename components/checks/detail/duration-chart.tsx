"use client";

import "@mantine/charts/styles.css";
import { BarChart } from "@mantine/charts";
import { Box } from "@mantine/core";
import { exactWords } from "@/components/status/exact-time";
import { durationTicks, durationWords, type RunDuration } from "@/lib/checks/detail/durations";

type Props = { runs: RunDuration[]; medianMs: number; p95Ms: number };

/** How long runs took, oldest first, with the median and what 95 of 100 stay within. */
export function DurationChart({ runs, medianMs, p95Ms }: Props) {
  const data = runs.map((run) => ({ at: exactWords(run.started_at).slice(5, 16), took: run.duration_ms }));
  const ticks = durationTicks(Math.max(p95Ms, ...runs.map((run) => run.duration_ms)));
  return (
    <Box
      role="img"
      aria-label={`Durations of ${runs.length} runs; median ${durationWords(medianMs)}, 95th percentile ${durationWords(p95Ms)}`}
    >
      <BarChart
        h={220}
        data={data}
        dataKey="at"
        series={[{ name: "took", label: "Took", color: "var(--pt-running)" }]}
        valueFormatter={durationWords}
        yAxisProps={{ width: 70, ticks, domain: [0, ticks.at(-1) ?? 0] }}
        xAxisProps={{ minTickGap: 40 }}
        maxBarWidth={24}
        referenceLines={[
          { y: medianMs, label: "median", color: "var(--pt-up)", labelPosition: "insideBottomLeft" },
          { y: p95Ms, label: "p95", color: "var(--pt-late)", labelPosition: "insideBottomRight" },
        ]}
        barChartProps={{ accessibilityLayer: false }}
        barProps={{ isAnimationActive: false }}
      />
    </Box>
  );
}
