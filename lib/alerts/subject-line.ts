import { readEvent } from "./events";

const LABELS: Record<string, string> = {
  "check.down": "DOWN",
  "check.up": "UP",
  "check.late": "LATE",
  "check.run_overdue": "OVERDUE",
  "check.run_too_short": "TOO SHORT",
  "check.run_overlap": "OVERLAP",
  "check.stuck": "STUCK",
  "workflow.stage_missed": "STAGE MISSED",
  "workflow.stage_out_of_order": "OUT OF ORDER",
  "workflow.stage_timeout": "STAGE TIMEOUT",
  "workflow.failed": "FAILED",
  "workflow.completed": "COMPLETED",
  "instance.fork_requested": "FORK REQUESTED",
  "cost.threshold": "BUDGET WARNING",
  "cost.exceeded": "BUDGET EXCEEDED",
  "cost.daily_limit": "DAILY LIMIT",
  "cost.anomaly": "COST ANOMALY",
  "approval.requested": "APPROVAL NEEDED",
  "approval.decided": "APPROVAL DECIDED",
  "channel.test": "TEST",
  "channel.disabled": "CHANNEL DISABLED",
};

const MAX_CHARACTERS = 150;

/** What an event is called in few, loud words. */
export function labelOf(type: string): string {
  return readEvent(type).isOver ? "RESOLVED" : (LABELS[type] ?? "ALERT");
}

/** One line for a mail's subject or a list, e.g. `DOWN: Nightly backup`. Line breaks in names cannot add headers. */
export function subjectLine(type: string, subjectName: string): string {
  const name = subjectName.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
  // By code points, so that no character is cut in half.
  const characters = [...`${labelOf(type)}: ${name}`];
  return characters.length <= MAX_CHARACTERS
    ? characters.join("")
    : `${characters.slice(0, MAX_CHARACTERS - 1).join("")}…`;
}
