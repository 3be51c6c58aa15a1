import { Paper } from "@mantine/core";
import { Section } from "@/components/layout/section";
import { FactList } from "@/components/status/fact-list";
import { usdWords } from "@/lib/core/money";
import type { BudgetView } from "@/lib/costs/schema";
import { ACTION_WORDS, anomalyWords } from "@/lib/costs/tab/budget-form";
import type { CostTab } from "@/lib/costs/tab/tab-queries";
import { BudgetEditor } from "./budget-editor";
import type { Place } from "./place";

const shown = (usd: number | null): string => (usd === null ? "none" : usdWords(usd));

function factsOf(budget: BudgetView, anomalies: string): [string, string][] {
  const { budget_action: action, budget_enabled: isOn } = budget;
  return [
    ["Budget", isOn ? "on" : "off"],
    ["Limit of an instance", shown(budget.budget_limit_usd)],
    ["Told from", shown(budget.budget_alert_threshold_usd)],
    ["Limit of a day", shown(budget.budget_daily_limit_usd)],
    ["Above a limit", `${ACTION_WORDS[action].label}: ${ACTION_WORDS[action].text}`],
    ["Unusual costs", anomalies],
  ];
}

/** What instances of a workflow may cost: a form for who may change it, else facts. */
export function BudgetSection({ place, costs: { budget, summary } }: { place: Place; costs: CostTab }) {
  const anomalies = anomalyWords(summary);
  return (
    <Section title="Budget" description="A limit stops at the next step; what was spent by then is spent">
      {place.canWrite ? (
        <BudgetEditor projectId={place.projectId} workflowId={place.id} budget={budget} anomalies={anomalies} />
      ) : (
        <Paper p="md">
          <FactList facts={factsOf(budget, anomalies)} />
        </Paper>
      )}
    </Section>
  );
}
