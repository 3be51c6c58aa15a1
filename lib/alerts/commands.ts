import { audit } from "@/lib/auth/audit";
import { type Caller, requireOwn, requireScope } from "@/lib/auth/caller";
import { AppError } from "@/lib/core/errors";
import type { Db } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { getDelivery, loadAlert } from "./queries";
import type { Alert, DeliveryDetail } from "./schema";
import { settleAlert } from "./settle";

/** Notes that someone looks after it. Asking again changes nothing. */
export function acknowledgeAlert(caller: Caller, id: number): Promise<Alert> {
  return settle(caller, id, "acknowledge");
}

/** Notes that it is over. Asking again changes nothing. */
export function resolveAlert(caller: Caller, id: number): Promise<Alert> {
  return settle(caller, id, "resolve");
}

async function acknowledge(tx: Db, projectId: string, id: number): Promise<boolean> {
  const changed = await tx.query(
    "UPDATE alerts SET acknowledged_at = now() WHERE project_id = $1 AND id = $2 AND acknowledged_at IS NULL",
    [projectId, id],
  );
  return changed.rowCount === 1;
}

const SETTLE = { acknowledge, resolve: settleAlert };

async function settle(caller: Caller, id: number, verb: "acknowledge" | "resolve"): Promise<Alert> {
  requireScope(caller, "write");
  return transaction(async (tx) => {
    await loadAlert(tx, caller, id);
    const isChanged = await SETTLE[verb](tx, caller.projectId, id);
    if (isChanged) await audit(tx, caller, { action: `alert.${verb}`, subjectId: String(id) });
    return loadAlert(tx, caller, id);
  });
}

type Held = { project_id: string; status: "pending" | "sent" | "failed"; in_flight: boolean };

/**
 * Makes a delivery due now; its attempts go on counting. Throws `conflict` when it has been sent and
 * `delivery_in_progress` while it is being sent.
 */
export async function retryDelivery(caller: Caller, id: string): Promise<DeliveryDetail> {
  requireScope(caller, "write");
  await transaction(async (tx) => {
    const { rows } = await tx.query<Held>(
      "SELECT project_id, status, coalesce(lease_until >= now(), false) AS in_flight FROM deliveries WHERE id = $1 FOR NO KEY UPDATE",
      [id],
    );
    const [held] = rows;
    requireOwn(caller, held?.project_id, "delivery");
    if (held?.status === "sent") throw new AppError("conflict", "This delivery has been sent.");
    if (held?.in_flight) throw new AppError("delivery_in_progress", "This delivery is being sent right now.");
    await tx.query(
      `UPDATE deliveries SET status = 'pending', next_attempt_at = now(), lease_token = NULL, lease_until = NULL
        WHERE project_id = $1 AND id = $2`,
      [caller.projectId, id],
    );
    await audit(tx, caller, { action: "delivery.retry", subjectId: id });
  });
  return getDelivery(caller, id);
}
