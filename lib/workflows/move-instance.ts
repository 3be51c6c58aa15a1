import type { Place } from "@/lib/approvals/store/rows";
import type { Actor } from "@/lib/approvals/store/save";
import { letTimeDecide, withdrawLimits } from "@/lib/approvals/withdraw";
import { type Caller, callerName, holderOf, requireScope } from "@/lib/auth/caller";
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

export function actorOf(caller: Caller): Actor {
  const via = caller.kind === "session" ? "page" : "api";
  return { actor: holderOf(caller), name: callerName(caller), via, mark: {} };
}

type Moving = { caller: Caller; workflowId: string; id: string };

/**
 * Moves it in one transaction, and takes back what was asked about its limits when it waits no more. Gives what time has
 * decided about them and is not noted yet; nothing is done then.
 */
function attempt({ caller, workflowId, id }: Moving, { event, after }: Move): Promise<Place[]> {
  const { projectId } = caller;
  return transaction(async (tx) => {
    const wanted = { projectId, id: workflowId, open: 0, lackingFirst: 0, named: [id] };
    const { workflows, now } = await lockWorkflows(tx, [wanted]);
    const workflow = workflows.get(workflowKey(projectId, workflowId));
    const before = workflow?.instances.find((one) => one.id === id);
    if (workflow === undefined || before === undefined) throw notFound("instance");
    const moved = transition(before, event, { definition: definitionOf(workflow, before.version), now });
    const isUnpaused = before.status === "paused" && moved.next.status !== "paused";
    const overdue = isUnpaused ? await withdrawLimits(tx, [{ projectId, instanceId: id }], actorOf(caller)) : [];
    if (overdue.length > 0) return overdue;
    const work = startWork(workflow);
    replace(work, before, await after(moved, { work, before, now, tx }));
    await saveWork(tx, [work]);
    return [];
  });
}

/**
 * Moves one instance as somebody asks who may write: its workflow locked, the machine run, and all stored in one transaction.
 * Time decides first what was asked about its limits. Throws `not_found` and `forbidden`, and what `after` throws.
 */
export async function moveInstance(caller: Caller, id: string, move: Move): Promise<void> {
  requireScope(caller, "write");
  const workflowId = await requireInstance(caller, id, pool());
  const moving = { caller, workflowId, id };
  for (let overdue = await attempt(moving, move); overdue.length > 0; overdue = await attempt(moving, move))
    await letTimeDecide(overdue);
}
