import { transaction } from "@/lib/db/transaction";
import { doLocked } from "./act";
import { lockDueApprovals } from "./store/rows";
import { SWEEPER } from "./store/save";

/**
 * Decides up to `limit` approvals whose time is over, dated at their deadlines, with all that comes of it in one
 * transaction. Any number of processes may call it at once. Gives how many it decided; at 0 none is left that nobody else holds.
 */
export function expireApprovals(limit: number): Promise<number> {
  return transaction(async (tx) => {
    const rows = await lockDueApprovals(tx, limit);
    const doings = rows.map(({ project_id, id }) => ({
      place: { projectId: project_id, id },
      event: { is: "tick" } as const,
      by: SWEEPER,
      notes: null,
    }));
    const told = await doLocked(tx, rows, doings);
    return told.length;
  });
}
