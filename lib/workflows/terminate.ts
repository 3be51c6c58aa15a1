import { audit } from "@/lib/auth/audit";
import { type Caller, callerName, requireScope } from "@/lib/auth/caller";
import { AppError, notFound } from "@/lib/core/errors";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { refusalKeys } from "./alert";
import { definitionOf } from "./loaded";
import { getInstance } from "./queries";
import { requireInstance } from "./read/own";
import type { InstanceDetail } from "./schema";
import { transition } from "./state";
import { lockWorkflows, workflowKey } from "./store/rows";
import { saveWork } from "./store/save";
import { replace, startWork } from "./work";

/**
 * Ends an instance that runs or is paused: its next signal is told to stop, and it takes none any more. Throws
 * `instance_completed`, `instance_failed` or `instance_terminated` for one that is over, `not_found` and `forbidden`.
 */
export async function terminateInstance(caller: Caller, id: string, reason: string | null): Promise<InstanceDetail> {
  requireScope(caller, "write");
  const workflowId = await requireInstance(caller, id, pool());
  await transaction(async (tx) => {
    const wanted = { projectId: caller.projectId, id: workflowId, open: 0, lackingFirst: 0, named: [id] };
    const { workflows, now } = await lockWorkflows(tx, [wanted]);
    const workflow = workflows.get(workflowKey(caller.projectId, workflowId));
    const before = workflow?.instances.find((one) => one.id === id);
    if (workflow === undefined || before === undefined) throw notFound("instance");
    const words = `Terminated by ${callerName(caller)}${reason === null ? "" : `: ${reason}`}`;
    const definition = definitionOf(workflow, before.version);
    const { next, refusal } = transition(before, { type: "terminate", reason: words }, { definition, now });
    if (refusal !== null) throw new AppError(refusal.code, "The instance is over.");
    const work = startWork(workflow);
    replace(work, before, { ...before, ...next });
    // What was told of stages that it refused is over with it.
    work.settled.push(...refusalKeys(workflow, id).map((key) => ({ key, at: now })));
    await audit(tx, caller, { action: "instance.terminate", subjectId: id });
    await saveWork(tx, [work]);
  });
  return getInstance(caller, id);
}
