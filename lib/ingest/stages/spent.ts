import { AppError } from "@/lib/core/errors";
import { releaseReservations } from "@/lib/costs/store/reservations";
import type { Db } from "@/lib/db/pool";
import type { LockedStages } from "./lock-stages";
import type { Accepted } from "./once";
import type { StageSignal } from "./stage-signal";

type Taken = { signals: StageSignal[]; outcomes: (Accepted | AppError)[]; locked: LockedStages };

/** Ends what was held for steps that were taken: what they cost counts now. */
export function releaseSpent(tx: Db, { signals, outcomes, locked: { holders } }: Taken): Promise<void> {
  const spent = signals.flatMap(({ key, reservationId: id }, index) => {
    const [outcome, holder] = [outcomes[index], holders.get(key)];
    if (id === null || holder === undefined || outcome === undefined || outcome instanceof AppError) return [];
    return [{ projectId: holder.projectId, instanceId: outcome.instanceId, id }];
  });
  return releaseReservations(tx, spent);
}
