import type { Metadata } from "next";
import { cache } from "react";
import { InstanceBoard } from "@/components/workflows/instance/instance-board";
import { listInstanceApprovals } from "@/lib/approvals/queries";
import { asPage, requireMember } from "@/lib/auth/page";
import { readSearch } from "@/lib/core/search-query";
import { getCostLine } from "@/lib/costs/tab/cost-line";
import { getInstanceCosts, limitLine } from "@/lib/costs/tab/instance-costs";
import { getFamily } from "@/lib/replay/family-queries";
import { getStep } from "@/lib/workflows/instance/instance-queries";
import { InstanceSearch } from "@/lib/workflows/instance/schema";
import { getInstanceView } from "@/lib/workflows/instance/view-queries";

type Props = PageProps<"/projects/[project]/instances/[instance]">;

/** Asked once for the title and the page. */
const loadInstance = cache(async (project: string, instance: string) =>
  getInstanceView(await requireMember(project), instance).catch(asPage),
);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { project, instance } = await params;
  const { workflow, seq } = await loadInstance(project, instance);
  return { title: `${workflow.name} #${seq}` };
}

export default async function InstancePage({ params, searchParams }: Props) {
  const { project, instance: id } = await params;
  const { step } = await readSearch(InstanceSearch, searchParams);
  const caller = await requireMember(project);
  const view = await loadInstance(project, id);
  const isThere = step !== undefined && step < view.instance.total_steps;
  const [selected, approvals, family, costs, line] = await Promise.all([
    isThere ? getStep(caller, { id, step }).catch(() => null) : null,
    listInstanceApprovals(caller, id),
    getFamily(caller, view).catch(asPage),
    getInstanceCosts(caller, id).catch(asPage),
    getCostLine(caller, id).catch(asPage),
  ]);
  return (
    <InstanceBoard
      // What is forked is another page.
      key={id}
      projectId={project}
      view={view}
      selected={selected}
      approvals={approvals}
      family={family}
      costs={costs}
      line={{ ...line, limitUsd: limitLine(costs) }}
      canWrite={caller.scopes.has("write")}
    />
  );
}
