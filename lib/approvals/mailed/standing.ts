import type { ApprovalStatus, Decision, Risk } from "@/lib/approvals/schema";
import { type ApprovalState, refusalOfVote } from "@/lib/approvals/state";

/** What a mailed link can do for the person it was sent to; everything but `open` is why it can do nothing. */
export type Standing =
  | "open"
  | "sign_in"
  | "voted"
  | "decided"
  | "left"
  | "forbidden"
  | "not_an_approver"
  | "own_request";

/** Who the link was sent to, as things are now: `mayApprove` is null for who is in the project no more. */
export type Recipient = { actor: string; mayApprove: boolean | null };

const OF_REFUSAL = {
  already_decided: "decided",
  already_voted: "voted",
  not_an_approver: "not_an_approver",
  own_request: "own_request",
} as const;

/** How a person stands to an approval that a link leads to. Time must have been let pass over `state` before. */
export function standingOf(state: ApprovalState, { actor, mayApprove }: Recipient): Standing {
  if (mayApprove === null) return "left";
  if (state.status !== "pending") return "decided";
  if (!mayApprove) return "forbidden";
  const refusal = refusalOfVote(state, actor);
  if (refusal !== null) return OF_REFUSAL[refusal];
  return state.risk === "high" ? "sign_in" : "open";
}

/** What came of an approval. `by` is null when nobody answered in time; `at` is ISO 8601. */
export type Outcome = {
  status: Exclude<ApprovalStatus, "pending">;
  by: string | null;
  at: string;
  notes: string | null;
};

/** What the page of a mailed link shows. Everything in `asked` was written by the requester. Times are ISO 8601. */
export type LinkedApproval = {
  id: string;
  project: { id: string; name: string };
  recipient: { id: string; email: string };
  /** The one thing that this link does. */
  decision: Decision;
  standing: Standing;
  asked: { context: string; action: string | null; args: unknown };
  requester: string;
  risk: Risk;
  need: number;
  /** How many have approved so far. */
  approved: number;
  expiresAt: string;
  timeoutAction: Decision;
  outcome: Outcome | null;
};
