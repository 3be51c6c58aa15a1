import { disableChannel } from "@/lib/channels/disable";
import type { Db } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import type { Claimed } from "./outbox";

/** What becomes of a delivery. `counts` tells whether a failure speaks against the channel. */
export type Verdict =
  | { status: "sent"; responseStatus: number | null }
  | { status: "pending"; responseStatus: number | null; error: string; delayMs: number }
  | { status: "failed"; responseStatus: number | null; error: string; counts: boolean; disable: string | null };

/** A channel that lets nothing through for this long is disabled. */
const FAILING = "5 days";

class LeaseLost extends Error {}

/**
 * Writes the verdict, and what it means for the channel, in one transaction. What was needed to
 * send it directly is forgotten once it was sent. Resolves to false, with nothing changed,
 * when another process has taken the delivery over in the meantime.
 */
export async function finish(delivery: Claimed, verdict: Verdict): Promise<boolean> {
  try {
    await transaction(async (tx) => {
      const { projectId, channelId, id: deliveryId } = delivery;
      // The channel before its deliveries: the order in which every writer locks them.
      if (channelId !== null) await judgeChannel(tx, { projectId, channelId, deliveryId }, verdict);
      if (!(await mark(tx, delivery, verdict))) throw new LeaseLost();
    });
    return true;
  } catch (error) {
    if (error instanceof LeaseLost) return false;
    throw error;
  }
}

async function mark(tx: Db, delivery: Claimed, verdict: Verdict): Promise<boolean> {
  const marked = await tx.query({
    name: "finish-delivery",
    text: `UPDATE deliveries
              SET status = $4::delivery_status, response_status = $5, error = $6, lease_token = NULL, lease_until = NULL,
                  direct_config = CASE WHEN $4 <> 'sent' THEN direct_config END,
                  sent_at = CASE WHEN $4 = 'sent' THEN clock_timestamp() END,
                  next_attempt_at = CASE WHEN $4 = 'pending' THEN clock_timestamp() + $7 * interval '1 millisecond' END
            WHERE project_id = $1 AND id = $2 AND lease_token = $3 AND status = 'pending'`,
    values: [
      delivery.projectId,
      delivery.id,
      delivery.token,
      verdict.status,
      verdict.responseStatus,
      verdict.status === "sent" ? null : verdict.error,
      verdict.status === "pending" ? verdict.delayMs : 0,
    ],
  });
  return marked.rowCount === 1;
}

type Judged = { projectId: string; channelId: string; deliveryId: string };

async function judgeChannel(tx: Db, judged: Judged, verdict: Verdict): Promise<void> {
  const id = [judged.projectId, judged.channelId];
  if (verdict.status === "sent") {
    await tx.query(
      "UPDATE channels SET failing_since = NULL WHERE project_id = $1 AND id = $2 AND failing_since IS NOT NULL",
      id,
    );
    return;
  }
  if (verdict.status === "pending" || verdict.counts) {
    await tx.query(
      "UPDATE channels SET failing_since = now() WHERE project_id = $1 AND id = $2 AND failing_since IS NULL",
      id,
    );
  }
  const reason =
    verdict.status === "failed" ? (verdict.disable ?? (verdict.counts && (await exhausted(tx, id)))) : false;
  if (reason) await disableChannel(tx, { ...judged, reason });
}

/** Why a channel that has just given up a delivery should be disabled; false when it has not failed for long enough. */
async function exhausted(tx: Db, id: string[]): Promise<string | false> {
  const found = await tx.query(
    `SELECT FROM channels WHERE project_id = $1 AND id = $2 AND failing_since <= now() - interval '${FAILING}'`,
    id,
  );
  return found.rowCount === 1 && `nothing got through for ${FAILING}`;
}
