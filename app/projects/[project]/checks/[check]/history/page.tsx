import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { LogFilter } from "@/components/checks/detail/log-filter";
import { ExportLinks } from "@/components/checks/history/export-links";
import { NoSignals } from "@/components/checks/history/no-signals";
import { RangePicker } from "@/components/checks/history/range-picker";
import { SignalTable } from "@/components/checks/history/signal-table";
import { TimingSection } from "@/components/checks/history/timing-section";
import { ListPager } from "@/components/layout/list-pager";
import { PageHeader } from "@/components/layout/page-header";
import { Section } from "@/components/layout/section";
import { FactRow } from "@/components/status/fact-row";
import { asPage, requireMember } from "@/lib/auth/page";
import { percentWords } from "@/lib/checks/detail/uptime";
import { HISTORY_KINDS } from "@/lib/checks/history/choices";
import { getCheckHistory } from "@/lib/checks/history/history-queries";
import { HistorySearch, rangeOf, searchParts } from "@/lib/checks/history/schema";
import { toSummary } from "@/lib/checks/list/summary";
import { getCheck } from "@/lib/checks/queries";
import { readSearch } from "@/lib/core/search-query";

export const metadata: Metadata = { title: "History" };

type Props = PageProps<"/projects/[project]/checks/[check]/history">;

export default async function HistoryPage({ params, searchParams }: Props) {
  const { project, check: name } = await params;
  const search = await readSearch(HistorySearch, searchParams);
  const caller = await requireMember(project);
  const check = toSummary(await getCheck(caller, name).catch(asPage));
  const range = rangeOf(search, Date.now());
  const { kinds, cursor } = search;
  const { page, timing, ...found } = await getCheckHistory(caller, { checkId: check.id, range, kinds, cursor }).catch(
    asPage,
  );
  const home = `/projects/${project}/checks`;
  const path = `${home}/${name}/history`;
  return (
    <Stack gap="xl">
      <Stack gap="md">
        <PageHeader
          title="History"
          crumbs={[
            { label: "Checks", href: home },
            { label: check.name, href: `${home}/${name}` },
          ]}
          action={<ExportLinks projectId={project} checkId={check.id} range={range} kinds={kinds} />}
        />
        <RangePicker range={search.range} from={search.from} to={search.to} />
      </Stack>
      <FactRow
        facts={[
          ["Uptime", percentWords(found.uptime)],
          ["Signals", found.signals.toLocaleString("en")],
          ["Missed", found.missed.toLocaleString("en")],
        ]}
      />
      <TimingSection {...timing} signals={found.signals} />
      <Section title="Signals" action={<LogFilter kinds={HISTORY_KINDS} />}>
        {page.items.length === 0 ? (
          <NoSignals hasMore={page.nextCursor !== null} all={`${path}?range=all`} />
        ) : (
          <SignalTable projectId={project} checkId={check.id} entries={page.items} />
        )}
        <ListPager
          path={path}
          search={{ ...searchParts(search), kinds: kinds.join(",") }}
          cursor={cursor}
          nextCursor={page.nextCursor}
        />
      </Section>
    </Stack>
  );
}
