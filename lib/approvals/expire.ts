import { type Db, pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { log } from "@/lib/log";
import { type Doing, doLocked, doSurely, MAX_TOGETHER } from "./act";
import { type ApprovalRowStored, findDueLimits, lockDueApprovals, type Place } from "./store/rows";
import { SWEEPER } from "./store/save";

const ticksOf = (places: Place[]): Doing[] =>
  places.map((place) => ({ place, event: { is: "tick" }, by: SWEEPER, notes: null }));

async function tick(tx: Db, rows: ApprovalRowStored[]): Promise<number> {
  const places = rows.map(({ project_id: projectId, id }) => ({ projectId, id }));
  return (await doLocked(tx, { rows, limits: null }, ticksOf(places))).length;
}

/** Those about limits move instances too, whose workflows are locked before them. */
async function tickLimits(places: Place[]): Promise<number> {
  return places.length === 0 ? 0 : (await doSurely(ticksOf(places))).length;
}

type Due = { project_id: string; id: string; is_limit: boolean };

/** One after the other: what is wrong with one of them must not keep the others waiting. */
async function oneByOne(): Promise<number> {
  const { rows } = await pool().query<Due>(
    "SELECT project_id, id, limit_type IS NOT NULL AS is_limit FROM approvals WHERE due_at <= now() ORDER BY due_at",
  );
  let decided = 0;
  for (const { project_id: projectId, id, is_limit: isLimit } of rows) {
    try {
      decided += isLimit
        ? await tickLimits([{ projectId, id }])
        : await transaction(async (tx) => tick(tx, await lockDueApprovals(tx, { limit: 1, only: id })));
    } catch (error) {
      log.error({ err: error, approvalId: id }, "an approval could not be decided by time");
    }
  }
  return decided;
}

/**
 * Decides approvals whose time is over, dated at their deadlines, at most 50 of each kind with all that comes of it in one
 * transaction. Any number of processes may call it at once. Gives how many it decided; at 0 none is left that nobody else
 * holds.
 */
export async function expireApprovals(): Promise<number> {
  try {
    const plain = await transaction(async (tx) => tick(tx, await lockDueApprovals(tx, { limit: MAX_TOGETHER })));
    return plain + (await tickLimits(await findDueLimits(pool(), MAX_TOGETHER)));
  } catch (error) {
    log.error({ err: error }, "approvals could not be decided by time together");
    return oneByOne();
  }
}
