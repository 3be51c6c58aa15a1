import { randomUUID } from "node:crypto";
import { seal, unseal } from "@/lib/auth/sealed";
import type { DirectName } from "@/lib/channels/directs";
import type { Db } from "@/lib/db/pool";

/** What goes to one person or address. `dedupKey` names its alert; `recipient` is shown, `config` kept sealed. */
export type Direct = { dedupKey: string; projectId: string; kind: DirectName; recipient: string; config: object };

const place = ({ projectId, id }: { projectId: string; id: string }) => `delivery/${projectId}/${id}`;

/** Writes one delivery for each of `directs`, whose alerts must have been raised before in the same transaction. */
export async function sendDirect(tx: Db, directs: Direct[]): Promise<void> {
  if (directs.length === 0) return;
  const rows = directs.map((direct) => ({ ...direct, id: randomUUID() }));
  await tx.query({
    name: "send-direct",
    text: `INSERT INTO deliveries (project_id, id, alert_id, event, subject_id, direct_kind, recipient, direct_config)
           SELECT alerts.project_id, d.id, alerts.id, alerts.type, alerts.subject_id, d.kind, d.recipient, d.config
             FROM unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bytea[])
               WITH ORDINALITY AS d (dedup_key, project_id, id, kind, recipient, config, position)
             JOIN alerts ON alerts.dedup_key = d.dedup_key AND alerts.project_id = d.project_id
            ORDER BY position`,
    values: [
      rows.map((row) => row.dedupKey),
      rows.map((row) => row.projectId),
      rows.map((row) => row.id),
      rows.map((row) => row.kind),
      rows.map((row) => row.recipient),
      rows.map((row) => Buffer.from(seal(row.config, place(row)))),
    ],
  });
}

/** What a delivery is to be sent with, in clear. Throws when it is gone, or was sealed under another secret. */
export function directConfig(delivery: { projectId: string; id: string }, config: Uint8Array | null): unknown {
  if (config === null) throw new Error("the config of this delivery has been erased");
  return unseal(config, place(delivery));
}
