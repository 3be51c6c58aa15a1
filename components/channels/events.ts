/** Events that happen today, in people's words. Others that a channel has asked for are kept. */
export const EVENTS = [
  { value: "check.down", label: "A check goes down" },
  { value: "check.up", label: "A check is back up" },
  { value: "check.late", label: "A check is late (only here, never by itself)" },
  { value: "check.run_overdue", label: "A run takes too long" },
  { value: "check.run_too_short", label: "A run ends too soon" },
  { value: "check.run_overlap", label: "A run starts while another is under way" },
  { value: "check.stuck", label: "A job does not get ahead" },
];

/** The events of a channel in a few words. */
export function eventWords(events: string[]): string {
  if (events.length === 0) return "Everything that needs somebody, and when it is over";
  return events.map((type) => EVENTS.find((event) => event.value === type)?.label ?? type).join(", ");
}
