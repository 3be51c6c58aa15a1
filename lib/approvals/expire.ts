import { type Db, pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { log } from "@/lib/log";
import { doLocked, MAX_TOGETHER } from "./act";
import { type ApprovalRowStored, lockDueApprovals } from "./store/rows";
import { SWEEPER } from "./store/save";

async function tick(tx: Db, rows: ApprovalRowStored[]): Promise<number> {
  const doings = rows.map(({ project_id, id }) => ({
    place: { projectId: project_id, id },
    event: { is: "tick" } as const,
    by: SWEEPER,
    notes: null,
  }));
  return (await doLocked(tx, rows, doings)).length;
}

/** One after the other: what is wrong with one of them must not keep the others waiting. */
async function oneByOne(): Promise<number> {
  const { rows } = await pool().query<{ id: string }>("SELECT id FROM approvals WHERE due_at <= now() ORDER BY due_at");
  let decided = 0;
  for (const { id } of rows) {
    try {
      decided += await transaction(async (tx) => tick(tx, await lockDueApprovals(tx, { limit: 1, only: id })));
    } catch (error) {
      log.error({ err: error, approvalId: id }, "an approval could not be decided by time");
    }
  }
  return decided;
}

/**
 * Decides approvals whose time is over, dated at their deadlines, at most 50 with all that comes of it in one transaction. Any
 * number of processes may call it at once. Gives how many it decided; at 0 none is left that nobody else holds.
 */
export async function expireApprovals(): Promise<number> {
  try {
    return await transaction(async (tx) => tick(tx, await lockDueApprovals(tx, { limit: MAX_TOGETHER })));
  } catch (error) {
    log.error({ err: error }, "approvals could not be decided by time together");
    return oneByOne();
  }
}
