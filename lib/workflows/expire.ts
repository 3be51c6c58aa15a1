import { transaction } from "@/lib/db/transaction";
import { lockDueWorkflows } from "./store/rows";
import { saveWork } from "./store/save";
import { startWork, tickInstance } from "./work";

/** How many instances were looked at, and how many of them failed. */
export type ExpiredInstances = { looked: number; failed: number };

/**
 * Looks at up to `limit` instances whose time has come and lets those fail whose deadline has passed, with their alerts
 * and deliveries, in one transaction. Any number of processes may call it at once. When it looked at none, none is left
 * that nobody else holds.
 */
export function expireInstances(limit: number): Promise<ExpiredInstances> {
  return transaction(async (tx) => {
    const { workflows, now } = await lockDueWorkflows(tx, limit);
    const works = [...workflows.values()].map(startWork);
    for (const work of works) for (const instance of [...work.workflow.instances]) tickInstance(work, instance, now);
    if (works.length > 0) await saveWork(tx, works, true);
    const looked = works.flatMap(({ workflow }) => workflow.instances);
    return { looked: looked.length, failed: looked.filter(({ status }) => status === "failed").length };
  });
}
