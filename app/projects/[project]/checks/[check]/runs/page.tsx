import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { RangePicker } from "@/components/checks/history/range-picker";
import { RunFilter } from "@/components/checks/runs/run-filter";
import { RunTable } from "@/components/checks/runs/run-table";
import { EmptyState } from "@/components/layout/empty-state";
import { ListPager } from "@/components/layout/list-pager";
import { PageHeader } from "@/components/layout/page-header";
import { Section } from "@/components/layout/section";
import { TextLink } from "@/components/layout/text-link";
import { FactRow } from "@/components/status/fact-row";
import { asPage, requireMember } from "@/lib/auth/page";
import { percentWords } from "@/lib/checks/detail/uptime";
import { RunSearch, rangeOf, searchParts } from "@/lib/checks/history/schema";
import { toSummary } from "@/lib/checks/list/summary";
import { getCheck } from "@/lib/checks/queries";
import { successRate } from "@/lib/checks/runs/rate";
import { countRuns, listRuns } from "@/lib/checks/runs/run-queries";
import { readSearch } from "@/lib/core/search-query";

export const metadata: Metadata = { title: "Runs" };

type Props = PageProps<"/projects/[project]/checks/[check]/runs">;

const NOTHING = "A run is when the start of a job is reported too: add /start to the address.";

export default async function RunsPage({ params, searchParams }: Props) {
  const { project, check: name } = await params;
  const search = await readSearch(RunSearch, searchParams);
  const caller = await requireMember(project);
  const check = toSummary(await getCheck(caller, name).catch(asPage));
  const { status, cursor } = search;
  const query = { checkId: check.id, range: rangeOf(search, Date.now()), status, cursor };
  const [page, counts] = await Promise.all([listRuns(caller, query), countRuns(caller, query)]).catch(asPage);
  const home = `/projects/${project}/checks`;
  const path = `${home}/${name}/runs`;
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <Stack gap="xl">
      <Stack gap="md">
        <PageHeader
          title="Runs"
          crumbs={[
            { label: "Checks", href: home },
            { label: check.name, href: `${home}/${name}` },
          ]}
        />
        <RangePicker range={search.range} from={search.from} to={search.to} />
      </Stack>
      <FactRow
        facts={[
          ["Success rate", percentWords(successRate(counts))],
          ["Runs", all.toLocaleString("en")],
          ["Failed or timed out", ((counts.failed ?? 0) + (counts.timed_out ?? 0)).toLocaleString("en")],
        ]}
      />
      <Section title="Runs" description="With what differs from the metadata of the run before" action={<RunFilter />}>
        {page.items.length === 0 ? (
          <EmptyState
            title="No runs here"
            text={all === 0 ? NOTHING : "There are no runs of this status in this range."}
          >
            <TextLink href={`${path}?range=all`}>Show all runs</TextLink>
          </EmptyState>
        ) : (
          <RunTable runs={page.items} />
        )}
        <ListPager
          path={path}
          search={{ ...searchParts(search), status }}
          cursor={cursor}
          nextCursor={page.nextCursor}
        />
      </Section>
    </Stack>
  );
}
