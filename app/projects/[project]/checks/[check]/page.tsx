import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { cache } from "react";
import { CheckHead } from "@/components/checks/detail/check-head";
import { DurationSection } from "@/components/checks/detail/duration-section";
import { ElsewhereSection } from "@/components/checks/detail/elsewhere-section";
import { EventLog } from "@/components/checks/detail/event-log";
import { LogFilter } from "@/components/checks/detail/log-filter";
import { RulesSection } from "@/components/checks/detail/rules-section";
import { SnippetTabs } from "@/components/checks/detail/snippet-tabs";
import { UptimeSection } from "@/components/checks/detail/uptime-section";
import { MetricsSection } from "@/components/checks/metrics/metrics-section";
import { Section } from "@/components/layout/section";
import { WaitingPanel } from "@/components/status/waiting-panel";
import { asPage, requireMember } from "@/lib/auth/page";
import { addressesOf } from "@/lib/checks/detail/addresses";
import { getHistory, listDurations, listLog } from "@/lib/checks/detail/detail-queries";
import { namedElsewhere } from "@/lib/checks/detail/elsewhere";
import { kindsIn } from "@/lib/checks/detail/log";
import { metricCommand, snippetsFor } from "@/lib/checks/detail/snippets";
import { pingUrl } from "@/lib/checks/dto";
import { HistorySearch, rangeOf } from "@/lib/checks/history/schema";
import { toSummary } from "@/lib/checks/list/summary";
import { getMetricCharts } from "@/lib/checks/metrics/metric-queries";
import { getCheck } from "@/lib/checks/queries";

type Props = PageProps<"/projects/[project]/checks/[check]">;

/** Asked once for the title and the page. */
const loadCheck = cache(async (project: string, check: string) =>
  getCheck(await requireMember(project), check).catch(asPage),
);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { project, check } = await params;
  return { title: toSummary(await loadCheck(project, check)).name };
}

const text = (value: string | string[] | undefined): string => (typeof value === "string" ? value : "");

/** How far back the metrics are looked at; what the address says wrongly counts as nothing. */
const periodOf = (value: unknown) => HistorySearch.shape.range.safeParse(value).data ?? "month";

export default async function CheckPage({ params, searchParams }: Props) {
  const { project, check: name } = await params;
  const search = await searchParams;
  const caller = await requireMember(project);
  const view = await loadCheck(project, name);
  const kinds = kindsIn(text(search["kinds"]));
  const cursor = text(search["cursor"]) || null;
  const downtime = text(search["downtime"]) || undefined;
  const snippet = text(search["snippet"]);
  const period = periodOf(search["metrics"]);
  const metrics = text(search["metrics"]) || undefined;
  const canWrite = caller.scopes.has("write");
  const [log, runs, history, numbers, named] = await Promise.all([
    listLog(caller, { checkId: view.id, kinds, cursor: cursor ?? undefined }),
    listDurations(caller, view.id),
    getHistory(caller, view.id),
    getMetricCharts(caller, { checkId: view.id, range: rangeOf({ range: period }, view.seenAt) }),
    canWrite ? namedElsewhere(caller, view) : null,
  ]).catch(asPage);
  const snippets = snippetsFor({ url: pingUrl(view.id), schedule: view.state.schedule });
  return (
    <Stack gap="xl">
      <CheckHead
        check={toSummary(view)}
        projectId={project}
        description={view.fields.description}
        canWrite={canWrite}
      />
      <WaitingPanel command={snippets[0]?.text ?? ""} hasSignal={view.nPings > 0} />
      <UptimeSection
        history={history}
        place={{
          path: `/projects/${project}/checks/${name}`,
          search: { kinds: kinds.join(","), cursor: cursor ?? undefined, snippet, metrics },
          cursor: downtime,
        }}
      />
      <DurationSection runs={runs} />
      <MetricsSection
        found={numbers}
        period={period}
        command={metricCommand(pingUrl(view.id), numbers.charts[0]?.name ?? "rows")}
      />
      <Section title="Events" action={<LogFilter />}>
        <EventLog
          projectId={project}
          checkId={view.id}
          entries={log.items}
          kinds={kinds}
          search={{ downtime, snippet, metrics }}
          cursor={cursor}
          nextCursor={log.nextCursor}
        />
      </Section>
      <RulesSection fields={view.fields} />
      <Section title="Report from anywhere" description="With the address of this check">
        <SnippetTabs snippets={snippets} />
      </Section>
      {named !== null && <ElsewhereSection addresses={addressesOf(named)} />}
    </Stack>
  );
}
