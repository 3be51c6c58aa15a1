import { Paper, Stack } from "@mantine/core";
import { EmptyState } from "@/components/layout/empty-state";
import { Section } from "@/components/layout/section";
import { UrlSegments } from "@/components/layout/url-segments";
import type { CostTab } from "@/lib/costs/tab/tab-queries";
import { CostDaysTable } from "./cost-days-table";
import { LazyCostDaysChart } from "./lazy-cost-days-chart";

const PERIODS = [
  { value: "7", label: "7 days" },
  { value: "", label: "30 days" },
  { value: "90", label: "90 days" },
];

/** What each day cost, by model. */
export function CostDays({ costs: { chart, budget } }: { costs: CostTab }) {
  const limit = budget.budget_enabled ? budget.budget_daily_limit_usd : null;
  return (
    <Section
      title="By day and model"
      action={<UrlSegments name="days" label="Period of the costs" options={PERIODS} />}
    >
      {chart.series.length === 0 ? (
        <EmptyState
          title="Nothing was spent in this period"
          text="Steps tell what they cost with cost_usd, or with model_id and usage as the provider answered it. Then each day is shown here, by model."
        />
      ) : (
        <Paper p="md" style={{ minWidth: 0 }}>
          <Stack gap="xs">
            <LazyCostDaysChart chart={chart} limitUsd={limit} />
            <CostDaysTable chart={chart} />
          </Stack>
        </Paper>
      )}
    </Section>
  );
}
