import type { Caller } from "@/lib/auth/caller";
import { SECOND } from "@/lib/core/time";
import { getApproval } from "./queries";
import type { Approval } from "./schema";
import { theDecisionWatch } from "./watch";

type Wait = { id: string; seconds: number; signal: AbortSignal };

/**
 * One approval of the caller's project: as soon as it is decided, or as it is after so many seconds. Throws `not_found` and
 * `forbidden`.
 */
export async function waitForApproval(caller: Caller, { id, seconds, signal }: Wait): Promise<Approval> {
  const approval = await getApproval(caller, id);
  if (approval.result !== null || seconds === 0) return approval;
  const decided = await theDecisionWatch().wait(id, { ms: seconds * SECOND, signal });
  return decided ?? getApproval(caller, id);
}
