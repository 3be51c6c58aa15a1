import type { NewAlert } from "@/lib/alerts/raise";
import { settleAlerts, settleAlertsByKey, tellSettled } from "@/lib/alerts/settle";
import { checkAlerts } from "@/lib/checks/alert";
import type { Notice } from "@/lib/checks/notice";
import { noticeAlert, overdueKey, SETTLED_TYPES } from "@/lib/checks/notice-alert";
import type { EndedRun } from "@/lib/checks/open-runs";
import type { Transition } from "@/lib/checks/state";
import type { Db } from "@/lib/db/pool";
import type { CheckChange, NewPing, Step } from "./change";
import type { LockedCheck } from "./rows";

/** Alerts of one check; each is told by the state the check had when it happened. */
export function alertsOf({ before, steps }: CheckChange): NewAlert[] {
  const alerts: NewAlert[] = [];
  let check = before;
  let seq = before.flipSeq;
  for (const { transition, ping } of steps) {
    const { flip, next, missedInAll: missed, notices, endedRuns, settled } = transition;
    resolveRuns(alerts, endedRuns);
    resolveSettled(alerts, settled);
    if (flip !== null) {
      seq += 1;
      if (flip.from === "down") resolveLast(alerts, flip.at);
      alerts.push(...checkAlerts(check, flip, { seq, ...saidBy(ping), missed }));
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

/** Nor does anything else that is over by then. */
function resolveSettled(alerts: NewAlert[], settled: Transition["settled"]): void {
  for (const { type, at } of settled) {
    for (const alert of alerts) if (alert.type === `check.${type}`) alert.resolvedAt ??= at;
  }
}

const endedLate = ({ transition }: Step): EndedRun[] => transition.endedRuns.filter(({ run }) => run.dueAt === null);

/** What was told of before and is over: runs that had timed out have ended at last, or the check gets on as it should. */
export async function settleTold(tx: Db, changes: CheckChange[]): Promise<void> {
  const ended = changes.flatMap(({ steps }) => steps.flatMap(endedLate));
  const settled = changes.flatMap(({ before, steps }) =>
    steps.flatMap(({ transition }) =>
      transition.settled.map(({ type, at }) => ({
        projectId: before.projectId,
        type: `check.${type}`,
        subjectId: before.id,
        at,
      })),
    ),
  );
  await Promise.all([
    settleAlertsByKey(
      tx,
      ended.map(({ run, endedAt }) => ({ key: overdueKey(run.id), at: endedAt })),
    ),
    settleAlerts(tx, settled),
  ]);
}

/** What was over before it could be told of is told as over, too. */
export async function tellOver(tx: Db, alerts: NewAlert[]): Promise<void> {
  const over = alerts.filter(({ type, resolvedAt }) => resolvedAt !== null && SETTLED_TYPES.includes(type));
  await tellSettled(
    tx,
    over.map(({ dedupKey }) => dedupKey),
  );
}
