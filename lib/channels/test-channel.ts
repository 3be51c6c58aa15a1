import { randomUUID } from "node:crypto";
import { deliver } from "@/lib/alerts/attempt";
import { type Claimed, insertClaimed } from "@/lib/alerts/outbox";
import { getDelivery } from "@/lib/alerts/queries";
import type { DeliveryDetail } from "@/lib/alerts/schema";
import { audit } from "@/lib/auth/audit";
import { type Caller, requireOwn, requireScope } from "@/lib/auth/caller";
import { transaction } from "@/lib/db/transaction";

/**
 * Sends a `channel.test` event right now, also to a disabled channel, and resolves to its delivery with the receiver's
 * answer. It is tried once.
 */
export async function testChannel(caller: Caller, id: string): Promise<DeliveryDetail> {
  requireScope(caller, "write");
  const delivery = await raiseTest(caller, id);
  await deliver(delivery);
  // Who may send a test may see what came of it.
  return getDelivery({ ...caller, scopes: new Set(["read"]) }, delivery.id);
}

function raiseTest(caller: Caller, id: string): Promise<Claimed> {
  return transaction(async (tx) => {
    const found = await tx.query<{ project_id: string; name: string }>(
      "SELECT project_id, name FROM channels WHERE id = $1 FOR KEY SHARE",
      [id],
    );
    requireOwn(caller, found.rows[0]?.project_id, "channel");
    const name = found.rows[0]?.name ?? "";
    const message = `This is a test of the channel "${name}". If you can read it, alerts will reach you.`;
    const raised = await tx.query<{ id: number }>(
      `INSERT INTO alerts (project_id, type, severity, subject_type, subject_id, subject_name, message, dedup_key, occurred_at, resolved_at)
       VALUES ($1, 'channel.test', 'info', 'channel', $2, $3, $4, $5, now(), now()) RETURNING id`,
      [caller.projectId, id, name, message, `channel.test:${randomUUID()}`],
    );
    await audit(tx, caller, { action: "channel.test", subjectId: id });
    return insertClaimed(tx, { projectId: caller.projectId, alertId: raised.rows[0]?.id ?? 0 }, id);
  });
}
