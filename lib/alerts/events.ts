/** Every event a channel can subscribe to: those of the public contract §9, and those about runs that go beyond it. */
export const EVENT_TYPES = [
  "check.down",
  "check.up",
  "check.late",
  "check.run_overdue",
  "check.run_too_short",
  "check.run_overlap",
  "check.stuck",
  "workflow.stage_missed",
  "workflow.stage_out_of_order",
  "workflow.stage_timeout",
  "workflow.failed",
  "workflow.completed",
  "instance.fork_requested",
  "cost.threshold",
  "cost.exceeded",
  "cost.daily_limit",
  "cost.anomaly",
  "approval.requested",
  "approval.decided",
  "channel.test",
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/** Good news that nobody gets without asking for it. */
export const NOT_BY_DEFAULT: EventType[] = ["check.late", "workflow.completed"];

/** Kinds of channels that get events of approvals without asking; who may decide one gets a mail of their own. */
export const KINDS_TOLD_OF_APPROVALS: readonly string[] = ["slack", "discord", "webhook"];

/** What programs are told and people see in its place: without asking only webhooks get it. */
export const TO_PROGRAMS: EventType[] = ["instance.fork_requested"];

const GOOD_NEWS = ["check.up", "workflow.completed"];

/** Whether an event says that all is well, and is shown in the colour of that. */
export function isGoodNews(type: string): boolean {
  return GOOD_NEWS.includes(type);
}

/** Behind the type of an alert where a service that holds it open is told that it is over. */
export const RESOLVED = ".resolved";

/** The type of the alert an event is about, and whether it tells that this is over. */
export function readEvent(event: string): { type: string; isOver: boolean } {
  const isOver = event.endsWith(RESOLVED);
  return { type: isOver ? event.slice(0, -RESOLVED.length) : event, isOver };
}
