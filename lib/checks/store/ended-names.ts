import type { Db } from "@/lib/db/pool";
import type { LockedCheck } from "./rows";

/** A name that comes again after more runs than these is taken for a new one. */
const LOOKED_THROUGH = 1000;

/** A run as a signal names it. */
export type NamedRun = { check: LockedCheck; rid: string };

/** Notes which of these names are those of runs that have ended, in the checks that are locked. */
export async function learnEndedNames(tx: Db, asked: NamedRun[]): Promise<void> {
  if (asked.length === 0) return;
  const found = await tx.query<{ check_id: string; rid: string }>({
    name: "ended-names",
    text: `SELECT DISTINCT asked.check_id, asked.rid FROM unnest($1::uuid[], $2::text[]) AS asked (check_id, rid)
            WHERE EXISTS (
              SELECT FROM (SELECT rid, ended_at FROM runs WHERE check_id = asked.check_id ORDER BY started_at DESC
                            LIMIT ${LOOKED_THROUGH}) AS newest
               WHERE newest.rid = asked.rid AND newest.ended_at IS NOT NULL)`,
    values: [asked.map(({ check }) => check.id), asked.map(({ rid }) => rid)],
  });
  const checks = new Map(asked.map(({ check }) => [check.id, check]));
  for (const { check_id: id, rid } of found.rows) checks.get(id)?.endedNames.push(rid);
}
