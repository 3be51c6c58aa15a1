import type { Caller } from "@/lib/auth/caller";
import { type Db, pool } from "@/lib/db/pool";
import { stageCommand } from "@/lib/workflows/detail/snippets";
import { getInstanceView, type InstanceView } from "@/lib/workflows/instance/view-queries";
import { stageUrl } from "@/lib/workflows/read/workflow-rows";
import { loadAmounts } from "./amount-queries";
import type { AmountColumns } from "./amounts";

/** What the replay page of an instance begins with: its first steps and what they cost, whatever their number. */
export type ReplayView = InstanceView & {
  amounts: AmountColumns;
  /** What reports its first stage from a shell. */
  command: string;
};

function commandFor({ definition: { kind }, workflow, instance }: InstanceView): string {
  const stage = kind === "static" ? "stage" : "stagePath";
  return stageCommand(stageUrl(kind, workflow.id), `${stage}=1&instance_id=${instance.id}`);
}

/** One instance of the caller's project as its replay begins. Throws `not_found` and `forbidden`. */
export async function getReplayView(caller: Caller, id: string, db: Db = pool()): Promise<ReplayView> {
  const view = await getInstanceView(caller, id, db);
  const place = { projectId: caller.projectId, id };
  const amounts = await loadAmounts(db, place, { first: 0, limit: view.steps.path.length });
  return { ...view, amounts, command: commandFor(view) };
}
