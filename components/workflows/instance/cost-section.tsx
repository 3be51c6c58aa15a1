"use client";

import { Paper } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { Section } from "@/components/layout/section";
import { LazyCostLine } from "@/components/replay/lazy-cost-line";
import type { CostLine } from "@/lib/costs/tab/cost-line";

/** `limitUsd`: where the limit lies among all that it cost; null without one. */
export type LimitedLine = CostLine & { limitUsd: number | null };

/** How an instance came to what it costs, against its limit; nothing where there is no line to draw. */
export function CostSection({ points, steps, limitUsd }: LimitedLine) {
  const isNarrow = useMediaQuery("(max-width: 48em)") ?? false;
  if (points.length === 0) return null;
  return (
    <Section title="Cost so far" description="By step; as a table, and with what each step cost, in the replay">
      <Paper withBorder p="sm">
        <LazyCostLine points={points} span={steps} budgetUsd={limitUsd} isNarrow={isNarrow} />
      </Paper>
    </Section>
  );
}
