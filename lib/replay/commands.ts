import type { Caller } from "@/lib/auth/caller";
import { pool } from "@/lib/db/pool";
import { readComparison } from "./compare-queries";
import type { CompareInstances, Comparison } from "./schema";
import { storeSession } from "./sessions";

/**
 * Compares two instances of the caller's project as they are now; what came of it is kept as a session, but for its steps. Throws
 * `not_found`, `forbidden` and `payload_too_large`.
 */
export async function compareInstances(
  caller: Caller,
  { instance_a: a, instance_b: b, reason }: CompareInstances,
): Promise<{ session_id: string; comparison: Comparison }> {
  const { comparison } = await readComparison(caller, a, b);
  const { steps: _, ...result } = comparison;
  const session = {
    kind: "compare",
    workflowId: null,
    instanceId: a,
    otherId: b,
    reason: reason ?? null,
    inputs: {},
    result,
  } as const;
  const { id } = await storeSession(pool(), caller, session);
  return { session_id: id, comparison };
}
