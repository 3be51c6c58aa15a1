import { type Caller, requireScope } from "@/lib/auth/caller";
import { AppError, notFound } from "@/lib/core/errors";
import { randomLower } from "@/lib/core/ids";
import { dollars, usdWords } from "@/lib/core/money";
import { SECOND } from "@/lib/core/time";
import { type Db, pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { CLOSED_WORDS } from "@/lib/workflows/closed-words";
import type { LoadedInstance, LoadedWorkflow } from "@/lib/workflows/loaded";
import { requireOwnInstance } from "@/lib/workflows/read/own";
import { lockWorkflows, workflowKey } from "@/lib/workflows/store/rows";
import { estimateMicros } from "./estimate";
import { ownCost } from "./own-cost";
import { type Answer, type Denial, decideReservation } from "./reservation";
import type { Granted, Reserve } from "./reservation-schema";
import { ownPricesOf } from "./store/own-prices";
import { insertReservation, type Place, releaseReservations, sumReservations } from "./store/reservations";

const ID_LENGTH = 16;

type Locked = { workflow: LoadedWorkflow; instance: LoadedInstance; now: number };

/** The instance with its workflow, which is locked. */
async function lock(tx: Db, { projectId, workflowId, instanceId }: Place): Promise<Locked> {
  const wanted = { projectId, id: workflowId, open: 0, lackingFirst: 0, named: [instanceId] };
  const { workflows, now } = await lockWorkflows(tx, [wanted]);
  const workflow = workflows.get(workflowKey(projectId, workflowId));
  const instance = workflow?.instances.find(({ id }) => id === instanceId);
  if (workflow === undefined || instance === undefined) throw notFound("instance");
  return { workflow, instance, now };
}

/** Whoever may send no stage may hold nothing for one. */
function requireRunning({ id, status }: LoadedInstance): void {
  if (status === "running") return;
  const code = `instance_${status}` as const;
  const members = { instance_id: id, workflow_status: status, directive: "stop" };
  throw new AppError(code, CLOSED_WORDS[code], { members });
}

async function judge(tx: Db, { workflow, instance }: Locked, micros: number): Promise<Answer> {
  const { projectId, id: workflowId, budget, today } = workflow;
  const held = await sumReservations(tx, { projectId, workflowId, instanceId: instance.id });
  return decideReservation({
    budget,
    state: instance.breakers,
    day: today?.day ?? "",
    micros,
    ofInstance: { spentMicros: ownCost(instance), reservedMicros: held.ofInstance },
    ofDay: today && { spentMicros: today.costMicros, reservedMicros: held.ofWorkflow },
  });
}

const WHOSE = { instance: "the instance", daily: "the workflow today" } as const;

function denied({ limit, limitMicros, spentMicros, reservedMicros }: Denial, instanceId: string, micros: number) {
  const used = `${usdWords(dollars(spentMicros))} spent and ${usdWords(dollars(reservedMicros))} reserved`;
  const words = `This would exceed the limit of ${usdWords(dollars(limitMicros))} of ${WHOSE[limit]}, with ${used}.`;
  return new AppError("budget_exceeded", words, {
    members: {
      instance_id: instanceId,
      limit,
      limit_usd: dollars(limitMicros),
      spent_usd: dollars(spentMicros),
      reserved_usd: dollars(reservedMicros),
      requested_usd: dollars(micros),
      directive: "stop",
    },
  });
}

/**
 * Holds what a call of an instance is going to cost against its limits, until the step that tells of it, until it is given
 * back, or until the lease is over. Throws `budget_exceeded` when it would exceed one, and nothing is held then;
 * `instance_paused` and its like, `invalid_input` for a model without a price, `not_found` and `forbidden`.
 */
export async function reserve(caller: Caller, instanceId: string, asked: Reserve): Promise<Granted> {
  requireScope(caller, "ping");
  const { projectId } = caller;
  const place = { projectId, workflowId: await requireOwnInstance(caller, instanceId, pool()), instanceId };
  const made = await transaction(async (tx, atEnd) => {
    const locked = await lock(tx, place);
    requireRunning(locked.instance);
    const own = (await ownPricesOf(tx, [projectId]))(projectId);
    const micros = estimateMicros(asked.estimate, { own, now: locked.now });
    const answer = await judge(tx, locked, micros);
    const id = `res_${randomLower(ID_LENGTH)}`;
    const expiresAt = locked.now + asked.leaseSeconds * SECOND;
    const row = { ...place, id, micros, at: locked.now, expiresAt };
    if (answer.denial === null) atEnd(() => insertReservation(tx, row));
    return { answer, row };
  });
  const { answer, row } = made;
  // Thrown after the commit, so that what is over stays removed.
  if (answer.denial !== null) throw denied(answer.denial, instanceId, row.micros);
  return {
    reservation_id: row.id,
    instance_id: instanceId,
    reserved_usd: dollars(row.micros),
    remaining_usd: answer.remainingMicros === null ? null : dollars(answer.remainingMicros),
    expires_at: new Date(row.expiresAt).toISOString(),
  };
}

/** Gives back what is not going to be spent. One that is over already is given back as well. Throws `not_found` and `forbidden`. */
export async function giveBack(caller: Caller, instanceId: string, id: string): Promise<void> {
  requireScope(caller, "ping");
  await requireOwnInstance(caller, instanceId, pool());
  await releaseReservations(pool(), [{ projectId: caller.projectId, instanceId, id }]);
}
