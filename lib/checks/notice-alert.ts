import type { NewAlert } from "@/lib/alerts/raise";
import { inWords, iso, utcWords } from "@/lib/core/time";
import { type AlertedCheck, checkFacts } from "./alert";
import type { Notice } from "./notice";
import type { OpenRun } from "./open-runs";
import { displayName } from "./present";

/** By this the alert about a run that takes too long is found again when the run ends. */
export const overdueKey = (runId: string): string => `check.run_overdue:${runId}`;

/** The types of alerts besides the status that stay open until they are over. */
export const SETTLED_TYPES = ["check.run_overdue", "check.run_too_short", "check.run_overlap", "check.stuck"];

type Told = Pick<NewAlert, "type" | "message" | "dedupKey" | "occurredAt" | "resolvedAt"> & { more: object };

const runFacts = (run: OpenRun) => ({ run: { id: run.id, run_id: run.rid, started_at: iso(run.startedAt) } });

const open = (at: number) => ({ occurredAt: at, resolvedAt: null });

function overdue(name: string, { run, dueAt, endedAt }: Extract<Notice, { type: "run_overdue" }>): Told {
  const bound = inWords(dueAt - run.startedAt);
  return {
    type: "check.run_overdue",
    message:
      endedAt === null
        ? `A run of "${name}" has been under way for more than ${bound}.`
        : `A run of "${name}" took ${inWords(endedAt - run.startedAt)}, more than ${bound}.`,
    dedupKey: overdueKey(run.id),
    occurredAt: dueAt,
    resolvedAt: endedAt,
    more: { ...runFacts(run), max_run_seconds: (dueAt - run.startedAt) / 1000 },
  };
}

function tooShort(name: string, { run, durationMs }: Extract<Notice, { type: "run_too_short" }>): Told {
  return {
    type: "check.run_too_short",
    message: `A run of "${name}" ended after ${inWords(durationMs)}, sooner than it should.`,
    dedupKey: `check.run_too_short:${run.id}`,
    ...open(run.startedAt + durationMs),
    more: { ...runFacts(run), duration_ms: durationMs },
  };
}

function overlap(name: string, { run, others }: Extract<Notice, { type: "run_overlap" }>): Told {
  const under = others === 1 ? "another was" : `${others} others were`;
  return {
    type: "check.run_overlap",
    message: `A run of "${name}" started while ${under} under way.`,
    dedupKey: `check.run_overlap:${run.id}`,
    ...open(run.startedAt),
    more: { ...runFacts(run), other_runs: others },
  };
}

function told(check: AlertedCheck, name: string, notice: Notice): Told {
  switch (notice.type) {
    case "run_overdue":
      return overdue(name, notice);
    case "run_too_short":
      return tooShort(name, notice);
    case "run_overlap":
      return overlap(name, notice);
    case "late":
      return {
        type: "check.late",
        message: `"${name}" is late: a signal was expected at ${utcWords(notice.expectedAt)}.`,
        // The last signal stands for the silence that follows it.
        dedupKey: `check.late:${check.id}:${check.lastPingAt}`,
        occurredAt: notice.expectedAt,
        resolvedAt: notice.expectedAt,
        more: { expected_at: iso(notice.expectedAt) },
      };
    case "stuck":
      return {
        type: "check.stuck",
        message: `"${name}" seems stuck: ${notice.count} signals in a row told the same progress, ${notice.value}.`,
        dedupKey: `check.stuck:${check.id}:${notice.at}:${notice.value}`,
        ...open(notice.at),
        more: { progress: notice.value, signals: notice.count },
      };
  }
}

/** The alert about something other than the status. Nobody's night is ended by it: it warns. */
export function noticeAlert(check: AlertedCheck, notice: Notice): NewAlert {
  const name = displayName(check);
  const { more, ...alert } = told(check, name, notice);
  return {
    ...alert,
    projectId: check.projectId,
    severity: "warning",
    subjectType: "check",
    subjectId: check.id,
    subjectName: name,
    data: { check: checkFacts(check), at: iso(alert.occurredAt), ...more },
  };
}
