import { approversOf } from "@/lib/approvals/store/people";
import type { Db } from "@/lib/db/pool";
import type { LoadedWorkflow } from "@/lib/workflows/loaded";

/** Adds to locked workflows whose limits ask for higher ones who is asked. */
export async function placeApprovers(tx: Db, workflows: Iterable<LoadedWorkflow>): Promise<void> {
  const asking = [...workflows].filter(({ budget }) => budget.enabled && budget.action === "ask");
  if (asking.length === 0) return;
  const people = await approversOf(tx, [...new Set(asking.map(({ projectId }) => projectId))]);
  for (const workflow of asking) workflow.approvers = people.get(workflow.projectId) ?? [];
}
