import { projectLink } from "@/lib/channels/link";
import type { Approval } from "./schema";

/** Where an approval is decided by who is signed in. */
function reviewLink(projectId: string, id: string): string {
  return `${projectLink(projectId)}/approvals/${id}`;
}

/** What who asked is told at once (reference document `pingpulse-api`, HITL), with what binds it and where it is decided. */
export function toCreated({ approval_id, status, result, expires_at, action_digest }: Approval, projectId: string) {
  return { approval_id, status, result, expires_at, action_digest, review_url: reviewLink(projectId, approval_id) };
}
