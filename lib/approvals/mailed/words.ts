import { utcWords } from "@/lib/core/time";
import type { LinkedApproval, Standing } from "./standing";

/** Why a link does nothing for the person it was sent to. */
export const WHY_NOT: Record<Exclude<Standing, "open">, string> = {
  sign_in: "The risk of this is high: a link is not enough. Sign in to decide.",
  voted: "You have voted on this already. It stays open until enough people have.",
  decided: "This is decided already.",
  left: "You are no longer in this project, so this is not yours to decide.",
  forbidden: "Your role in this project does not let you approve or deny.",
  not_an_approver: "Others were named to decide this.",
  own_request: "You asked for this yourself. The risk is high, so somebody else must decide.",
};

const STATUS = { approved: "Approved", denied: "Denied", cancelled: "Cancelled" } as const;

/** The first thing that the page says. */
export function headingOf({ standing, decision, outcome }: LinkedApproval): string {
  if (standing === "left") return "You are no longer in this project";
  if (outcome !== null) return STATUS[outcome.status];
  if (standing === "voted") return "Your vote is in";
  if (standing !== "open" && standing !== "sign_in") return "Not yours to decide";
  return decision === "approve" ? "Approve this?" : "Deny this?";
}

/** Who decided, and when; null while it is open. */
export function outcomeWords({ outcome, approved }: LinkedApproval): string | null {
  if (outcome === null) return null;
  const when = utcWords(Date.parse(outcome.at));
  if (outcome.by !== null) return `By ${outcome.by} at ${when}.`;
  const who = approved === 0 ? "Nobody" : "Not enough people";
  return `${who} answered in time, so it was ${outcome.status} at ${when}.`;
}

/** What pressing the button brings about. */
export function effectWords({ decision, need, approved, requester }: LinkedApproval): string {
  if (decision === "deny") return `One denial is enough: ${requester} is told not to go on.`;
  const missing = need - approved - 1;
  if (missing <= 0) return `With your approval ${requester} is told to go on.`;
  return `Your approval is one of ${need} that are needed; after it ${missing} more must come.`;
}
