import { Stack, Text } from "@mantine/core";
import { Section } from "@/components/layout/section";
import { TextLink } from "@/components/layout/text-link";
import { FactRow } from "@/components/status/fact-row";
import { aboutUsd } from "@/lib/costs/tab/about-usd";
import type { CostTab } from "@/lib/costs/tab/tab-queries";

const MONTHS = new Intl.DateTimeFormat("en", { month: "long", timeZone: "UTC" });

/** What a workflow has cost, and where that leads. */
export function CostFigures({ projectId, costs: { summary, weekUsd, forecastUsd, today } }: Props) {
  const { most_expensive_instance: top, instance_count: count, unpriced_steps: unpriced } = summary;
  const instances = `${count.toLocaleString("en")} ${count === 1 ? "instance" : "instances"}`;
  const month = MONTHS.format(Date.parse(today));
  return (
    <Section
      title="Costs"
      description="By the calendar of the project; what was copied into forks is not counted again"
    >
      <Stack gap="xs">
        <FactRow
          facts={[
            ["Today", aboutUsd(summary.today_cost_usd)],
            ["7 days", aboutUsd(weekUsd), "with today"],
            ["30 days", aboutUsd(summary.total_cost_usd), instances],
            ["An instance", aboutUsd(summary.average_cost_per_instance_usd), "on average in 30 days"],
            [
              "Dearest instance",
              top === null ? "–" : aboutUsd(top.cost_usd),
              top === null ? (
                "none in 30 days"
              ) : (
                <TextLink key="top" size="xs" href={`/projects/${projectId}/instances/${top.id}`}>
                  Open it
                </TextLink>
              ),
            ],
            [
              `All of ${month}`,
              forecastUsd === null ? "–" : aboutUsd(forecastUsd),
              forecastUsd === null ? "forecast after 3 days with costs" : "if it goes on like this",
            ],
          ]}
        />
        {unpriced > 0 && (
          <Text size="sm" c="dimmed">
            {unpriced.toLocaleString("en")} {unpriced === 1 ? "step is" : "steps are"} of a model whose price is not
            known, or {unpriced === 1 ? "names" : "name"} none, and not in these sums.
          </Text>
        )}
      </Stack>
    </Section>
  );
}

type Props = { projectId: string; costs: CostTab };
