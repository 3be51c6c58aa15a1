import type { NewAlert } from "@/lib/alerts/raise";
import { clockWords } from "@/lib/core/time";
import { titleOf } from "./present";
import type { Approval } from "./schema";

const SEVERITIES = { low: "info", medium: "warning", high: "critical" } as const;
const AT_EXPIRY = { approve: "approved", deny: "denied" } as const;

/** The keys of the two alerts of an approval: that it was requested, and that it is decided. */
export const requestedKey = (id: string): string => `approval.requested:${id}`;
export const decidedKey = (id: string): string => `approval.decided:${id}`;

/** What alerts say of an approval: all that `GET` shows, but for what changes every second. */
function about(approval: Approval, projectId: string) {
  const { seconds_remaining: _, ...data } = approval;
  const subjectName = titleOf(approval.context);
  return { projectId, subjectType: "approval", subjectId: approval.approval_id, subjectName, data } as const;
}

/** Tells that somebody waits for an answer. */
export function requestedAlert(approval: Approval, projectId: string): NewAlert {
  const at = Date.parse(approval.created_at);
  const until = clockWords(Date.parse(approval.expires_at), at);
  return {
    ...about(approval, projectId),
    type: "approval.requested",
    severity: SEVERITIES[approval.risk],
    message: `${approval.requested_by} asks for an approval. Without an answer by ${until} it is ${AT_EXPIRY[approval.timeout_action]}.`,
    dedupKey: requestedKey(approval.approval_id),
    occurredAt: at,
    resolvedAt: null,
  };
}

const ENDS = { pending: "is open", approved: "was approved", denied: "was denied", cancelled: "was cancelled" };

function sentence({ status, decided_by, context }: Approval): string {
  const how = decided_by === "timeout" ? ", because nobody answered in time" : ` by ${decided_by}`;
  return `"${titleOf(context)}" ${ENDS[status]}${how}.`;
}

/** Tells how it ended. */
export function decidedAlert(approval: Approval, projectId: string): NewAlert {
  const at = Date.parse(approval.decided_at ?? approval.expires_at);
  return {
    ...about(approval, projectId),
    type: "approval.decided",
    severity: "info",
    message: sentence(approval),
    dedupKey: decidedKey(approval.approval_id),
    occurredAt: at,
    resolvedAt: at,
  };
}
