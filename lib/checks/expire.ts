import { lockDueChecks } from "@/lib/checks/store/rows";
import { type CheckChange, saveChanges } from "@/lib/checks/store/save";
import { transaction } from "@/lib/db/transaction";
import { transition } from "./state";

/** How many checks were looked at, and how many of them went down. */
export type Expired = { looked: number; down: number };

/**
 * Looks at up to `limit` checks whose time has come and lets those go down whose deadline has passed, with their alerts
 * and deliveries, in one transaction. Any number of processes may call it at once. When it looked at none, none is left.
 */
export function expireChecks(limit: number): Promise<Expired> {
  return transaction(async (tx) => {
    const { checks, now } = await lockDueChecks(tx, limit);
    const changes = [...checks.values()].map((before): CheckChange => {
      return { before, watched: true, steps: [{ transition: transition(before, { type: "tick" }, now), ping: null }] };
    });
    if (changes.length > 0) await saveChanges(tx, changes);
    const down = changes.filter((change) => change.steps[0]?.transition.flip?.to === "down");
    return { looked: changes.length, down: down.length };
  });
}
