import { Group, Paper, Text } from "@mantine/core";
import { EmptyState } from "@/components/layout/empty-state";
import { Section } from "@/components/layout/section";
import { UrlSegments } from "@/components/layout/url-segments";
import { barsOf, partsOf } from "@/lib/costs/overview/chart";
import { COST_GROUPINGS, type CostOverview } from "@/lib/costs/overview/schema";
import { GROUPING_WORDS, periodWords, unpricedWords } from "@/lib/costs/overview/words";
import { CostDayTable } from "./cost-day-table";
import { CostGroups } from "./cost-groups";
import { LazyCostChart } from "./lazy-cost-chart";

const PERIODS = [
  { value: "7", label: "7 days" },
  { value: "", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "366", label: "A year" },
];

// The first is what is shown when nothing is chosen.
const GROUPINGS = COST_GROUPINGS.map((by, place) => ({ value: place === 0 ? "" : by, label: GROUPING_WORDS[by] }));

const NOTHING = {
  title: "Nothing was spent in these days",
  text: "No step told a cost, a model or tokens. Choose a longer period, or look at how costs are told in the documentation.",
};
const NO_TAGS = {
  title: "No step told a tag in these days",
  text: 'A step says what it was for with a list of texts, such as "tags": ["acme"]. What it costs counts under each.',
};

type Props = { projectId: string; overview: CostOverview };

/** What a period cost: by day as a chart and as a table, and by whatever is chosen. */
export function SpendingSection({ projectId, overview }: Props) {
  const { by, groups, days } = overview;
  const parts = partsOf(groups, days);
  const bars = barsOf(parts, days);
  const unpriced = unpricedWords(overview.unpriced_steps);
  const isTagless = by === "tag" && overview.total_cost_usd > 0;
  return (
    <Section
      title="Spending"
      description={periodWords(overview)}
      action={
        <Group gap="sm">
          <UrlSegments name="days" label="Period" options={PERIODS} />
          <UrlSegments name="by" label="Told apart by" options={GROUPINGS} />
        </Group>
      }
    >
      {groups.length === 0 ? (
        <EmptyState {...(isTagless ? NO_TAGS : NOTHING)} />
      ) : (
        <>
          <Paper p="md" style={{ minWidth: 0 }}>
            <LazyCostChart parts={parts} bars={bars} />
            <CostDayTable parts={parts} bars={bars} />
          </Paper>
          <CostGroups key={by} projectId={projectId} by={by} groups={groups} />
        </>
      )}
      {overview.sums_overlap && groups.length > 0 && (
        <Text size="sm" c="dimmed">
          A step with several tags counts under each, and one without any under none.
        </Text>
      )}
      {unpriced !== null && <Text size="sm">{unpriced}</Text>}
    </Section>
  );
}
