import type { ApprovalStatus, Decision, Risk } from "./schema";

/** What of an approval the machine looks at. Actors are `user:<id>` or `key:<id>`. Times are epoch milliseconds. */
export type ApprovalState = {
  status: ApprovalStatus;
  need: number;
  risk: Risk;
  requestedBy: string;
  /** Actors who alone may decide; empty when everybody may who may approve. */
  approvers: readonly string[];
  votes: readonly { voter: string; decision: Decision }[];
  expiresAt: number;
  timeoutAction: Decision;
  claimedAt: number | null;
  actionDigest: string | null;
};

/** `decided` tells what this step decided; null when it is still open, or was decided before. */
export type Step =
  | { is: "taken"; next: ApprovalState; decided: Decided | null }
  | { is: "refused"; code: RefusalCode; next: ApprovalState; decided: Decided | null };

/** `by` is an actor or `timeout`; `at` the moment it counts from. */
export type Decided = { status: Exclude<ApprovalStatus, "pending">; by: string; at: number };

type RefusalCode =
  | "own_request"
  | "not_an_approver"
  | "already_voted"
  | "already_decided"
  | "not_approved"
  | "already_claimed"
  | "digest_mismatch"
  | "digest_required";

export type ApprovalEvent =
  | { is: "tick" }
  | { is: "vote"; voter: string; decision: Decision }
  | { is: "cancel"; by: string }
  | { is: "claim"; digest: string | null };

const STATUS_OF = { approve: "approved", deny: "denied" } as const;

/** 1: go on; 0: do not; null: not decided (reference document `pingpulse-api`, HITL). */
export function resultOf(status: ApprovalStatus): 0 | 1 | null {
  if (status === "pending") return null;
  return status === "approved" ? 1 : 0;
}

/** Why this actor may never decide this approval; null when they may, if nothing else stands against it. */
function barOf(state: ApprovalState, actor: string): "own_request" | "not_an_approver" | null {
  if (state.risk === "high" && state.requestedBy === actor) return "own_request";
  return state.approvers.length > 0 && !state.approvers.includes(actor) ? "not_an_approver" : null;
}

/** Time decides first: whatever comes at or after the deadline finds it decided, dated at the deadline. */
function afterTime(state: ApprovalState, now: number): { next: ApprovalState; decided: Decided | null } {
  if (state.status !== "pending" || now < state.expiresAt) return { next: state, decided: null };
  const status = STATUS_OF[state.timeoutAction];
  return { next: { ...state, status }, decided: { status, by: "timeout", at: state.expiresAt } };
}

/** What an event at `now` does to an approval: one denial denies, `need` approvals approve, and nothing undoes either. */
export function transition(before: ApprovalState, event: ApprovalEvent, now: number): Step {
  const { next: state, decided } = afterTime(before, now);
  const refuse = (code: RefusalCode): Step => ({ is: "refused", code, next: state, decided });
  switch (event.is) {
    case "tick":
      return { is: "taken", next: state, decided };
    case "vote":
      return vote(state, event, now) ?? refuse(refusalOfVote(state, event.voter) ?? "already_decided");
    case "cancel": {
      if (state.status !== "pending") return refuse("already_decided");
      const cancelled = { status: "cancelled", by: event.by, at: now } as const;
      return { is: "taken", next: { ...state, status: "cancelled" }, decided: cancelled };
    }
    case "claim": {
      const refusal = refusalOfClaim(state, event.digest);
      return refusal === null ? { is: "taken", next: { ...state, claimedAt: now }, decided } : refuse(refusal);
    }
  }
}

/** Why a vote does not count; null when it does. */
export function refusalOfVote(
  state: ApprovalState,
  voter: string,
): "own_request" | "not_an_approver" | "already_voted" | "already_decided" | null {
  const bar = barOf(state, voter);
  if (bar !== null) return bar;
  if (state.status !== "pending") return "already_decided";
  return state.votes.some((one) => one.voter === voter) ? "already_voted" : null;
}

function vote(state: ApprovalState, { voter, decision }: { voter: string; decision: Decision }, now: number) {
  if (refusalOfVote(state, voter) !== null) return null;
  const votes = [...state.votes, { voter, decision }];
  const approvals = votes.filter((one) => one.decision === "approve").length;
  if (decision === "approve" && approvals < state.need) {
    return { is: "taken", next: { ...state, votes }, decided: null } as const;
  }
  const status = STATUS_OF[decision];
  return { is: "taken", next: { ...state, votes, status }, decided: { status, by: voter, at: now } } as const;
}

function refusalOfClaim(state: ApprovalState, digest: string | null): RefusalCode | null {
  if (state.status !== "approved") return "not_approved";
  if (state.actionDigest !== null && digest === null) return "digest_required";
  if (digest !== state.actionDigest) return "digest_mismatch";
  return state.claimedAt === null ? null : "already_claimed";
}
