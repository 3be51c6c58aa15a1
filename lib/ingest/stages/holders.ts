import { sha256 } from "@/lib/core/ids";
import { Memory } from "@/lib/core/memory";
import type { Db } from "@/lib/db/pool";
import { HOLDER } from "../look-up";

/** Whose key it is: a project's ping key, or an API key that may be without the scope `ping`. */
export type Holder = { projectId: string; mayPing: boolean; actor: string };

type Row = { key: string; project_id: string; may_ping: boolean; actor: string };

/** How many keys are remembered by the project they led to. */
const MAX_REMEMBERED = 20_000;
const remembered = new Memory<string>(MAX_REMEMBERED);

/** The project a key led to last time: what may be locked before it is known where it leads now, never an answer to that. */
export function guessProject(key: string): string | undefined {
  return remembered.get(key);
}

/** Who holds these keys now; unknown, revoked and expired ones are absent. */
export async function holdersOf(tx: Db, keys: string[]): Promise<Map<string, Holder>> {
  const distinct = [...new Set(keys)];
  const found = await tx.query<Row>({
    name: "holders-of-keys",
    text: `SELECT a.key, holder.project_id, holder.may_ping, holder.actor
             FROM unnest($1::text[], $2::bytea[]) AS a (key, hash)
             JOIN LATERAL ${HOLDER} ON true`,
    values: [distinct, distinct.map(sha256)],
  });
  const known = new Map(found.rows.map((row) => [row.key, row.project_id]));
  for (const key of distinct) {
    const projectId = known.get(key);
    if (projectId === undefined) remembered.delete(key);
    else remembered.set(key, projectId);
  }
  return new Map(
    found.rows.map((row) => [row.key, { projectId: row.project_id, mayPing: row.may_ping, actor: row.actor }]),
  );
}
