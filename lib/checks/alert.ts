import type { NewAlert } from "@/lib/alerts/raise";
import type { OutOfBounds } from "@/lib/checks/metrics/metric";
import { boundWords } from "@/lib/checks/metrics/words";
import { MAX_MOMENTS } from "@/lib/checks/schedule/moments";
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

/** A schedule in words, e.g. `every 1 hour`, `by the schedule 0 3 * * * (Europe/Riga)` or `at no fixed time`. */
function scheduleInWords(schedule: Schedule): string {
  if (schedule.kind === "none") return "at no fixed time";
  if (schedule.kind === "period") return `every ${inWords(schedule.timeoutSeconds * 1000)}`;
  return `by the schedule ${schedule.expression} (${schedule.timeZone})`;
}

function reason(check: AlertedCheck, flip: Flip, more: FlipFacts): string {
  const grace = inWords(check.graceMs);
  if (flip.reason === "timeout") {
    const since = check.lastPingAt === null ? "it was made" : utcWords(check.lastPingAt);
    const expected = `it is expected ${scheduleInWords(check.schedule)} with ${grace} of grace`;
    return `no signal since ${since}; ${expected}${more.missed === 0 ? "" : `; ${missing(more.missed)}`}`;
  }
  if (flip.reason === "run_timeout") return `a run that started did not finish within ${grace}`;
  if (more.outOfBounds.length > 0) return boundWords(more.outOfBounds);
  return more.exitStatus === null ? "it reported a failure" : `it reported exit status ${more.exitStatus}`;
}

/** More than these are not told apart. */
const countOf = (missed: number): string => (missed < MAX_MOMENTS ? String(missed) : `at least ${MAX_MOMENTS}`);

function missing(missed: number): string {
  return missed === 1 ? "1 expected signal is missing" : `${countOf(missed)} expected signals are missing`;
}

function recovery(check: AlertedCheck, flip: Flip, { missed }: FlipFacts): string {
  const back = `is up again after ${inWords(flip.at - check.statusSince)} down`;
  if (missed === 0) return back;
  return `${back}; ${missed === 1 ? "1 expected signal was" : `${countOf(missed)} expected signals were`} missed`;
}

/** A check as all its alerts describe it, beside what each has of its own. */
export function checkFacts(check: AlertedCheck) {
  return {
    id: check.id,
    name: check.name,
    slug: check.slug,
    tags: check.tags,
    status: check.status,
    schedule: scheduleInWords(check.schedule),
    grace_seconds: check.graceMs / 1000,
    last_ping_at: iso(check.lastPingAt),
  };
}

/** What belongs to a status change; `missed`: how many expected signals did not come. */
type FlipFacts = { seq: number; exitStatus: number | null; outOfBounds: OutOfBounds[]; missed: number };

/**
 * The alert of a status change; none when nobody need be told. `check` is as it was before the flip; the message and
 * data hold all a channel shows, so that a retry days later says the same.
 */
export function checkAlerts(check: AlertedCheck, flip: Flip, more: FlipFacts): NewAlert[] {
  const type = alertFor(flip);
  if (type === null) return [];
  const name = displayName(check);
  const isDown = type === "check.down";
  const message = isDown ? `is down: ${reason(check, flip, more)}` : recovery(check, flip, more);
  const alert: NewAlert = {
    projectId: check.projectId,
    type,
    severity: isDown ? "critical" : "info",
    subjectType: "check",
    subjectId: check.id,
    subjectName: name,
    message: `"${name}" ${message}.`,
    data: {
      check: { ...checkFacts(check), status: flip.to, previous_status: flip.from },
      reason: flip.reason,
      exit_status: more.exitStatus,
      missed: more.missed,
      ...(more.outOfBounds.length > 0 && { out_of_bounds: more.outOfBounds }),
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
