import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { cache, type ReactNode } from "react";
import { WaitingPanel } from "@/components/status/waiting-panel";
import { CostsTab } from "@/components/workflows/detail/costs/costs-tab";
import { DefinitionTab } from "@/components/workflows/detail/definition-tab";
import { HandoffsTab } from "@/components/workflows/detail/handoffs-tab";
import { InstancesTab } from "@/components/workflows/detail/instances-tab";
import { RejectedTab } from "@/components/workflows/detail/rejected-tab";
import { SettingsTab } from "@/components/workflows/detail/settings-tab";
import { WorkflowHead } from "@/components/workflows/detail/workflow-head";
import { WorkflowTabs } from "@/components/workflows/detail/workflow-tabs";
import type { Caller } from "@/lib/auth/caller";
import { asPage, requireMember } from "@/lib/auth/page";
import { listChannelNames } from "@/lib/checks/queries";
import { listFrom, readSearch } from "@/lib/core/search-query";
import { listCostAlertLines } from "@/lib/costs/tab/alert-rows";
import { listPausedInstances } from "@/lib/costs/tab/paused";
import { getCostTab } from "@/lib/costs/tab/tab-queries";
import { instanceQuery, TABS, type Tab, WorkflowSearch } from "@/lib/workflows/detail/search";
import { KEY, stageCommand } from "@/lib/workflows/detail/snippets";
import { getWorkflowPage } from "@/lib/workflows/detail/workflow-page";
import { getFirstSignal } from "@/lib/workflows/list/first-signal";
import { getTree, listHandoffs, listInstanceRows, listRejected } from "@/lib/workflows/queries";
import type { Workflow } from "@/lib/workflows/schema";

type Props = PageProps<"/projects/[project]/workflows/[workflow]">;

/** Asked once for the title and the page. */
const load = cache(async (project: string, workflow: string) =>
  getWorkflowPage(await requireMember(project), workflow).catch(asPage),
);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { project, workflow } = await params;
  return { title: (await load(project, workflow)).workflow.name };
}

type Place = { caller: Caller; workflow: Workflow; search: WorkflowSearch; path: string };

const PARTS: Record<Tab, (place: Place) => Promise<ReactNode>> = {
  instances: async ({ caller, workflow: { id }, search, path }) => {
    const list = (query: ReturnType<typeof instanceQuery>) => listInstanceRows(caller, id, query);
    const page = await listFrom(list, instanceQuery(search));
    return <InstancesTab projectId={caller.projectId} path={path} search={search} page={page} />;
  },
  costs: async ({ caller, workflow: { id }, search, path }) => {
    const { cursor, alerts } = search;
    const list = (query: { limit: number; isAll: boolean; cursor?: string | undefined }) =>
      listCostAlertLines(caller, id, query);
    const [costs, page, paused] = await Promise.all([
      getCostTab(caller, id, { days: Number(search.days) }),
      listFrom(list, { limit: 10, cursor, isAll: alerts === "all" }),
      listPausedInstances(caller, id),
    ]);
    const place = { projectId: caller.projectId, id, path, canWrite: caller.scopes.has("write") };
    return <CostsTab {...{ place, costs, page, paused, search }} />;
  },
  definition: async ({ caller, workflow, path }) => {
    const learned = workflow.kind === "static" ? {} : await getTree(caller, workflow.id);
    const settings = caller.scopes.has("write") ? `${path}?tab=settings` : null;
    return <DefinitionTab workflow={workflow} learned={learned} settings={settings} />;
  },
  handoffs: async ({ caller, workflow: { id }, search }) => (
    <HandoffsTab pairs={await listHandoffs(caller, id, { days: Number(search.days) })} />
  ),
  rejected: async ({ caller, workflow: { id }, search: { cursor }, path }) => {
    const list = (query: { limit: number; cursor?: string | undefined }) => listRejected(caller, id, query);
    const page = await listFrom(list, { limit: 25, cursor });
    return <RejectedTab projectId={caller.projectId} path={path} page={page} cursor={cursor} />;
  },
  settings: async ({ caller, workflow }) => (
    <SettingsTab projectId={caller.projectId} workflow={workflow} channels={await listChannelNames(caller)} />
  ),
};

const WORDS = {
  before: "Run this anywhere, or let the pipeline do so. This page notices by itself.",
  after: "The first instance has begun. It is listed below.",
};

export default async function WorkflowPage({ params, searchParams }: Props) {
  const { project, workflow: id } = await params;
  const asked = await readSearch(WorkflowSearch, searchParams);
  const caller = await requireMember(project);
  const { workflow, standing } = await load(project, id);
  const tabs: readonly Tab[] = caller.scopes.has("write") ? TABS : TABS.filter((tab) => tab !== "settings");
  const search = tabs.includes(asked.tab) ? asked : { ...asked, tab: "instances" as const };
  const path = `/projects/${project}/workflows/${workflow.id}`;
  const [part, { pingKey }] = await Promise.all([
    PARTS[search.tab]({ caller, workflow, search, path }),
    getFirstSignal(caller, workflow.last_instance === null),
  ]).catch(asPage);
  const query = workflow.kind === "static" ? "stage=1" : "stagePath=1&start=yes";
  return (
    <Stack gap="xl">
      <WorkflowHead projectId={project} workflow={workflow} standing={standing} />
      <WaitingPanel
        command={stageCommand(workflow.url, query, pingKey ?? KEY)}
        hasSignal={workflow.last_instance !== null}
        words={WORDS}
      />
      <WorkflowTabs path={path} tab={search.tab} tabs={tabs} />
      {part}
    </Stack>
  );
}
