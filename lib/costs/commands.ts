import { resolveAlert } from "@/lib/alerts/commands";
import { audit } from "@/lib/auth/audit";
import { type Caller, requireScope } from "@/lib/auth/caller";
import { AppError, notFound } from "@/lib/core/errors";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { moveInstance } from "@/lib/workflows/move-instance";
import { requireWorkflow } from "@/lib/workflows/read/own";
import { lift } from "./breaker-state";
import { changeBudget, showBudget } from "./budget";
import { getCostAlert } from "./queries";
import { readBudget } from "./read-budget";
import type { BudgetView, UpdateBudget } from "./schema";
import type { CostAlert } from "./view-schema";

/**
 * Changes what instances of a workflow may cost: what is named, the rest stays. Those that run are measured by it at their
 * next step. Throws `invalid_input`, `not_found` and `forbidden`.
 */
export async function updateBudget(caller: Caller, workflowId: string, change: UpdateBudget): Promise<BudgetView> {
  requireScope(caller, "write");
  await requireWorkflow(caller, workflowId, pool());
  return transaction(async (tx) => {
    const { rows } = await tx.query<{ budget: unknown }>(
      "SELECT budget FROM workflows WHERE project_id = $1 AND id = $2 FOR NO KEY UPDATE",
      [caller.projectId, workflowId],
    );
    const [found] = rows;
    if (found === undefined) throw notFound("workflow");
    const budget = changeBudget(readBudget(found.budget), change);
    await tx.query("UPDATE workflows SET budget = $3, updated_at = now() WHERE project_id = $1 AND id = $2", [
      caller.projectId,
      workflowId,
      JSON.stringify(budget),
    ]);
    await audit(tx, caller, { action: "workflow.budget", subjectId: workflowId });
    return showBudget(budget);
  });
}

/** What is answered to whoever lets an instance go on (reference document `pingpulse-api`, COST). */
export type Resumed = { message: string; instance_id: string; status: "running" };

/**
 * Lets an instance go on that a limit of its costs has paused. That limit is lifted for it until the budget is changed. Its
 * time goes on where it stood. Throws `not_paused`, `not_found` and `forbidden`.
 */
export async function resumeInstance(caller: Caller, id: string): Promise<Resumed> {
  await moveInstance(caller, id, {
    event: { type: "resume" },
    after: async ({ next, refusal }, { work, before, tx }) => {
      if (refusal !== null) throw new AppError("not_paused", "The instance is not paused by a limit of its costs.");
      await audit(tx, caller, { action: "instance.resume", subjectId: id });
      return { ...before, ...next, breakers: lift(before.breakers, work.workflow.budget.version) };
    },
  });
  return { message: "Instance resumed", instance_id: id, status: "running" };
}

/** Notes that an alert about costs is over; asking again changes nothing. Throws `not_found` for one about something else. */
export async function resolveCostAlert(caller: Caller, id: number): Promise<CostAlert> {
  requireScope(caller, "write");
  await getCostAlert(caller, id);
  await resolveAlert(caller, id);
  return getCostAlert(caller, id);
}
