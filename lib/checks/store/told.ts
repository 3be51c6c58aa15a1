import { type NewAlert, resolveAlertsByKey } from "@/lib/alerts/raise";
import { checkAlerts } from "@/lib/checks/alert";
import { noticeAlert, overdueKey } from "@/lib/checks/notice-alert";
import type { EndedRun, Notice } from "@/lib/checks/state";
import type { Db } from "@/lib/db/pool";
import type { CheckChange, NewPing, Step } from "./change";
import type { LockedCheck } from "./rows";

/** Alerts of one check; each is told by the state the check had when it happened. */
export function alertsOf({ before, steps }: CheckChange): NewAlert[] {
  const alerts: NewAlert[] = [];
  let check = before;
  let seq = before.flipSeq;
  for (const { transition, ping } of steps) {
    const { flip, next, missed, notices, endedRuns } = transition;
    resolveRuns(alerts, endedRuns);
    if (flip !== null) {
      seq += 1;
      if (flip.from === "down") resolveLast(alerts, flip.at);
      alerts.push(...checkAlerts(check, flip, { seq, ...saidBy(ping), missed: missed.length }));
    }
    for (const notice of wanted(check, notices)) alerts.push(noticeAlert(check, notice));
    check = { ...check, ...next, statusSince: flip?.at ?? check.statusSince };
  }
  return alerts;
}

const saidBy = (ping: NewPing | null) => ({
  exitStatus: ping?.exitStatus ?? null,
  outOfBounds: ping?.details?.out_of_bounds ?? [],
});

/** That it is late is only written down where somebody asked for it. */
const wanted = (check: LockedCheck, notices: Notice[]): Notice[] =>
  check.wantsLate ? notices : notices.filter((notice) => notice.type !== "late");

/** As they happened, whichever check they tell of: people read alerts by their number. */
export function inOrder(alerts: NewAlert[]): NewAlert[] {
  return alerts.length < 2 ? alerts : alerts.toSorted((a, b) => a.occurredAt - b.occurredAt);
}

/** A failure and a recovery that arrive together leave nothing open. */
function resolveLast(alerts: NewAlert[], at: number): void {
  const open = alerts.findLast((alert) => alert.type === "check.down" && alert.resolvedAt === null);
  if (open !== undefined) open.resolvedAt = at;
}

/** Nor does a run that exceeds its bound and ends within what is stored together. */
function resolveRuns(alerts: NewAlert[], ended: EndedRun[]): void {
  for (const { run, endedAt } of ended) {
    const open = alerts.find((alert) => alert.dedupKey === overdueKey(run.id));
    if (open !== undefined) open.resolvedAt = endedAt;
  }
}

const endedLate = ({ transition }: Step): EndedRun[] => transition.endedRuns.filter(({ run }) => run.dueAt === null);

/** Runs that had timed out have ended at last: what was said of them is over. */
export async function resolveRunAlerts(tx: Db, changes: CheckChange[]): Promise<void> {
  const ended = changes.flatMap(({ steps }) => steps.flatMap(endedLate));
  await resolveAlertsByKey(
    tx,
    ended.map(({ run, endedAt }) => ({ key: overdueKey(run.id), at: endedAt })),
  );
}
