import type { Metadata } from "next";
import { cache } from "react";
import { ReplayBoard } from "@/components/replay/replay-board";
import { asPage, requireMember } from "@/lib/auth/page";
import { readSearch } from "@/lib/core/search-query";
import { getInstanceCosts, limitLine } from "@/lib/costs/tab/instance-costs";
import { stepToShow } from "@/lib/replay/page/play";
import { getReplayView } from "@/lib/replay/page/replay-queries";
import { ReplaySearch } from "@/lib/replay/page/search";
import { getStep } from "@/lib/workflows/instance/instance-queries";
import { isOver } from "@/lib/workflows/instance/schema";

type Props = PageProps<"/projects/[project]/instances/[instance]/replay">;

/** Asked once for the title and the page. */
const loadReplay = cache(async (project: string, instance: string) =>
  getReplayView(await requireMember(project), instance).catch(asPage),
);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { project, instance } = await params;
  const { workflow, seq } = await loadReplay(project, instance);
  return { title: `Replay of ${workflow.name} #${seq}` };
}

export default async function ReplayPage({ params, searchParams }: Props) {
  const { project, instance: id } = await params;
  const asked = await readSearch(ReplaySearch, searchParams);
  const caller = await requireMember(project);
  const view = await loadReplay(project, id);
  const { total_steps: count, status } = view.instance;
  const step = stepToShow(asked.step, count, !isOver(status));
  const wanted = [step - 1, step].filter((one) => one >= 0 && one < count);
  const [costs, found] = await Promise.all([
    getInstanceCosts(caller, id).catch(asPage),
    Promise.all(wanted.map((one) => getStep(caller, { id, step: one }).catch(() => null))),
  ]);
  return (
    <ReplayBoard
      projectId={project}
      view={view}
      asked={asked}
      details={found.filter((one) => one !== null)}
      budgetUsd={limitLine(costs)}
      paused={costs.paused}
      canWrite={caller.scopes.has("write")}
    />
  );
}
