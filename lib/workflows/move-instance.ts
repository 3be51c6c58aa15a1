import { type Caller, requireScope } from "@/lib/auth/caller";
import { notFound } from "@/lib/core/errors";
import { type Db, pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { definitionOf, type LoadedInstance } from "./loaded";
import { requireInstance } from "./read/own";
import { type InstanceEvent, type Transition, transition } from "./state";
import { lockWorkflows, workflowKey } from "./store/rows";
import { saveWork } from "./store/save";
import { replace, startWork, type Work } from "./work";

/** What somebody does to an instance: the event, and what becomes of it besides. `after` may throw what it is refused by. */
export type Move = {
  event: InstanceEvent;
  after: (
    moved: Transition,
    of: { work: Work; before: LoadedInstance; now: number; tx: Db },
  ) => Promise<LoadedInstance>;
};

/**
 * Moves one instance as somebody asks who may write: its workflow locked, the machine run, and all stored in one transaction.
 * Throws `not_found` and `forbidden`, and what `after` throws.
 */
export async function moveInstance(caller: Caller, id: string, { event, after }: Move): Promise<void> {
  requireScope(caller, "write");
  const workflowId = await requireInstance(caller, id, pool());
  await transaction(async (tx) => {
    const wanted = { projectId: caller.projectId, id: workflowId, open: 0, lackingFirst: 0, named: [id] };
    const { workflows, now } = await lockWorkflows(tx, [wanted]);
    const workflow = workflows.get(workflowKey(caller.projectId, workflowId));
    const before = workflow?.instances.find((one) => one.id === id);
    if (workflow === undefined || before === undefined) throw notFound("instance");
    const moved = transition(before, event, { definition: definitionOf(workflow, before.version), now });
    const work = startWork(workflow);
    replace(work, before, await after(moved, { work, before, now, tx }));
    await saveWork(tx, [work]);
  });
}
