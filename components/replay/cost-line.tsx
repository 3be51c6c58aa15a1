"use client";

import "@mantine/charts/styles.css";
import { LineChart } from "@mantine/charts";
import { Box } from "@mantine/core";
import { memo } from "react";
import { ticksFor } from "@/lib/checks/metrics/ticks";
import { usdWords } from "@/lib/core/money";
import type { CostPoint } from "@/lib/replay/page/cost-points";

/** As the style sheet has them, so that the line stands above the scrubber. */
const EDGES = { wide: 64, narrow: 52, right: 14 };

type Props = {
  points: readonly CostPoint[];
  span: number;
  /** What it may cost in dollars; null when nobody said. */
  budgetUsd: number | null;
  isNarrow: boolean;
};

const shortUsd = (value: number): string => `$${value.toLocaleString("en", { maximumSignificantDigits: 3 })}`;

/** What the steps had cost so far, on the axis of the scrubber. Which step is chosen is drawn over it, so that it stays as it is. */
export const CostLine = memo(function CostLine({ points, span, budgetUsd, isNarrow }: Props) {
  const last = points.at(-1)?.usd ?? 0;
  const ticks = ticksFor([0, last, ...(budgetUsd === null ? [] : [budgetUsd])]);
  const stepOf = (at: unknown): string => `Step ${points.find((point) => point.at === at)?.step ?? ""}`;
  const budget = budgetUsd === null ? [] : [{ y: budgetUsd, label: "Budget", color: "var(--pt-down)" }];
  return (
    <Box role="img" aria-label={`Cost so far: ${points.length} points from $0 to ${usdWords(last)}`}>
      <LineChart
        h={120}
        data={[{ step: 0, at: 0, usd: 0 }, ...points]}
        dataKey="at"
        series={[{ name: "usd", label: "Cost so far", color: "var(--pt-running)" }]}
        curveType="stepAfter"
        withDots={false}
        withXAxis={false}
        valueFormatter={usdWords}
        yAxisProps={{
          width: isNarrow ? EDGES.narrow : EDGES.wide,
          ticks,
          domain: [0, ticks.at(-1) ?? 0],
          tickFormatter: shortUsd,
        }}
        xAxisProps={{ type: "number", domain: [0, span] }}
        tooltipProps={{ labelFormatter: stepOf }}
        referenceLines={budget}
        lineChartProps={{ accessibilityLayer: false, margin: { top: 8, right: EDGES.right, bottom: 4, left: 0 } }}
        lineProps={{ isAnimationActive: false }}
      />
    </Box>
  );
});
