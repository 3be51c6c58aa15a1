import { DAY, SECOND } from "@/lib/core/time";
import { type LimitQuestion, questionArgs, questionWords } from "@/lib/costs/limit-question";
import { actionDigest } from "./digest";
import type { NewApproval } from "./store/insert";
import { MAX_MAILED, newId, pendingApproval, type Request } from "./store/requests";

/** Who asks for higher limits. It is no actor that could vote. */
export const BUDGET = "budget";
const ACTION = "raise_limit";

/** The approval that a question about limits becomes: one day to answer, and the end of the instance when nobody does. */
export function limitRequest(question: LimitQuestion): Request {
  const { workflow, instance, limits, at } = question;
  const args = questionArgs(question);
  const row: NewApproval = {
    projectId: workflow.projectId,
    id: newId(),
    context: questionWords(question),
    risk: "high",
    action: ACTION,
    args: JSON.stringify(args),
    actionDigest: actionDigest({ action: ACTION, args }),
    need: 1,
    approvers: [],
    timeoutSeconds: DAY / SECOND,
    timeoutAction: "deny",
    requestedBy: BUDGET,
    requesterName: `Budget of ${workflow.name}`,
    callback: null,
    instanceId: instance.id,
    stagePath: null,
    metadata: null,
    limitType: limits[0]?.type ?? null,
    now: at,
  };
  const approval = pendingApproval(row, { args, metadata: null, approverNames: [], workflowId: workflow.id });
  return { row, approval, mailed: workflow.approvers.slice(0, MAX_MAILED) };
}
