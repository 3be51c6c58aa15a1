import { type EventType, KINDS_TOLD_OF_APPROVALS, NOT_BY_DEFAULT, TO_PROGRAMS } from "@/lib/alerts/events";

/** Events that happen today, in people's words. Others that a channel has asked for are kept. */
export const EVENTS: { value: EventType; label: string }[] = [
  { value: "check.down", label: "A check goes down" },
  { value: "check.up", label: "A check is back up" },
  { value: "check.late", label: "A check is late (only here, never by itself)" },
  { value: "check.run_overdue", label: "A run takes too long" },
  { value: "check.run_too_short", label: "A run ends too soon" },
  { value: "check.run_overlap", label: "A run starts while another is under way" },
  { value: "check.stuck", label: "A job does not get ahead" },
  { value: "workflow.failed", label: "A workflow fails" },
  { value: "workflow.stage_timeout", label: "A stage does not come in time" },
  { value: "workflow.stage_missed", label: "A stage comes before one that it needs" },
  { value: "workflow.stage_out_of_order", label: "A stage comes again or too late" },
  { value: "workflow.completed", label: "A workflow completes (only here, never by itself)" },
  { value: "instance.fork_requested", label: "An instance is forked or run again, for workers" },
  { value: "approval.requested", label: "Somebody is asked for an approval" },
  { value: "approval.decided", label: "An approval is decided" },
];

const isOfApproval = (type: EventType): boolean => type.startsWith("approval.");

/** What a channel of this kind begins with when its events are chosen one by one: those it would get by itself. */
export function firstChoice(kind: string): EventType[] {
  const hearsOfApprovals = KINDS_TOLD_OF_APPROVALS.includes(kind);
  return EVENTS.map((event) => event.value).filter(
    (type) =>
      !NOT_BY_DEFAULT.includes(type) &&
      (hearsOfApprovals || !isOfApproval(type)) &&
      (kind === "webhook" || !TO_PROGRAMS.includes(type)),
  );
}

/** The events of a channel in a few words. */
export function eventWords(events: string[]): string {
  if (events.length === 0) return "Everything that needs somebody, and when it is over";
  return events.map((type) => EVENTS.find((event) => event.value === type)?.label ?? type).join(", ");
}
