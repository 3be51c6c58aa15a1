import { displayName, type ShownStatus, shownStatus, stateSentence } from "@/lib/checks/present";
import { nextExpected } from "@/lib/checks/state";
import { type CheckCondition, type CheckView, loadViews } from "@/lib/checks/store/view";
import { iso } from "@/lib/core/time";
import type { Db } from "@/lib/db/pool";

/** A check as a line of a list. Times are ISO 8601. */
export type CheckSummary = {
  id: string;
  name: string;
  tags: string[];
  status: ShownStatus;
  sentence: string;
  last_ping_at: string | null;
  next_expected_at: string | null;
  muted_until: string | null;
};

export function toSummary(view: CheckView): CheckSummary {
  const { id, fields, state, seenAt } = view;
  return {
    id,
    name: displayName({ id, ...fields }),
    tags: fields.tags.split(" ").filter(Boolean),
    status: shownStatus(state, seenAt),
    sentence: stateSentence(state, { since: view.statusSince, why: view.downReason, now: seenAt }),
    last_ping_at: iso(state.lastPingAt),
    next_expected_at: iso(nextExpected(state)),
    muted_until: iso(view.mutedUntil),
  };
}

/** Checks as lines of a list, oldest first. */
export async function loadSummaries(db: Db, condition: CheckCondition): Promise<CheckSummary[]> {
  return (await loadViews(db, condition)).map(toSummary);
}
