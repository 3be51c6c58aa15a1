import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { CostFigures } from "@/components/costs/cost-figures";
import { ExportLink } from "@/components/costs/export-link";
import { NoCosts } from "@/components/costs/no-costs";
import { PricesSection } from "@/components/costs/prices-section";
import { SpendingSection } from "@/components/costs/spending-section";
import { PageHeader } from "@/components/layout/page-header";
import { asPage, requireMember } from "@/lib/auth/page";
import { readSearch } from "@/lib/core/search-query";
import { getCostOverview } from "@/lib/costs/overview/queries";
import { OverviewQuery } from "@/lib/costs/overview/schema";
import { hasAnyCosts } from "@/lib/costs/overview/shape";
import { getPriceOverview } from "@/lib/costs/price-queries";
import { costCommand, KEY } from "@/lib/workflows/detail/snippets";
import { getFirstSignal } from "@/lib/workflows/list/first-signal";

export const metadata: Metadata = { title: "Costs" };

export default async function CostsPage({ params, searchParams }: PageProps<"/projects/[project]/costs">) {
  const { project } = await params;
  const caller = await requireMember(project);
  const query = await readSearch(OverviewQuery, searchParams);
  const [overview, prices] = await Promise.all([getCostOverview(caller, query), getPriceOverview(caller)]).catch(
    asPage,
  );
  const isEmpty = !hasAnyCosts(overview);
  const { url, pingKey } = await getFirstSignal(caller, isEmpty).catch(asPage);
  return (
    <Stack gap="xl">
      <PageHeader title="Costs" action={isEmpty ? undefined : <ExportLink projectId={project} {...query} />} />
      {isEmpty ? (
        <NoCosts command={costCommand(`${url}/my_agents`, pingKey ?? KEY)} />
      ) : (
        <>
          <CostFigures overview={overview} />
          <SpendingSection projectId={project} overview={overview} />
        </>
      )}
      <PricesSection project={project} canWrite={caller.scopes.has("write")} overview={prices} />
    </Stack>
  );
}
