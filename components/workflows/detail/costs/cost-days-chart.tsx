"use client";

import "@mantine/charts/styles.css";
import { BarChart } from "@mantine/charts";
import { Box } from "@mantine/core";
import { ticksFor } from "@/lib/checks/metrics/ticks";
import { usdWords } from "@/lib/core/money";
import { aboutUsd } from "@/lib/costs/tab/about-usd";
import type { DayModels } from "@/lib/costs/tab/day-models";

const COLORS = ["--pt-running", "--pt-late", "--pt-up", "--mantine-color-grape-5", "--mantine-color-cyan-6"];
const OTHERS = "--pt-idle";

type Props = {
  chart: DayModels;
  /** Of all instances on one day; null without a limit. */
  limitUsd: number | null;
};

/** What each day cost, by model, with the daily limit where it is not far above. */
export function CostDaysChart({ chart: { series, days }, limitUsd }: Props) {
  const largest = Math.max(0, ...days.map(({ totalUsd }) => totalUsd));
  const limit = limitUsd !== null && limitUsd <= 2 * largest ? limitUsd : null;
  const ticks = ticksFor([0, largest, limit ?? 0]);
  return (
    <Box role="img" aria-label={`Costs of ${days.length} days by model, at most ${usdWords(largest)} on a day`}>
      <BarChart
        h={240}
        type="stacked"
        data={days.map(({ day, usd }) => ({ day: day.slice("YYYY-".length), ...usd }))}
        dataKey="day"
        series={series.map(({ key, label }, index) => ({
          name: key,
          label,
          color: `var(${COLORS[index] ?? OTHERS})`,
        }))}
        withLegend={series.length > 1}
        valueFormatter={usdWords}
        yAxisProps={{ width: 64, ticks, domain: [0, ticks.at(-1) ?? 0], tickFormatter: aboutUsd }}
        xAxisProps={{ minTickGap: 30 }}
        referenceLines={limit === null ? [] : [{ y: limit, label: "Daily limit", color: "var(--pt-down)" }]}
        maxBarWidth={28}
        barChartProps={{ accessibilityLayer: false }}
        barProps={{ isAnimationActive: false }}
      />
    </Box>
  );
}
