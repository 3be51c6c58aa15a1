import { transaction } from "@/lib/db/transaction";
import { lockDueChecks } from "./rows";
import { type CheckChange, saveChanges } from "./save";
import { transition } from "./state";

/**
 * Lets up to `limit` checks whose deadline has passed go down, with their alerts and deliveries, in one transaction.
 * Any number of processes may call it at once. Returns how many checks it looked at; 0 means that none is left.
 */
export function expireChecks(limit: number): Promise<number> {
  return transaction(async (tx) => {
    const { checks, now } = await lockDueChecks(tx, limit);
    const changes = [...checks.values()].map(
      (before): CheckChange => ({
        before,
        steps: [{ transition: transition(before, { type: "tick" }, now), ping: null }],
      }),
    );
    if (changes.length > 0) await saveChanges(tx, changes);
    return changes.length;
  });
}
