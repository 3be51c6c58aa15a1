import { readEvent } from "@/lib/alerts/events";
import { withoutLinks } from "@/lib/channels/approval-facts";
import { factsOf, incidentOf } from "@/lib/channels/facts";
import type { AlertFacts, ChannelFacts } from "@/lib/channels/kind";
import { detailsLink, projectLink } from "@/lib/channels/link";
import { fitted, oneLine } from "@/lib/channels/text";
import type { PagerdutyMessage } from "./schema";

// Events API v2 takes 1,024 in a summary, 255 in a key and 512 kB in all.
const SUMMARY = 1024;
const KEY = 255;
const SHORT = 255;

/** What waits for somebody, however little depends on it. */
const WAITING = "approval.requested";

const PAIRED = ["check.down", "check.up"];

/** One key for the bad news and the good news that ends it; everything else stands alone. */
function dedupKey(alert: AlertFacts): string {
  return fitted(`pt:${PAIRED.includes(readEvent(alert.type).type) ? incidentOf(alert) : `alert.${alert.id}`}`, KEY);
}

function trigger(alert: AlertFacts, channel: ChannelFacts): PagerdutyMessage["events"][number] {
  const short = (text: string) => fitted(oneLine(text), SHORT);
  const details = factsOf(alert).map(({ label, value }) => [label, fitted(value, SUMMARY)]);
  return {
    event_action: "trigger",
    dedup_key: dedupKey(alert),
    payload: {
      summary: fitted(oneLine(alert.message), SUMMARY),
      source: short(alert.subject.name) || "Pulsetrail",
      severity: alert.severity,
      timestamp: alert.occurredAt.toISOString(),
      component: short(alert.subject.name),
      group: short(channel.projectName),
      class: alert.type,
      custom_details: Object.fromEntries(details),
    },
    links: [{ href: detailsLink(alert), text: "See the details" }],
    client: "Pulsetrail",
    client_url: projectLink(alert.projectId),
  };
}

/** A trigger, or the resolve that closes it. News that need nobody, such as a test, open and close by themselves. */
export function renderPagerduty(told: AlertFacts, channel: ChannelFacts): PagerdutyMessage {
  const alert = withoutLinks(told);
  const resolve = { event_action: "resolve" as const, dedup_key: dedupKey(alert) };
  if (alert.type === "check.up" || readEvent(alert.type).isOver) return { events: [resolve] };
  const opened = trigger(alert, channel);
  return { events: alert.severity === "info" && alert.type !== WAITING ? [opened, resolve] : [opened] };
}
