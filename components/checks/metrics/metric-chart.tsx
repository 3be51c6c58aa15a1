"use client";

import "@mantine/charts/styles.css";
import { LineChart } from "@mantine/charts";
import { Box } from "@mantine/core";
import { exactWords } from "@/components/status/exact-time";
import type { MetricBucket } from "@/lib/checks/metrics/buckets";
import type { Bounds } from "@/lib/checks/metrics/metric";
import { ticksFor } from "@/lib/checks/metrics/ticks";
import { valueWords } from "@/lib/checks/metrics/words";
import { MINUTE } from "@/lib/core/time";

type Props = { name: string; points: MetricBucket[]; bounds: Bounds };

/** More points than this are a line, and dots would hide it. */
const MAX_DOTS = 60;
const MEAN = { name: "avg", label: "Mean", color: "var(--pt-running)" };
const ENDS = [
  { name: "min", label: "Smallest", color: "var(--pt-idle)", strokeDasharray: "3 3" },
  { name: "max", label: "Largest", color: "var(--pt-idle)", strokeDasharray: "3 3" },
];

/** Moments as an axis tells them apart: seconds where all lie within a few minutes, days where they do not. */
function momentWords(spanMs: number): (ms: number) => string {
  const [start, end] = spanMs < 10 * MINUTE ? [11, 19] : [5, 16];
  return (ms) => exactWords(new Date(ms).toISOString()).slice(start, end);
}

function linesOf({ min = null, max = null }: Bounds) {
  return [
    ...(min === null ? [] : [{ y: min, label: "at least", labelPosition: "insideBottomLeft" as const }]),
    ...(max === null ? [] : [{ y: max, label: "at most", labelPosition: "insideTopLeft" as const }]),
  ].map((line) => ({ ...line, color: "var(--pt-down)" }));
}

/** How a number went over time, with what is asked of it. */
export function MetricChart({ name, points, bounds }: Props) {
  const data = points.map(({ at, ...point }) => ({ ...point, at: Date.parse(at) }));
  const asked = linesOf(bounds).map(({ y }) => y);
  const ticks = ticksFor([...asked, ...points.flatMap(({ min, max }) => [min, max])]);
  const words = momentWords((data.at(-1)?.at ?? 0) - (data[0]?.at ?? 0));
  const isThinned = points.some(({ count }) => count > 1);
  const least = Math.min(...points.map(({ min }) => min));
  const largest = Math.max(...points.map(({ max }) => max));
  return (
    <Box
      role="img"
      aria-label={`${name}: ${points.length} points from ${valueWords(name, least)} to ${valueWords(name, largest)}`}
    >
      <LineChart
        h={200}
        withLegend={isThinned}
        data={data}
        dataKey="at"
        series={isThinned ? [...ENDS, MEAN] : [{ ...MEAN, label: "Value" }]}
        curveType="linear"
        withDots={points.length <= MAX_DOTS}
        dotProps={{ r: 2.5 }}
        valueFormatter={(value) => valueWords(name, value)}
        yAxisProps={{ width: 84, ticks, domain: [ticks[0] ?? 0, ticks.at(-1) ?? 0] }}
        xAxisProps={{
          type: "number",
          scale: "time",
          domain: ["dataMin", "dataMax"],
          tickFormatter: words,
          minTickGap: 40,
        }}
        tooltipProps={{ labelFormatter: (at) => (typeof at === "number" ? words(at) : "") }}
        referenceLines={linesOf(bounds)}
        lineChartProps={{ accessibilityLayer: false }}
        lineProps={{ isAnimationActive: false }}
      />
    </Box>
  );
}
