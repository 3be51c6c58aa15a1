import { Stack } from "@mantine/core";
import type { Page } from "@/lib/core/cursor";
import type { CostAlertLine } from "@/lib/costs/tab/alert-rows";
import type { CostTab } from "@/lib/costs/tab/tab-queries";
import type { WorkflowSearch } from "@/lib/workflows/detail/search";
import { BudgetSection } from "./budget-section";
import { CostAlerts } from "./cost-alerts";
import { CostDays } from "./cost-days";
import { CostFigures } from "./cost-figures";
import type { Place } from "./place";

type Props = { place: Place; costs: CostTab; page: Page<CostAlertLine>; search: WorkflowSearch };

/** What a workflow costs, what it may cost, and what was told of it. */
export function CostsTab({ place, costs, page, search }: Props) {
  return (
    <Stack gap="xl">
      <CostFigures projectId={place.projectId} costs={costs} />
      <CostAlerts place={place} page={page} search={search} />
      <BudgetSection place={place} costs={costs} />
      <CostDays costs={costs} />
    </Stack>
  );
}
