import type { CheckChange } from "@/lib/checks/store/change";
import { lockDueChecks } from "@/lib/checks/store/rows";
import { saveChanges } from "@/lib/checks/store/save";
import { transaction } from "@/lib/db/transaction";
import { nextLook, transition } from "./state";

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
      const step = { transition: transition(before, { type: "tick" }, now), ping: null };
      const watchAt = nextLook(step.transition.next, { now, wantsLate: before.wantsLate });
      return { before, watchAt, steps: [step] };
    });
    if (changes.length > 0) await saveChanges(tx, changes);
    const down = changes.filter((change) => change.steps[0]?.transition.flip?.to === "down");
    return { looked: changes.length, down: down.length };
  });
}
