import { audit } from "@/lib/auth/audit";
import { type Caller, callerName } from "@/lib/auth/caller";
import { AppError } from "@/lib/core/errors";
import { refusalsOver } from "./alert";
import { moveInstance } from "./move-instance";
import { getInstance } from "./queries";
import type { InstanceDetail } from "./schema";

/**
 * Ends an instance that runs or is paused: its next signal is told to stop, and it takes none any more. Throws
 * `instance_completed`, `instance_failed` or `instance_terminated` for one that is over, `not_found` and `forbidden`.
 */
export async function terminateInstance(caller: Caller, id: string, reason: string | null): Promise<InstanceDetail> {
  const words = `Terminated by ${callerName(caller)}${reason === null ? "" : `: ${reason}`}`;
  await moveInstance(caller, id, {
    event: { type: "terminate", reason: words },
    after: async ({ next, refusal }, { work, before, now, tx }) => {
      if (refusal !== null) throw new AppError(refusal.code, "The instance is over.");
      work.settled.push(...refusalsOver(work.workflow, { id, at: now }));
      await audit(tx, caller, { action: "instance.terminate", subjectId: id });
      return { ...before, ...next };
    },
  });
  return getInstance(caller, id);
}
