import { FactRow } from "@/components/status/fact-row";
import type { CostOverview } from "@/lib/costs/overview/schema";
import { monthWords, roundUsd } from "@/lib/costs/overview/words";

/** What was spent today, in a week and this month, and what the month will come to. */
export function CostFigures({ overview }: { overview: CostOverview }) {
  const { month_forecast_usd: forecast, time_zone: zone, days } = overview;
  const month = monthWords(days.at(-1)?.day ?? "");
  return (
    <FactRow
      facts={[
        ["Today", roundUsd(overview.today_cost_usd), `by the calendar of ${zone}`],
        ["Last 7 days", roundUsd(overview.week_cost_usd), "with today"],
        ["This month", roundUsd(overview.month_cost_usd), `${month} so far`],
        forecast === null
          ? ["Forecast", "–", "needs 3 days of costs"]
          : ["Forecast", roundUsd(forecast), `at the end of ${month}`],
      ]}
    />
  );
}
