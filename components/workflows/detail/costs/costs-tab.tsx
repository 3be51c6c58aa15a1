import { Stack } from "@mantine/core";
import type { Page } from "@/lib/core/cursor";
import type { CostAlertLine } from "@/lib/costs/tab/alert-rows";
import type { PausedInstance } from "@/lib/costs/tab/paused";
import type { CostTab } from "@/lib/costs/tab/tab-queries";
import type { WorkflowSearch } from "@/lib/workflows/detail/search";
import { BudgetSection } from "./budget-section";
import { CostAlerts } from "./cost-alerts";
import { CostDays } from "./cost-days";
import { CostFigures } from "./cost-figures";
import { PausedInstances } from "./paused-instances";
import type { Place } from "./place";

type Props = {
  place: Place;
  costs: CostTab;
  page: Page<CostAlertLine>;
  paused: PausedInstance[];
  search: WorkflowSearch;
};

/** Those that no alert here is about: beside it is what lets the others go on. */
function withoutAlert(paused: PausedInstance[], { items }: Page<CostAlertLine>): PausedInstance[] {
  const told = new Set(items.map(({ instance }) => instance?.id));
  return paused.filter(({ id }) => !told.has(id));
}

/** What a workflow costs, what it may cost, and what was told of it. */
export function CostsTab({ place, costs, page, paused, search }: Props) {
  return (
    <Stack gap="xl">
      <CostFigures projectId={place.projectId} costs={costs} />
      <CostAlerts place={place} page={page} search={search} />
      <PausedInstances place={place} paused={withoutAlert(paused, page)} />
      <BudgetSection place={place} costs={costs} />
      <CostDays costs={costs} />
    </Stack>
  );
}
