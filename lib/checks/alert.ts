import type { NewAlert } from "@/lib/alerts/raise";
import type { Schedule } from "@/lib/checks/schedule/schedule";
import { inWords, iso, utcWords } from "@/lib/core/time";
import { displayName } from "./present";
import { alertFor, type CheckState, type Flip } from "./state";

export type AlertedCheck = CheckState & {
  id: string;
  projectId: string;
  name: string;
  slug: string;
  tags: string;
  statusSince: number;
};

/** A schedule in words, e.g. `every 1 hour` or `by the schedule 0 3 * * * (Europe/Riga)`. */
function scheduleInWords(schedule: Schedule): string {
  if (schedule.kind === "period") return `every ${inWords(schedule.timeoutSeconds * 1000)}`;
  return `by the schedule ${schedule.expression} (${schedule.timeZone})`;
}

function reason(check: AlertedCheck, flip: Flip, exitStatus: number | null): string {
  const grace = inWords(check.graceMs);
  if (flip.reason === "timeout") {
    const since = check.lastPingAt === null ? "it was made" : utcWords(check.lastPingAt);
    return `no signal since ${since}; it is expected ${scheduleInWords(check.schedule)} with ${grace} of grace`;
  }
  if (flip.reason === "run_timeout") return `a run that started did not finish within ${grace}`;
  return exitStatus === null ? "it reported a failure" : `it reported exit status ${exitStatus}`;
}

/**
 * The alert of a status change; none when nobody need be told. `check` is as it was before the flip; the message and
 * data hold all a channel shows, so that a retry days later says the same.
 */
export function checkAlerts(
  check: AlertedCheck,
  flip: Flip,
  more: { seq: number; exitStatus: number | null },
): NewAlert[] {
  const type = alertFor(flip);
  if (type === null) return [];
  const name = displayName(check);
  const isDown = type === "check.down";
  const message = isDown
    ? `"${name}" is down: ${reason(check, flip, more.exitStatus)}.`
    : `"${name}" is up again after ${inWords(flip.at - check.statusSince)} down.`;
  const alert: NewAlert = {
    projectId: check.projectId,
    type,
    severity: isDown ? "critical" : "info",
    subjectType: "check",
    subjectId: check.id,
    subjectName: name,
    message,
    data: {
      check: {
        id: check.id,
        name: check.name,
        slug: check.slug,
        tags: check.tags,
        status: flip.to,
        previous_status: flip.from,
        schedule: scheduleInWords(check.schedule),
        grace_seconds: check.graceMs / 1000,
        last_ping_at: iso(check.lastPingAt),
      },
      reason: flip.reason,
      exit_status: more.exitStatus,
      at: iso(flip.at),
      ...(!isDown && {
        down_since: iso(check.statusSince),
        downtime_seconds: Math.round((flip.at - check.statusSince) / 1000),
      }),
    },
    dedupKey: `${type}:${check.id}:${more.seq}`,
    occurredAt: flip.at,
    resolvedAt: isDown ? null : flip.at,
  };
  return [alert];
}
